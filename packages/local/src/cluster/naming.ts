import { formatAddress, parseRange } from "@berth/machines";
import type { KubernetesObject, Node, Pod } from "@berth/objects";
import type { Naming } from "@berth/simulator";
import type { Transaction } from "../store/store.ts";
import { type ClusterRecord, counterOf } from "./cluster-spec.ts";
import { podAddress } from "./pod-addresses.ts";
import { hashSuffix, suffix } from "./suffix.ts";

/** Public addresses of load balancers: the range that is set aside for tests of networks. */
const PUBLIC_RANGE = "198.18.0.0/15";

/** What names and addresses are drawn from, at the moment in which they are drawn. */
export interface Drawing {
  readonly transaction: Transaction;
  now(): string;
  /** Addresses of the pods on a node. */
  addressesOn(node: string): ReadonlySet<string>;
}

/** Names from the cloud's stored counters: the same sequence of requests gives the same names, also after a restart. */
export function countedNaming(cluster: ClusterRecord, drawing: () => Drawing): Naming {
  const next = (what: string) => drawing().transaction.next(counterOf(cluster, what));
  return {
    uid: () => uid(cluster.number, next("uid")),
    templateHash: (_, digest) => hashSuffix(digest),
    pod: (owner) => `${owner.metadata?.name}-${suffix(next("suffix"))}`,
    endpointSlice: (service) => `${service.metadata?.name}-${suffix(next("suffix"))}`,
    podAddress: (pod, node) => addressOn(pod, node),
    loadBalancerAddress: () => publicAddress(drawing().transaction),
    timestamp: () => drawing().now(),
  };

  function addressOn(pod: KubernetesObject, node: KubernetesObject): string | undefined {
    const name = node.metadata?.name ?? "";
    return podAddress(pod as Pod, node as Node, next(`pods-started/${name}`), drawing().addressesOn(name));
  }
}

/** A UUID (version 4 in form) of a cluster's number and a count. */
export function uid(cluster: number, count: number): string {
  return `${hex(cluster, 8)}-0000-4000-8000-${hex(count, 12)}`;
}

function publicAddress(transaction: Transaction): string | undefined {
  const range = parseRange(PUBLIC_RANGE);
  return range && formatAddress(range.first + transaction.next("public-addresses"));
}

function hex(value: number, length: number): string {
  return value.toString(16).padStart(length, "0");
}
