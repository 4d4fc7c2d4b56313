import type { Pod } from "@berth/objects";
import type { NodeExplanation } from "./explanation.ts";
import type { PluginName } from "./framework/plugin-name.ts";

/** How sure a placement is. */
export type Certainty =
  /** One node was feasible, or the pod was expected there. */
  | "forced"
  /** One node was better than all others. */
  | "unique"
  /** Several were best; kube-scheduler takes any of them, we the first in the order of nodes. */
  | "tied"
  /** Another order of the same pods places it elsewhere. Only told by `schedule` when it is asked to try. */
  | "order-sensitive"
  /** Which images nodes have decided it. */
  | "image-sensitive";

export type Decision = Placed | Unschedulable | Gated | Preempts;

export interface Placed {
  readonly kind: "placed";
  readonly node: string;
  readonly certainty: Certainty;
  /** How many nodes the pod could have gone to. */
  readonly feasible: number;
  /** How many nodes share the highest total. */
  readonly tied: number;
  /** The node's weighted scores together; `undefined` where only one node was feasible and nothing was scored. */
  readonly total: number | undefined;
  /** The highest total of another node, equal to {@link total} in a tie. */
  readonly runnerUp: number | undefined;
  /** Nodes with the highest total, in the order of nodes. Made when asked for. */
  readonly best: readonly string[];
  /** Weighted scores by feasible node; empty where only one was feasible. Made when asked for. */
  readonly scores: ReadonlyMap<string, NodeScores>;
  /** Every node with the verdicts and scores that decided. Made when asked for. */
  readonly nodes: readonly NodeExplanation[];
}

/** Weighted scores of one node by plugin, without those that skipped, and their sum. */
export interface NodeScores {
  readonly plugins: Readonly<Partial<Record<PluginName, number>>>;
  readonly total: number;
}

export interface Unschedulable {
  readonly kind: "unschedulable";
  /** kube-scheduler's message, to the letter. */
  readonly message: string;
  /** Node by node, the refusals that made the message. Made when asked for. */
  readonly reasons: readonly NodeRefusal[];
  /** Every node with the verdicts that decided. Made when asked for. */
  readonly nodes: readonly NodeExplanation[];
}

/** Why a node refused a pod. */
export interface NodeRefusal {
  readonly node: string;
  /** Absent where the node was not looked at, because another plugin narrowed the nodes. */
  readonly plugin?: PluginName;
  readonly code: "Unschedulable" | "UnschedulableAndUnresolvable";
  readonly reasons: readonly string[];
  /** Resources of which the node has too little, each with its numbers. */
  readonly shortages: readonly ResourceFit[];
}

/** What a pod requests of a resource against what a node has. cpu in millicores, memory and storage in bytes, else in units. */
export interface ResourceFit {
  readonly resource: string;
  readonly requested: number;
  /** Requested by the pods that are there. */
  readonly used: number;
  readonly capacity: number;
  /** What is missing; 0 where it suffices. */
  readonly shortBy: number;
}

export interface Gated {
  readonly kind: "gated";
  readonly gates: readonly string[];
  readonly message: string;
}

export interface Preempts {
  readonly kind: "preempts";
  readonly node: string;
  /** The pods that have to go, most important first. */
  readonly victims: readonly Pod[];
  /** Nodes that kube-scheduler's criteria leave equal, `node` the first of them, each with its victims. */
  readonly candidates: readonly { readonly node: string; readonly victims: readonly Pod[] }[];
  /** What kube-scheduler said of the pod before it made room. */
  readonly message: string;
  readonly reasons: readonly NodeRefusal[];
  /** Every node with the verdicts that decided, before room was made. Made when asked for. */
  readonly nodes: readonly NodeExplanation[];
}
