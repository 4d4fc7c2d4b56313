import type { KubernetesObject, ObjectRef } from "@berth/objects";

/**
 * What a cluster draws at random or from a clock, given from outside, so that the machine itself
 * is a pure function. The local cloud takes these from stored counters; the planner gives symbolic
 * ones, since a preview must not guess. Each function is called exactly once per object that is
 * made, in the order in which objects are made.
 */
export interface Naming {
  /** `metadata.uid` of an object that has none. Must be unique in the cluster. */
  uid(reference: ObjectRef): string;
  /**
   * The `pod-template-hash` of a template that no replica set of the deployment has: also the end
   * of the replica set's name, `{deployment}-{hash}`. `digest` is 16 hexadecimal digits that are
   * equal exactly when templates are. (Kubernetes' own hash is over Go memory: nobody else can compute it.)
   */
  templateHash(deployment: KubernetesObject, digest: string): string;
  /**
   * Name of a new pod of a replica set or daemon set; stateful sets name their pods by themselves.
   * `workload` is the outermost owner: the deployment of a replica set.
   */
  pod(owner: KubernetesObject, workload: KubernetesObject): string;
  /** Name of a new endpoint slice of a service. */
  endpointSlice(service: KubernetesObject): string;
  /** `status.podIP` of a pod that was bound; `undefined` where no address is to be told. */
  podAddress?(pod: KubernetesObject, node: KubernetesObject): string | undefined;
  /** Address of a service of type LoadBalancer; `undefined`: none is given. */
  loadBalancerAddress?(service: KubernetesObject): string | undefined;
  /** RFC 3339 time for `creationTimestamp`, `startTime` and conditions; without it none are written. */
  timestamp?(): string;
}
