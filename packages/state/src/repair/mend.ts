import {
  pathOfUrn,
  type PendingOperation,
  type ResourceRecord,
  type StackState,
  type Urn,
} from "@berth/core";
import { isUrnOf } from "../integrity.ts";
import { inDependencyOrder } from "../order.ts";
import { StackTable } from "../stack-table.ts";
import { forEachNeed } from "../surroundings.ts";
import type { RepairFinding } from "./finding.ts";

/**
 * Makes a state whole that is as it was written and still cannot be: drops what cannot stand, leaves out what
 * names nothing, puts the rest in order. No value is made up.
 */
export function mend(state: StackState): {
  readonly state: StackState;
  readonly findings: readonly RepairFinding[];
} {
  const findings: RepairFinding[] = [];
  const drop = (about: { readonly urn: Urn; readonly id?: string }, why: string): void => {
    const id = about.id ? ` Its id is ${about.id}.` : "";
    findings.push({ what: "dropped", urn: about.urn, message: `${pathOfUrn(about.urn)} ${why}.${id}` });
  };
  const isOwn = (each: ResourceRecord | PendingOperation): boolean => {
    if (isUrnOf(state, each)) return true;
    drop(each, `is no URN of ${state.project}/${state.stack} and type ${each.type}`);
    return false;
  };
  let resources = firstOfEach(
    state.resources.filter(isOwn),
    ({ urn }) => urn,
    (twice) => drop(twice, "is recorded twice; the first record is kept, this one is not"),
  );
  const living = new Set(resources.map(keyOf));
  let superseded = firstOfEach(
    (state.superseded ?? []).filter(isOwn).filter((record) => {
      if (!living.has(keyOf(record))) return true;
      drop(record, "is recorded as superseded by itself");
      return false;
    }),
    keyOf,
    (twice) => drop(twice, "is recorded twice as superseded"),
  );
  // Without its provider resource nobody knows in which account it is; and it may be somebody's provider itself.
  for (let lost = true; lost;) {
    const all = new Set([...resources, ...superseded].map(({ urn }) => urn));
    const stands = (record: ResourceRecord): boolean => {
      const { providerResource } = record;
      if (providerResource === undefined || all.has(providerResource)) return true;
      drop(
        record,
        `was made with ${pathOfUrn(providerResource)}, which is not recorded, so its account is not known`,
      );
      return false;
    };
    const before = resources.length + superseded.length;
    resources = resources.filter(stands);
    superseded = superseded.filter(stands);
    lost = resources.length + superseded.length < before;
  }
  const placed = inOrder(state, resources, superseded, findings);
  return {
    state: { ...placed, pending: mendPending(state.pending.filter(isOwn), superseded, drop) },
    findings,
  };
}

/** In their order, as far as they allow one, and without dependencies on what is not recorded. */
function inOrder(
  state: StackState,
  resources: readonly ResourceRecord[],
  superseded: readonly ResourceRecord[],
  findings: RepairFinding[],
): StackState {
  const { superseded: _, ...others } = state;
  const base: StackState = { ...others, resources: [], pending: [] };
  const table = new StackTable(base);
  const inSomeOrder = inDependencyOrder(new Map(resources.map((record) => [record.urn, record])));
  for (const record of inSomeOrder) table.apply({ kind: "amended", record });
  const placed = table.state().resources;
  const before = new Map(resources.map((record) => [record.urn, record]));
  for (const record of placed) {
    const gone = left(before.get(record.urn)!, record);
    if (gone.length === 0) continue;
    const message = `${pathOfUrn(record.urn)} no longer says that it needs ${gone.map(pathOfUrn).join(", ")}: not recorded, or in a cycle`;
    findings.push({ what: "changed", urn: record.urn, message });
  }
  const known = new Set([...resources, ...superseded].map(({ urn }) => urn));
  const waiting = superseded.map((record) => ({
    ...record,
    dependencies: record.dependencies.filter((urn) => known.has(urn)),
  }));
  const isMoved = placed.some((record, index) => record.urn !== resources[index]?.urn);
  if (isMoved)
    findings.push({ what: "changed", message: "the records are put in the order of what they need" });
  return {
    ...base,
    resources: placed,
    ...(waiting.length > 0 && { superseded: waiting }),
  };
}

function left(before: ResourceRecord, after: ResourceRecord): readonly Urn[] {
  const kept = new Set<Urn>();
  forEachNeed(after, (urn) => kept.add(urn));
  const gone = new Set<Urn>();
  forEachNeed(before, (urn) => {
    if (!kept.has(urn)) gone.add(urn);
  });
  return [...gone].toSorted();
}

function mendPending(
  pending: readonly PendingOperation[],
  superseded: readonly ResourceRecord[],
  drop: (about: { readonly urn: Urn }, why: string) => void,
): readonly PendingOperation[] {
  const waiting = new Set(superseded.map(keyOf));
  const standing = pending.filter((operation) => {
    const { urn, superseded: key } = operation;
    const isAbout = key === undefined || waiting.has(`${urn}\u0000${key}`);
    if (!isAbout) drop(operation, "has a pending deletion of something that it no longer supersedes");
    return isAbout;
  });
  return firstOfEach(
    standing,
    ({ urn, superseded: key = "" }) => `${urn}\u0000${key}`,
    ({ urn, action, operationKey }) =>
      drop(
        { urn },
        `has two pending operations; the second (${action}, operation key ${operationKey}) is dropped`,
      ),
  );
}

function firstOfEach<T>(
  all: readonly T[],
  keyOf: (each: T) => string,
  twice: (each: T) => void,
): readonly T[] {
  const seen = new Set<string>();
  return all.filter((each) => {
    const key = keyOf(each);
    if (seen.has(key)) twice(each);
    return !seen.has(key) && seen.add(key);
  });
}

function keyOf({ urn, operationKey }: ResourceRecord): string {
  return `${urn}\u0000${operationKey}`;
}
