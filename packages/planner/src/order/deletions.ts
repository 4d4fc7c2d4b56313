import type { Urn } from "@berth/core";
import type { Doing, Surroundings } from "./doing.ts";
import type { Precedence } from "./precedence.ts";
import { Through } from "./through.ts";

/** By the deletion of what goes with another resource: the deletion of that one, or of the one with which that goes. */
export function companions(
  doings: readonly Doing[],
  goes: ReadonlyMap<Urn, number>,
): ReadonlyMap<Urn, number> {
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

/**
 * What goes comes after the deletion of what depended on it, and after the updates by which others
 * cease to depend on it, except where something is to be created only once it is gone: those
 * updates may in turn wait for what is created.
 */
export function backward(
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
export function afterLeftovers(
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
export function decideBeforeDeletion(
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
