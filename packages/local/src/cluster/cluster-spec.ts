import type { KubernetesObject } from "@berth/objects";

/** What a cluster of the local cloud is made of. Its nodes are added and removed one by one. */
export interface ClusterSpec {
  /** Unique in the cloud; whoever makes the cluster chooses it (its ARM id). */
  readonly id: string;
  /** Host name of its Kubernetes API: requests to `https://{host}` reach it. */
  readonly host: string;
  /** `1.36`, with or without a patch. */
  readonly kubernetes: string;
  readonly flavour: "upstream" | "aks";
  /** Addresses of pods, `10.244.0.0/16`: each node gets the next free /24 of it. */
  readonly podRange?: string;
  /** Addresses of services, `10.0.0.0/16`, and the one that DNS has. */
  readonly serviceRange: string;
  readonly dnsAddress?: string;
  /** What the cluster runs by itself. */
  readonly systemObjects?: readonly KubernetesObject[];
}

/** A cluster as it is kept. */
export interface ClusterRecord extends Omit<ClusterSpec, "systemObjects"> {
  /** Names its collections; never given twice. */
  readonly number: number;
  /** What requests must carry as `Authorization: Bearer {token}`. */
  readonly token: string;
}

/** Collection of all {@link ClusterRecord}s by id. */
export const CLUSTERS = "clusters";

/** Collection of a cluster's objects by reference key. */
export function objectsOf(cluster: Pick<ClusterRecord, "number">): string {
  return `clusters/${cluster.number}/objects`;
}

/** Name of one of a cluster's counters. */
export function counterOf(cluster: Pick<ClusterRecord, "number">, what: string): string {
  return `clusters/${cluster.number}/${what}`;
}
