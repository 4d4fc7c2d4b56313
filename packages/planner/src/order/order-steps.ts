import type { Urn } from "@berth/core";
import type { Step } from "../plan.ts";
import { Precedence } from "./precedence.ts";

/** What is to be done to one resource: what ordering needs to know of a change. */
export interface Doing {
  readonly urn: Urn;
  readonly action: "create" | "update" | "replace" | "delete";
  /** What it needs as desired; absent for a deletion. */
  readonly needs?: readonly Urn[];
  /** A replacement that is only a `may`: its deletion waits, where it can, until what it needs has decided. */
  readonly isUndecided?: boolean;
  /** Its part in a cluster's life; absent for what is on no cluster. */
  readonly part?: ClusterPart;
  /** Deletions that must be done before it is created: what holds its physical identity. */
  readonly evicts?: readonly Urn[];
}

export interface ClusterPart {
  readonly cluster: Urn;
  /** Nodes are added, an object is written or deleted, nodes are taken away. */
  readonly kind: "grow" | "write" | "shrink";
  /** Whether the cluster itself is deleted or replaced, so that deletions happen in the old one. */
  readonly ends: boolean;
}

/** Dependencies of what does not change are passed through: who needs it needs what it needs. */
export interface Surroundings {
  /** URNs of the graph in topological order, and what each needs. Empty for a destroy. */
  readonly desired: readonly { readonly urn: Urn; readonly dependencies: readonly Urn[] }[];
  /** Recorded resources, each after what it depended on. */
  readonly recorded: readonly { readonly urn: Urn; readonly dependencies: readonly Urn[] }[];
}

/** Above this many, what comes through an unchanged resource is gathered behind the last of it. */
const gatherAbove = 64;

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
export function orderSteps(doings: readonly Doing[], { desired, recorded }: Surroundings): readonly Step[] {
  const precedence = new Precedence();
  const nodes: { readonly doing: Doing; readonly action: Step["action"]; readonly key: number }[] = [];
  const stands = new Map<Urn, number>();
  const goes = new Map<Urn, number>();
  const position = new Map(desired.map((each, index) => [each.urn, index]));
  const recordedPosition = new Map(recorded.map((each, index) => [each.urn, index]));

  const add = (doing: Doing, action: Step["action"], key: number): number => {
    nodes.push({ doing, action, key });
    return precedence.node();
  };
  for (const doing of doings) {
    const at = position.get(doing.urn) ?? 0;
    if (doing.action === "delete") {
      goes.set(
        doing.urn,
        add(doing, "delete", 2 * desired.length + recorded.length - (recordedPosition.get(doing.urn) ?? 0)),
      );
    } else if (doing.action === "replace") {
      goes.set(doing.urn, add(doing, "delete", 2 * at));
      stands.set(doing.urn, add(doing, "create", 2 * at + 1));
    } else {
      stands.set(doing.urn, add(doing, doing.action, 2 * at + 1));
    }
  }

  forward(precedence, desired, stands);
  for (const { urn, action, evicts = [] } of doings) {
    const made = stands.get(urn);
    if (made === undefined) continue;
    for (const before of action === "replace" ? [urn, ...evicts] : evicts) {
      const gone = goes.get(before);
      if (gone !== undefined) precedence.add(gone, made);
    }
  }
  backward(precedence, recorded, stands, goes);

  for (const { urn, isUndecided } of doings) {
    if (isUndecided) decideBeforeDeletion(precedence, goes.get(urn), stands.get(urn));
  }

  const stepNodes = nodes.length;
  const parts = partsOfClusters(nodes);
  for (const part of parts.values()) addBarriers(precedence, part);
  const order = precedence.linearise((node) => nodes[node]?.key ?? -1).filter((node) => node < stepNodes);
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
 * What goes comes after the deletion of what depended on it, and after the updates by which others
 * cease to depend on it, except where something is to be created only once it is gone: those
 * updates may in turn wait for what is created.
 */
function backward(
  precedence: Precedence,
  recorded: Surroundings["recorded"],
  stands: ReadonlyMap<Urn, number>,
  goes: ReadonlyMap<Urn, number>,
): void {
  const dependents = new Map<Urn, Urn[]>();
  for (const { urn, dependencies } of recorded) {
    for (const each of dependencies) {
      const list = dependents.get(each);
      if (list) list.push(urn);
      else dependents.set(each, [urn]);
    }
  }
  const through = new Through(precedence);
  for (const { urn } of recorded.toReversed()) through.pass(urn, dependents.get(urn) ?? [], goes.get(urn));
  const leadsToCreation = precedence.ancestors(stands.values());
  for (const { urn } of recorded) {
    const own = goes.get(urn);
    if (own === undefined || leadsToCreation[own] === 1) continue;
    for (const each of dependents.get(urn) ?? []) {
      const updated = stands.get(each);
      if (updated !== undefined && !goes.has(each)) precedence.add(updated, own);
    }
  }
}

/** What the creation waits for, the deletion waits for as well, except for what waits for the deletion. */
function decideBeforeDeletion(
  precedence: Precedence,
  gone: number | undefined,
  made: number | undefined,
): void {
  if (gone === undefined || made === undefined) return;
  const earlier = precedence.before(made).filter((each) => each !== gone);
  const isFree = precedence.ancestors(earlier)[gone] === 0;
  for (const each of earlier) {
    if (isFree || precedence.ancestors([each])[gone] === 0) precedence.add(each, gone);
  }
}

/** Carries what comes before through resources to which nothing is done. Resources are passed in an order of dependency. */
class Through {
  readonly #precedence: Precedence;
  readonly #nodes = new Map<Urn, readonly number[]>();
  /** When a node was passed: a later one may wait for an earlier one. */
  readonly #turn = new Map<number, number>();

  constructor(precedence: Precedence) {
    this.#precedence = precedence;
  }

  pass(urn: Urn, earlier: readonly Urn[], own: number | undefined): void {
    const nodes = new Set(earlier.flatMap((each) => this.#nodes.get(each) ?? []));
    if (own === undefined) {
      this.#nodes.set(urn, nodes.size > gatherAbove ? [this.#gather(nodes)] : [...nodes]);
      return;
    }
    for (const each of nodes) this.#precedence.add(each, own);
    this.#turn.set(own, this.#turn.size);
    this.#nodes.set(urn, [own]);
  }

  /**
   * Many nodes that come through one resource are put before the last of them, which then stands for
   * all, so that thousands of changes on either side of it don't need their product in edges.
   */
  #gather(nodes: ReadonlySet<number>): number {
    const last = [...nodes].reduce((a, b) => ((this.#turn.get(a) ?? 0) > (this.#turn.get(b) ?? 0) ? a : b));
    for (const each of nodes) if (each !== last) this.#precedence.add(each, last);
    return last;
  }
}

interface Parts {
  readonly grow: number[];
  readonly write: number[];
  readonly shrink: number[];
}

/** Nodes by cluster; deletions in a cluster that ends are in a cluster of their own, the old one. */
function partsOfClusters(
  nodes: readonly { readonly doing: Doing; readonly action: Step["action"] }[],
): ReadonlyMap<string, Parts> {
  const parts = new Map<string, Parts>();
  nodes.forEach(({ doing, action }, node) => {
    if (!doing.part) return;
    const key = chainOf(doing.part, action);
    const own = parts.get(key) ?? { grow: [], write: [], shrink: [] };
    own[phaseOf(doing.part, action)].push(node);
    parts.set(key, own);
  });
  return parts;
}

function chainOf({ cluster, ends }: ClusterPart, action: Step["action"]): string {
  return ends && action === "delete" ? `${cluster} (old)` : cluster;
}

function phaseOf({ kind, ends }: ClusterPart, action: Step["action"]): keyof Parts {
  if (kind === "write") return "write";
  return ends && action === "delete" ? "shrink" : kind;
}

/** Preferences, which give way to dependencies: a pool may need an object of the cluster to exist. */
function addBarriers(precedence: Precedence, { grow, write, shrink }: Parts): void {
  const join = (earlier: readonly number[], later: readonly number[]): void => {
    const needed = precedence.ancestors(earlier);
    const free = later.filter((each) => needed[each] === 0);
    if (earlier.length === 0 || free.length === 0) return;
    const barrier = precedence.node();
    for (const each of earlier) precedence.add(each, barrier);
    for (const each of free) precedence.add(barrier, each);
  };
  join(grow, write);
  join(write.length > 0 ? write : grow, shrink);
}

/**
 * Numbers the steps, follows barriers to the steps behind them, and writes each cluster's steps as a chain.
 * What a step only comes after it does not need; nodes are only taken away where all before that succeeded.
 */
function number(
  order: readonly number[],
  nodes: readonly { readonly doing: Doing; readonly action: Step["action"] }[],
  precedence: Precedence,
): readonly Step[] {
  const ids = new Map(order.map((node, index) => [node, index + 1]));
  const chains = new Map<string, { last: number | undefined; readonly implied: Set<number> }>();
  return order.map((node, index) => {
    const { doing, action } = nodes[node]!;
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
      if (phaseOf(doing.part, action) === "shrink") for (const each of after) needs.add(each);
      const key = chainOf(doing.part, action);
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
