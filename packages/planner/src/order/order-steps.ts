import type { Urn } from "@berth/core";
import type { Evicted } from "../identity.ts";
import type { Step } from "../plan.ts";
import { Precedence } from "./precedence.ts";

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
interface Node {
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

/** By the deletion of what goes with another resource: the deletion of that one, or of the one with which that goes. */
function companions(doings: readonly Doing[], goes: ReadonlyMap<Urn, number>): ReadonlyMap<Urn, number> {
  const named = new Map(
    doings.flatMap(({ urn, goesWith }) => (goesWith === undefined ? [] : [[urn, goesWith]])),
  );
  const found = new Map<Urn, number>();
  for (const urn of named.keys()) {
    const seen = new Set<Urn>([urn]);
    for (const each of seen) {
      const next = named.get(each);
      if (next !== undefined) seen.add(next);
    }
    const last = goes.get([...seen].at(-1) ?? urn);
    if (last !== undefined && last !== goes.get(urn)) found.set(urn, last);
  }
  return found;
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
  withWhom: ReadonlyMap<Urn, number>,
  isCreatedFirst: ReadonlySet<Urn>,
): void {
  const dependents = dependentsOf(recorded);
  const through = new Through(precedence);
  for (const { urn } of recorded.toReversed()) {
    const own = goes.get(urn);
    const companion = own === undefined ? undefined : withWhom.get(urn);
    // It is gone as soon as what it goes with is: what needs it goes before that.
    const before = through.pass(urn, dependents.get(urn) ?? [], companion === undefined ? own : undefined);
    if (own === undefined || companion === undefined) continue;
    precedence.addWhereItFits(companion, own);
    // What is to stand beside it is there before it goes.
    const made = stands.get(urn);
    if (made !== undefined && isCreatedFirst.has(urn)) precedence.addWhereItFits(made, companion);
    for (const each of before) precedence.addWhereItFits(each, companion);
  }
  const leadsToCreation = precedence.ancestors(stands.values());
  for (const { urn } of recorded) {
    const own = withWhom.get(urn) ?? goes.get(urn);
    if (own === undefined || leadsToCreation[own] === 1) continue;
    for (const each of dependents.get(urn) ?? []) {
      const updated = stands.get(each);
      if (updated !== undefined && !goes.has(each) && updated !== own) precedence.add(updated, own);
    }
  }
}

function dependentsOf(recorded: Surroundings["recorded"]): ReadonlyMap<Urn, readonly Urn[]> {
  const dependents = new Map<Urn, Urn[]>();
  for (const { urn, dependencies } of recorded) {
    for (const each of dependencies) {
      const list = dependents.get(each);
      if (list) list.push(urn);
      else dependents.set(each, [urn]);
    }
  }
  return dependents;
}

/**
 * What an earlier operation superseded goes as what stands in its place would: after what needs it, before what it
 * needed. Its dependencies are those of then, and may have turned around, so that these are preferences.
 */
function afterLeftovers(
  precedence: Precedence,
  {
    superseded,
    recorded,
    stands,
    goes,
    leftovers,
  }: Required<Pick<Surroundings, "superseded" | "recorded">> & {
    readonly stands: ReadonlyMap<Urn, number>;
    readonly goes: ReadonlyMap<Urn, number>;
    readonly leftovers: ReadonlyMap<Urn, number>;
  },
): void {
  if (leftovers.size === 0) return;
  const leads = precedence.ancestors(stands.values());
  for (const { urn, dependencies } of recorded) {
    for (const each of dependencies) {
      const left = leftovers.get(each);
      if (left === undefined) continue;
      const gone = goes.get(urn);
      if (gone !== undefined) precedence.addWhereItFits(gone, left);
      const updated = stands.get(urn);
      if (updated !== undefined && gone === undefined && leads[left] !== 1)
        precedence.addWhereItFits(updated, left);
    }
  }
  for (const { urn, dependencies } of superseded) {
    const left = leftovers.get(urn);
    if (left === undefined) continue;
    for (const each of dependencies) {
      for (const gone of [goes.get(each), leftovers.get(each)])
        if (gone !== undefined && gone !== left) precedence.addWhereItFits(left, gone);
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

  /** @returns what comes before it, where nothing is done to it itself */
  pass(urn: Urn, earlier: readonly Urn[], own: number | undefined): readonly number[] {
    const nodes = new Set(earlier.flatMap((each) => this.#nodes.get(each) ?? []));
    if (own === undefined) {
      const passed = nodes.size > gatherAbove ? [this.#gather(nodes)] : [...nodes];
      this.#nodes.set(urn, passed);
      return passed;
    }
    for (const each of nodes) this.#precedence.add(each, own);
    this.#turn.set(own, this.#turn.size);
    this.#nodes.set(urn, [own]);
    return [own];
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
function partsOfClusters(nodes: readonly Node[]): ReadonlyMap<string, Parts> {
  const parts = new Map<string, Parts>();
  nodes.forEach((each, node) => {
    const { part } = each.doing;
    if (!part) return;
    const key = chainOf(part, each);
    const own = parts.get(key) ?? { grow: [], write: [], shrink: [] };
    own[phaseOf(part, each)].push(node);
    parts.set(key, own);
  });
  return parts;
}

function chainOf({ cluster, ends }: ClusterPart, { action }: Node): string {
  return ends && isEnd(action) ? `${cluster} (old)` : cluster;
}

/** A pool that is replaced by another one grows first, and shrinks when objects were written. */
function phaseOf({ kind, ends }: ClusterPart, { action, superseded, doing }: Node): keyof Parts {
  if (kind === "write") return "write";
  if (superseded || (ends && isEnd(action))) return "shrink";
  return doing.createFirst ? "grow" : kind;
}

function isEnd(action: Step["action"]): boolean {
  return action === "delete" || action === "forget";
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
