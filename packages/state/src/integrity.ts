import type { PendingOperation, ResourceRecord, StackState, Urn } from "@berth/core";
import { asJson, missingOperationFields, missingRecordFields } from "./shape.ts";
import { forEachNeed } from "./surroundings.ts";

/**
 * What is wrong with a state, in words; empty for one that is whole. Verified whenever a state is
 * read and whenever a snapshot of it is written, in time proportional to it:
 *
 * - every record has URN, type, provider, id and operation key, and every field its type;
 * - every URN is one of this stack, and names the record's type;
 * - no URN is recorded twice; what was superseded differs from it and from each other by its operation key;
 * - every dependency is recorded and comes first;
 * - whatever else a record needs (what its inputs took values from, parent, cluster, provider resource)
 *   comes first where it is recorded. It may be away: a component has no record, and between the two
 *   halves of a replacement a cluster has none;
 * - the provider resource that it was made with is recorded always: without it nobody knows the account;
 * - one pending operation at most for each, and one on something superseded names what is there.
 *
 * Something superseded may stand alone: when both are deleted, what took its place may go first.
 *
 * @param order - what must come first; version 1 of the format held only dependencies to it
 */
export function integrityFaults(
  state: StackState,
  order: "needs" | "dependencies" = "needs",
): readonly string[] {
  const all = new Set(state.resources.map((record) => record.urn));
  const superseded = state.superseded ?? [];
  for (const record of superseded) all.add(record.urn);
  return [
    ...urnFaults(state),
    ...recordFaults(state.resources, all, order),
    ...supersededFaults(state, superseded, all),
    ...pendingFaults(state.pending, superseded),
  ];
}

function urnFaults({ project, stack, resources, superseded = [], pending }: StackState): readonly string[] {
  return [...resources, ...superseded, ...pending].flatMap((each) =>
    !each.urn || !each.type || isUrnOf({ project, stack }, each)
      ? []
      : [`${each.urn} is no URN of ${project}/${stack} and type ${each.type}`],
  );
}

/** Whether something's URN is one of that stack, and of its type. */
export function isUrnOf(
  { project, stack }: { readonly project: string; readonly stack: string },
  { urn, type }: { readonly urn: Urn; readonly type: string },
): boolean {
  return urn.startsWith(`urn:berth:${stack}:${project}::${type}::`);
}

function recordFaults(
  records: readonly ResourceRecord[],
  all: ReadonlySet<Urn>,
  order: "needs" | "dependencies",
): readonly string[] {
  const faults: string[] = [];
  const living = new Set(records.map((record) => record.urn));
  const before = new Set<Urn>();
  for (const [position, record] of records.entries()) {
    const name = record.urn || `resource ${position + 1}`;
    faults.push(...shapeFaults(record, name));
    if (before.has(record.urn)) faults.push(`${name} is recorded twice`);
    const late = new Set<Urn>();
    for (const dependency of record.dependencies) {
      if (before.has(dependency)) continue;
      late.add(dependency);
      faults.push(
        `${name} depends on ${dependency}, which ${living.has(dependency) ? "does not come before it" : "is not recorded"}`,
      );
    }
    forEachNeed(record, (need) => {
      if (order === "dependencies" || before.has(need) || late.has(need) || !living.has(need)) return;
      late.add(need);
      faults.push(`${name} needs ${need}, which does not come before it`);
    });
    faults.push(...providerFaults(record, name, all));
    before.add(record.urn);
  }
  return faults;
}

function supersededFaults(
  state: StackState,
  superseded: readonly ResourceRecord[],
  all: ReadonlySet<Urn>,
): readonly string[] {
  if (superseded.length === 0) return [];
  const faults: string[] = [];
  const keys = new Set(state.resources.map(({ urn, operationKey }) => `${urn}\u0000${operationKey}`));
  for (const [position, record] of superseded.entries()) {
    const name = `what ${record.urn || `record ${position + 1}`} superseded`;
    faults.push(...shapeFaults(record, name));
    const key = `${record.urn}\u0000${record.operationKey}`;
    if (keys.has(key)) faults.push(`${name} has an operation key that another record under its URN has`);
    keys.add(key);
    for (const dependency of record.dependencies)
      if (!all.has(dependency)) faults.push(`${name} depends on ${dependency}, which is not recorded`);
    faults.push(...providerFaults(record, name, all));
  }
  return faults;
}

function pendingFaults(
  pending: readonly PendingOperation[],
  superseded: readonly ResourceRecord[],
): readonly string[] {
  const faults: string[] = [];
  const waiting = new Set(superseded.map(({ urn, operationKey }) => `${urn}\u0000${operationKey}`));
  const seen = new Set<string>();
  for (const operation of pending) {
    const { urn } = operation;
    for (const field of missingOperationFields(asJson(operation)))
      faults.push(`a pending operation on ${urn || "nothing"} has no ${field}`);
    const key = operation.superseded === undefined ? urn : `${urn}\u0000${operation.superseded}`;
    if (seen.has(key)) faults.push(`${urn} has two pending operations`);
    if (operation.superseded !== undefined && !waiting.has(key))
      faults.push(`a pending operation is about a record that ${urn} superseded, which is not there`);
    seen.add(key);
  }
  return faults;
}

function shapeFaults(record: ResourceRecord, name: string): readonly string[] {
  return missingRecordFields(asJson(record)).map((field) => `${name} has no ${field}`);
}

function providerFaults(
  { providerResource }: ResourceRecord,
  name: string,
  all: ReadonlySet<Urn>,
): readonly string[] {
  return providerResource && !all.has(providerResource)
    ? [`${name} was made with ${providerResource}, which is not recorded`]
    : [];
}
