import type { Urn } from "@berth/core";
import type { Step } from "../plan.ts";
import { addBarriers, chainOf, partsOfClusters, phaseOf } from "./cluster-phases.ts";
import type { Doing, Node, Surroundings } from "./doing.ts";
import { afterLeftovers, backward, companions, decideBeforeDeletion } from "./deletions.ts";
import { Precedence } from "./precedence.ts";
import { Through } from "./through.ts";

/**
 * Steps in order, each with those that must be done before it. Dependencies first; what is deleted
 * goes before what it depended on; per cluster, nodes are added, then objects are written, then nodes
 * are taken away, one step at a time: a cluster takes one change of its pools at a time, and where
 * pods go depends on what came first.
 *
 * There always is an order: what stands follows the graph, what goes follows the record backwards,
 * a creation may wait for a deletion, and a deletion waits for an update only where no creation
 * waits for it; preferences are added only where they fit.
 */
export function orderSteps(
  doings: readonly Doing[],
  { desired, recorded, superseded = [] }: Surroundings,
): readonly Step[] {
  const precedence = new Precedence();
  const nodes: Node[] = [];
  const stands = new Map<Urn, number>();
  const goes = new Map<Urn, number>();
  const position = new Map(desired.map((each, index) => [each.urn, index]));
  const recordedPosition = new Map(recorded.map((each, index) => [each.urn, index]));
  const add = (doing: Doing, action: Step["action"], key: number, isSuperseded = false): number => {
    nodes.push({ doing, action, superseded: isSuperseded, key });
    return precedence.node();
  };
  const ending = ({ forgets }: Doing): "forget" | "delete" => (forgets ? "forget" : "delete");
  const lateKey = (urn: Urn): number =>
    2 * desired.length + recorded.length - (recordedPosition.get(urn) ?? 0);
  for (const doing of doings) {
    const { urn, action } = doing;
    const at = position.get(urn) ?? 0;
    if (action === "delete") {
      if (!doing.superseded) goes.set(urn, add(doing, ending(doing), lateKey(urn)));
    } else if (action === "replace" && doing.createFirst) {
      stands.set(urn, add(doing, "create", 2 * at + 1));
      goes.set(urn, add(doing, ending(doing), lateKey(urn), true));
    } else if (action === "replace") {
      goes.set(urn, add(doing, ending(doing), 2 * at));
      stands.set(urn, add(doing, "create", 2 * at + 1));
    } else {
      stands.set(urn, add(doing, action, 2 * at + 1));
    }
  }
  const evicted = new Set(
    doings.flatMap(({ evicts = [] }) => evicts.flatMap((each) => (each.superseded ? [each.urn] : []))),
  );
  const leftovers = new Map<Urn, number>();
  for (const doing of doings) {
    if (!doing.superseded) continue;
    const { urn } = doing;
    const shared = nodes[goes.get(urn) ?? -1]?.superseded && !evicted.has(urn) ? goes.get(urn) : undefined;
    leftovers.set(urn, shared ?? add(doing, ending(doing), lateKey(urn), true));
  }
  const withWhom = companions(doings, goes);

  forward(precedence, desired, stands);
  for (const { urn, action, createFirst, evicts = [] } of doings) {
    const made = stands.get(urn);
    if (made === undefined) continue;
    const gone = goes.get(urn);
    if (action === "replace" && gone !== undefined) {
      if (createFirst) precedence.add(made, gone);
      else precedence.add(gone, made);
    }
    for (const each of evicts) {
      const holder = (each.superseded ? leftovers : goes).get(each.urn);
      if (holder !== undefined) precedence.add(holder, made);
    }
  }
  const createdFirst = new Set(doings.flatMap(({ urn, createFirst }) => (createFirst ? [urn] : [])));
  backward(precedence, recorded, stands, goes, withWhom, createdFirst);
  afterLeftovers(precedence, { superseded, recorded, stands, goes, leftovers });
  for (const { urn, isUndecided, createFirst } of doings) {
    if (isUndecided && !createFirst) decideBeforeDeletion(precedence, goes.get(urn), stands.get(urn));
  }

  const stepNodes = nodes.length;
  const parts = partsOfClusters(nodes);
  for (const part of parts.values()) addBarriers(precedence, part);
  const order = precedence.linearise((node) => nodes[node]?.key ?? -1).filter((node) => node < stepNodes);
  if (order.length !== stepNodes) throw new TypeError("steps wait for each other in a circle");
  return number(order, nodes, precedence);
}

/** What stands comes after what it needs. */
function forward(
  precedence: Precedence,
  desired: Surroundings["desired"],
  stands: ReadonlyMap<Urn, number>,
): void {
  const through = new Through(precedence);
  for (const { urn, dependencies } of desired) through.pass(urn, dependencies, stands.get(urn));
}

/**
 * Numbers the steps, follows barriers to the steps behind them, and writes each cluster's steps as a chain.
 * What a step only comes after it does not need; nodes are only taken away where all before that succeeded.
 */
function number(order: readonly number[], nodes: readonly Node[], precedence: Precedence): readonly Step[] {
  const ids = new Map(order.map((node, index) => [node, index + 1]));
  const chains = new Map<string, { last: number | undefined; readonly implied: Set<number> }>();
  return order.map((node, index) => {
    const step = nodes[node]!;
    const { doing, action } = step;
    const after = new Set<number>();
    const needs = new Set<number>();
    const follow = (earlier: number): void => {
      const id = ids.get(earlier);
      if (id === undefined) precedence.before(earlier).forEach(follow);
      else after.add(id);
    };
    for (const earlier of precedence.before(node)) {
      const id = ids.get(earlier);
      if (id !== undefined) needs.add(id);
      follow(earlier);
    }
    if (doing.part) {
      if (phaseOf(doing.part, step) === "shrink") for (const each of after) needs.add(each);
      const key = chainOf(doing.part, step);
      const chain = chains.get(key) ?? { last: undefined, implied: new Set() };
      for (const each of after) {
        if (chain.implied.has(each)) after.delete(each);
        else chain.implied.add(each);
      }
      if (chain.last !== undefined) after.add(chain.last);
      chain.last = index + 1;
      chain.implied.add(index + 1);
      chains.set(key, chain);
    }
    const [comesAfter, must] = [inAscent(after), inAscent(needs)];
    return {
      id: index + 1,
      urn: doing.urn,
      action,
      ...(step.superseded ? { superseded: true as const } : {}),
      after: comesAfter,
      ...(isSame(comesAfter, must) ? {} : { needs: must }),
    };
  });
}

function inAscent(ids: ReadonlySet<number>): readonly number[] {
  return [...ids].toSorted((a, b) => a - b);
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
