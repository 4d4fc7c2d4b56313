import type { Input } from "@berth/core";
import type { PodSpec } from "@berth/objects";

type Container = PodSpec["containers"][number];
/** A field of a container, in which parts may be outputs. */
export type ContainerPart<K extends keyof Container> = Input<NonNullable<Container[K]>>;

/** What a workload says of its one container, its pods, and how many of them there are. */
export interface WorkloadInputs {
  readonly image: Input<string>;
  /** Default 1. */
  readonly replicas?: Input<number>;
  readonly namespace?: Input<string>;
  readonly ports?: readonly ContainerPort[];
  /** Environment, by name. For values from elsewhere (`valueFrom`) use {@link Workload.transform}. */
  readonly env?: Readonly<Record<string, Input<string>>>;
  readonly command?: ContainerPart<"command">;
  readonly args?: ContainerPart<"args">;
  readonly resources?: ContainerPart<"resources">;
  readonly startupProbe?: ContainerPart<"startupProbe">;
  readonly readinessProbe?: ContainerPart<"readinessProbe">;
  readonly livenessProbe?: ContainerPart<"livenessProbe">;
  readonly initContainers?: Input<NonNullable<PodSpec["initContainers"]>>;
  readonly nodeSelector?: Input<NonNullable<PodSpec["nodeSelector"]>>;
  readonly tolerations?: Input<NonNullable<PodSpec["tolerations"]>>;
}

/** A port that the container listens on. */
export interface ContainerPort {
  readonly containerPort: number;
  readonly name?: string;
  readonly protocol?: "TCP" | "UDP" | "SCTP";
}

/** How a workload is reached. */
export interface ExposeOptions {
  /** Port of the service. */
  readonly port: number;
  /** Name of the service's port; needed once it has several. */
  readonly name?: string;
  /** Container port by number or name; the container's only one where absent. */
  readonly targetPort?: number | string;
}

/** How strictly pods are spread. */
export interface SpreadOptions {
  /** Whether a pod waits rather than make the spread uneven. Default true: the spread is a promise. */
  readonly strict?: boolean;
}
