import type { Node, Pod } from "@berth/objects";
import type { SchedulerOptions } from "../scheduler.ts";

/** Pods that need room, and the cluster they come to. */
export interface SizingProblem extends Omit<SchedulerOptions, "nodes"> {
  /** Nodes that there are already. */
  readonly nodes?: readonly Node[];
  /** The pods to place, in the order in which they come. */
  readonly pending: readonly Pod[];
}

/** A kind of node that can be had in any number: a pool, or a size in a zone. */
export interface NodeShape {
  readonly name: string;
  /** The node of that number, from 0 on. Names must differ; zones may take turns. */
  readonly node: (index: number) => Node;
  /** Pods that run on every such node: of daemon sets. */
  readonly daemons?: (node: Node) => readonly Pod[];
  /** What one costs, in any unit that is the same for all shapes. */
  readonly price?: number;
  /** At most so many. */
  readonly limit?: number;
}

/** The first nodes of a shape with the pods that run on each. */
export function nodesOf(
  shape: NodeShape,
  count: number,
): { readonly nodes: Node[]; readonly daemons: Pod[] } {
  const nodes = Array.from({ length: count }, (_, index) => shape.node(index));
  return { nodes, daemons: nodes.flatMap((node) => daemonsOf(shape, node)) };
}

/** The pods of daemon sets on a node, as running there. */
export function daemonsOf(shape: NodeShape, node: Node): Pod[] {
  const nodeName = node.metadata?.name ?? "";
  return (shape.daemons?.(node) ?? []).map((pod) => ({
    ...pod,
    spec: { containers: [], ...pod.spec, nodeName },
  }));
}
