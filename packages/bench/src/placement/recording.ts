import type { KubernetesObject, Labels, Node, Pod } from "@berth/objects";

/** A scenario recorded from a real control plane: what came, and what kube-scheduler did with it. */
export interface PlacementRecording {
  readonly kubernetes: string;
  readonly seed: number;
  readonly features: readonly string[];
  readonly namespaces: readonly { readonly name: string; readonly labels?: Labels }[];
  readonly nodes: readonly Node[];
  readonly objects: readonly KubernetesObject[];
  readonly steps: readonly PlacementStep[];
}

export interface PlacementStep {
  readonly pod: Pod;
  readonly outcome: RecordedOutcome;
  /** Weighted scores by node and plugin, with their `total`, where more than one node was feasible. */
  readonly scores?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export type RecordedOutcome =
  | { readonly node: string; readonly preempted?: readonly string[]; readonly firstMessage?: string }
  | { readonly unschedulable: string }
  | { readonly gated: true };
