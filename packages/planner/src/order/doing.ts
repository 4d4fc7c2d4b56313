import type { Urn } from "@berth/core";
import type { Evicted } from "../identity.ts";
import type { Step } from "../plan.ts";

/** What is to be done to one resource: what ordering needs to know of a change. */
export interface Doing {
  readonly urn: Urn;
  readonly action: "create" | "update" | "replace" | "delete" | "import" | "read";
  /** What it needs as desired; absent for a deletion. */
  readonly needs?: readonly Urn[];
  /** Of a replacement: the new one is created first, and the old one goes when nothing needs it any more. */
  readonly createFirst?: boolean;
  /** Of a deletion: it is about what an earlier operation superseded under this URN. */
  readonly superseded?: boolean;
  /** What goes is only forgotten: nobody is asked to delete it. */
  readonly forgets?: boolean;
  /** What goes disappears with that resource, and is removed after it. */
  readonly goesWith?: Urn;
  /** A replacement that is only a `may`: its deletion waits, where it can, until what it needs has decided. */
  readonly isUndecided?: boolean;
  /** Its part in a cluster's life; absent for what is on no cluster. */
  readonly part?: ClusterPart;
  /** Deletions that must be done before it is created: what holds its physical identity. */
  readonly evicts?: readonly Evicted[];
}

export interface ClusterPart {
  readonly cluster: Urn;
  /** Nodes are added, an object is written or deleted, nodes are taken away. */
  readonly kind: "grow" | "write" | "shrink";
  /** Whether the cluster itself is deleted or replaced, so that deletions happen in the old one. */
  readonly ends: boolean;
}

/** A step before it has a number. */
export interface Node {
  readonly doing: Doing;
  readonly action: Step["action"];
  readonly superseded: boolean;
  readonly key: number;
}

/** Dependencies of what does not change are passed through: who needs it needs what it needs. */
export interface Surroundings {
  /** URNs of the graph in topological order, and what each needs. Empty for a destroy. */
  readonly desired: readonly { readonly urn: Urn; readonly dependencies: readonly Urn[] }[];
  /** Recorded resources, each after what it depended on. */
  readonly recorded: readonly { readonly urn: Urn; readonly dependencies: readonly Urn[] }[];
  /** What earlier operations superseded and did not come to delete. */
  readonly superseded?: readonly { readonly urn: Urn; readonly dependencies: readonly Urn[] }[];
}
