import type { StackState } from "@berth/core";
import { asJson, missingOperationFields, missingRecordFields } from "./shape.ts";

/**
 * What is wrong with a state, in words; empty for one that is whole. Verified whenever a state is
 * read and whenever a snapshot of it is written: every record has URN, type, provider and id; no URN
 * comes twice; every dependency exists and comes first; the provider resource that it was made with
 * exists; one pending operation at most for each.
 */
export function integrityFaults(state: StackState): readonly string[] {
  const faults: string[] = [];
  const all = new Set(state.resources.map((record) => record.urn));
  const before = new Set<string>();
  for (const [position, record] of state.resources.entries()) {
    const name = record.urn || `resource ${position + 1}`;
    for (const field of missingRecordFields(asJson(record))) faults.push(`${name} has no ${field}`);
    if (before.has(record.urn)) faults.push(`${name} is recorded twice`);
    for (const dependency of record.dependencies) {
      if (before.has(dependency)) continue;
      faults.push(
        `${name} depends on ${dependency}, which ${all.has(dependency) ? "does not come before it" : "is not recorded"}`,
      );
    }
    const provider = record.providerResource;
    if (provider && !all.has(provider))
      faults.push(`${name} was made with ${provider}, which is not recorded`);
    before.add(record.urn);
  }
  const pending = new Set<string>();
  for (const operation of state.pending) {
    for (const field of missingOperationFields(asJson(operation))) {
      faults.push(`a pending operation on ${operation.urn || "nothing"} has no ${field}`);
    }
    if (pending.has(operation.urn)) faults.push(`${operation.urn} has two pending operations`);
    pending.add(operation.urn);
  }
  return faults;
}
