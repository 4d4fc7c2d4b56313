import { termMatches } from "../cluster/affinity-term.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import { type NodeShape, nodesOf, type SizingProblem } from "./problem.ts";
import { coreOf } from "./start.ts";

/** No fewer nodes can do, by adding up. */
export interface LowerBound {
  readonly nodes: number;
  /** What demands as many: a resource, `pods`, or `pods that keep apart`. Empty where none is needed. */
  readonly because: string;
}

/**
 * The largest of: each resource's demand beyond what is free, by what an empty node gives after its
 * daemons; the number of pods, likewise; pods of one kind of which a node takes one only.
 * Infinite where a node gives nothing of what is needed.
 */
export function lowerBound(problem: SizingProblem, shape: NodeShape): LowerBound {
  const { cluster } = coreOf(problem);
  const { nodes, daemons } = nodesOf(shape, 1);
  const empty = coreOf({ ...problem, nodes, pods: daemons }).cluster;
  const kinds = new Map<PodClass, number>();
  for (const pod of problem.pending) {
    const kind = cluster.classOf(pod, false);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const demand = new Map([["pods", problem.pending.length]]);
  let bound: LowerBound = { nodes: 0, because: "" };
  const raise = (count: number, because: string) => {
    if (count > bound.nodes) bound = { nodes: count, because };
  };
  for (const [kind, count] of kinds) {
    for (const [resource, amount] of kind.requests.real) {
      demand.set(resource, (demand.get(resource) ?? 0) + amount * count);
    }
    if (keepsApart(kind, cluster)) raise(count - cluster.nodes.length, "pods that keep apart");
  }
  for (const [resource, amount] of demand) {
    const needed = amount - freeOf(cluster, resource);
    const given = freeOf(empty, resource);
    if (needed > 0) raise(given > 0 ? Math.ceil(needed / given) : Number.POSITIVE_INFINITY, resource);
  }
  return bound;
}

/** What the nodes have left of a resource; a node with too little has nothing. */
function freeOf({ columns, nodes }: Cluster, resource: string): number {
  const { allocatable, requested } = columns.resource(resource);
  return nodes.reduce((sum, _, node) => {
    const left =
      resource === "pods"
        ? columns.podLimit[node]! - columns.podCount[node]!
        : allocatable[node]! - requested[node]!;
    return sum + Math.max(0, left);
  }, 0);
}

/** Whether two pods of a class cannot share a node: they want host ports, or repel each other by hostname. */
export function keepsApart(pods: PodClass, cluster: Cluster): boolean {
  const namespaceLabels = cluster.objects.namespaceLabels(pods.namespace);
  const repels = pods.requiredAntiAffinity.some(
    (term) =>
      term.topologyKey === "kubernetes.io/hostname" &&
      termMatches(term, pods.namespace, pods.labels, namespaceLabels),
  );
  return repels || pods.hostPorts.length > 0;
}
