import type { Pod } from "@berth/objects";
import type { NodeShape, SizingProblem } from "./problem.ts";
import { refusalsOf } from "./refusals.ts";
import { type Reduction, smallerRequest } from "./smaller-request.ts";
import { Trial } from "./trial.ts";

/** The smallest change found that gives pods a node; each was tried by scheduling. */
export type Remedy = MoreNodes | SmallerRequest | Refused;

/** More nodes of a shape. */
export interface MoreNodes {
  readonly kind: "more-nodes";
  readonly shape: string;
  readonly nodes: number;
  /** How many of the pods find a node then. */
  readonly pods: number;
  /** What the nodes cost together, where the shape has a price. */
  readonly price?: number;
}

/** No number of nodes helps, but pods that ask for less. */
export interface SmallerRequest {
  readonly kind: "smaller-request";
  /** Where the first of the pods can go then: a node that is there, or a new one of {@link shape}. */
  readonly node: string;
  /** The shape of which one more node is needed, too, and its price. */
  readonly shape?: string;
  readonly price?: number;
  /** What each pod has to ask for less. */
  readonly less: readonly Reduction[];
  readonly pods: number;
}

/** Neither helps. */
export interface Refused {
  readonly kind: "refused";
  /** What refuses, on the nodes that are there and on a new one of each shape: `4 of 5 nodes: taint gpu=yes:NoSchedule is not tolerated`. */
  readonly reasons: readonly string[];
}

/** A shape that can grow. */
export interface GrowingShape extends NodeShape {
  /** How many nodes come until there is one of each zone; 1 where it is absent. */
  readonly zones?: number;
}

/** So many nodes are tried of a shape without a limit: what cluster-autoscaler adds at most in one go. */
const mostNodes = 1000;

/**
 * Finds the smallest change that gives a node to pods which have none: more nodes of one shape (that
 * which places the most of them, then the cheapest, then with the fewest nodes); else a smaller
 * request; else what refuses everywhere. Pods that were asked about together share what is added; of
 * other pods without a node nothing is assumed. `waysOut` tells all ways for a single pod.
 *
 * Errors: as `createScheduler`, and BERTH2104 for a pod that runs.
 *
 * @example
 * const remedyOf = createRemedies({ nodes, pods: running, kubernetes: "1.36", flavour: "aks" }, shapes);
 * remedyOf([pod]); // { kind: "more-nodes", shape: "user", nodes: 1, pods: 1, price: 167.9 }
 */
export function createRemedies(
  cluster: Omit<SizingProblem, "pending">,
  shapes: readonly GrowingShape[],
): (pods: readonly Pod[]) => Remedy {
  const trial = new Trial(cluster);
  const open = shapes.filter(({ limit = mostNodes }) => limit > 0);
  return (pods) => {
    trial.check(pods);
    return (
      moreNodes(pods, open, trial) ??
      smallerRequest(pods, open, trial) ?? { kind: "refused", reasons: refusalsOf(pods, open, trial) }
    );
  };
}

function moreNodes(
  pods: readonly Pod[],
  shapes: readonly GrowingShape[],
  trial: Trial,
): MoreNodes | undefined {
  const before = placedWith(pods, undefined, 0, trial);
  const ways = shapes.flatMap((shape) => growth(pods, shape, trial, before) ?? []);
  return ways.toSorted(
    (a, b) =>
      b.pods - a.pods ||
      Number(a.price === undefined) - Number(b.price === undefined) ||
      (a.price ?? 0) - (b.price ?? 0) ||
      a.nodes - b.nodes,
  )[0];
}

/** The fewest nodes of a shape with which as many pods are placed as ever are. */
function growth(
  pods: readonly Pod[],
  shape: GrowingShape,
  trial: Trial,
  before: number,
): MoreNodes | undefined {
  const { zones = 1, limit = mostNodes, name, price } = shape;
  const tried = new Map<number, number>();
  const placed = (nodes: number): number => {
    let known = tried.get(nodes);
    if (known === undefined) tried.set(nodes, (known = placedWith(pods, shape, nodes, trial)));
    return known;
  };
  // A pod may need the zone that comes last.
  const last = Math.min(limit, pods.length * zones);
  if (last === 0) return undefined;
  const most = placed(1) === pods.length ? pods.length : placed(last);
  if (most <= before) return undefined;
  const nodes = smallest((count) => placed(count) >= most, last);
  return {
    kind: "more-nodes",
    shape: name,
    nodes,
    pods: placed(nodes),
    ...(price !== undefined && { price: price * nodes }),
  };
}

/** So many numbers are tried one by one: with spread more is not always enough, and halving could pass over a smaller one. */
const triedOneByOne = 8;

/** The smallest number from 1 on that is enough, where `last` is: exact for small ones, by doubling and halving for large. */
function smallest(isEnough: (count: number) => boolean, last: number): number {
  let low = 0;
  while (low < triedOneByOne && low < last) {
    low++;
    if (isEnough(low)) return low;
  }
  let high = Math.min(last, 2 * low);
  while (high < last && !isEnough(high)) [low, high] = [high, Math.min(last, 2 * high)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function placedWith(pods: readonly Pod[], shape: NodeShape | undefined, nodes: number, trial: Trial): number {
  trial.reset();
  if (shape) for (let i = 0; i < nodes; i++) trial.grow(shape);
  const placed = trial.schedule(pods);
  trial.reset();
  return placed;
}
