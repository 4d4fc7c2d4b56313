import type { Pod } from "@berth/objects";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import type { SchedulerCore } from "../framework/core.ts";
import type { Constraint, LinearProgram } from "./linear-program.ts";
import { keepsApart } from "./lower-bound.ts";
import type { SharedLimit } from "./mix.ts";
import { type NodeShape, nodesOf, type SizingProblem } from "./problem.ts";
import { coreOf } from "./start.ts";

/** Pods of one class that wait, and one of them. */
interface Demand {
  readonly kind: PodClass;
  readonly pod: Pod;
  readonly count: number;
}

/** Somewhere pods can go: the nodes that are there, or an empty node of a shape. */
interface Supply {
  readonly core: SchedulerCore;
  /** The variable that multiplies it; none: it is there once. */
  readonly times: string | undefined;
}

/** The variable that counts the nodes of a shape. */
export function nodesVariable(shape: number): string {
  return `nodes_${shape}`;
}

/**
 * What must hold of any mix that places all pods, as a linear program: every pod goes somewhere;
 * nodes give what pods request; a node takes so many of a kind, if filters let it; limits are kept.
 * Spread and affinity between nodes are left out: what is cheapest here is a bound.
 */
export function mixProgram(
  problem: SizingProblem,
  shapes: readonly NodeShape[],
  limits: readonly SharedLimit[],
): LinearProgram {
  const supplies: Supply[] = [
    { core: coreOf(problem), times: undefined },
    ...shapes.map((shape, i) => {
      const { nodes, daemons } = nodesOf(shape, 1);
      return { core: coreOf({ ...problem, nodes, pods: daemons }), times: nodesVariable(i) };
    }),
  ];
  const demands = demandsOf(problem);
  const resources = new Set(["pods", ...demands.flatMap(({ kind }) => [...kind.requests.real.keys()])]);
  const priced = shapes.some(({ price }) => price !== undefined);
  return {
    minimize: Object.fromEntries(shapes.map(({ price }, i) => [nodesVariable(i), priced ? (price ?? 0) : 1])),
    constraints: [
      ...demands.map(({ count }, k): Constraint => ({
        terms: Object.fromEntries(supplies.map((_, s) => [pods(k, s), 1])),
        relation: "=",
        bound: count,
      })),
      ...supplies.flatMap((supply, s) =>
        demands.map(({ kind, pod }, k) =>
          atMost({ [pods(k, s)]: 1 }, supply, mostOf(supply.core, kind, pod)),
        ),
      ),
      ...supplies.flatMap((supply, s) =>
        [...resources].map((resource) => {
          const terms = Object.fromEntries(
            demands.map(({ kind }, k) => [pods(k, s), amountOf(kind, resource)]),
          );
          return atMost(
            terms,
            supply,
            sumOver(supply.core.cluster, (node) => leftOn(supply.core.cluster, node, resource)),
          );
        }),
      ),
      ...shapes.flatMap(({ limit }, i): Constraint[] =>
        limit === undefined ? [] : [{ terms: { [nodesVariable(i)]: 1 }, relation: "<=", bound: limit }],
      ),
      ...limits.map(({ limit, uses }): Constraint => ({
        terms: Object.fromEntries(shapes.map(({ name }, i) => [nodesVariable(i), uses[name] ?? 0])),
        relation: "<=",
        bound: limit,
      })),
    ],
  };
}

function pods(demand: number, supply: number): string {
  return `pods_${demand}_${supply}`;
}

function atMost(terms: Record<string, number>, { times }: Supply, amount: number): Constraint {
  if (times === undefined) return { terms, relation: "<=", bound: amount };
  return { terms: { ...terms, [times]: -amount }, relation: "<=", bound: 0 };
}

function demandsOf(problem: SizingProblem): Demand[] {
  const { cluster } = coreOf(problem);
  const demands = new Map<PodClass, Demand>();
  for (const pod of problem.pending) {
    const kind = cluster.classOf(pod, false);
    demands.set(kind, { kind, pod, count: (demands.get(kind)?.count ?? 0) + 1 });
  }
  return [...demands.values()];
}

/** How many pods of a kind the nodes of a cluster take, by what looks at a node alone. */
function mostOf(core: SchedulerCore, kind: PodClass, pod: Pod): number {
  const { cluster } = core;
  if (cluster.nodes.length === 0) return 0;
  const { filters } = core.view(pod);
  if (filters.refusal !== undefined) return 0;
  filters.begin();
  const apart = keepsApart(kind, cluster);
  return [...filters.nodes].reduce((sum, node, at) => {
    if (filters.kept[at] !== 0) return sum;
    const room = ["pods", ...kind.requests.real.keys()].map((resource) => {
      const amount = amountOf(kind, resource);
      return amount === 0 ? Number.POSITIVE_INFINITY : Math.floor(leftOn(cluster, node, resource) / amount);
    });
    return sum + Math.min(apart ? 1 : Number.POSITIVE_INFINITY, ...room);
  }, 0);
}

function amountOf({ requests }: PodClass, resource: string): number {
  return resource === "pods" ? 1 : (requests.real.get(resource) ?? 0);
}

function leftOn({ columns }: Cluster, node: number, resource: string): number {
  if (resource === "pods") return Math.max(0, columns.podLimit[node]! - columns.podCount[node]!);
  const { allocatable, requested } = columns.resource(resource);
  return Math.max(0, allocatable[node]! - requested[node]!);
}

function sumOver({ nodes }: Cluster, of: (node: number) => number): number {
  return nodes.reduce((sum, _, node) => sum + of(node), 0);
}
