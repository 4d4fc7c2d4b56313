import type { PendingOperation, ResourceRecord, Urn } from "@berth/core";

/** URN of a resource in the tests' stack. */
export function urnOf(name: string): Urn {
  return `urn:berth:dev:store::test:Thing::${name}`;
}

/** A whole record, as plain as can be. */
export function recordOf(name: string, dependencies: readonly string[] = []): ResourceRecord {
  return {
    urn: urnOf(name),
    type: "test:Thing",
    provider: "test",
    id: `things/${name}`,
    inputs: { name },
    outputs: {},
    assigned: {},
    dependencies: dependencies.map(urnOf).toSorted(),
    references: {},
    protect: false,
    operationKey: `key of ${name}`,
  };
}

/** An operation as it is announced. */
export function operationOn(
  name: string,
  action: PendingOperation["action"] = "create",
  operationKey = `key of ${name}`,
): PendingOperation {
  return { urn: urnOf(name), type: "test:Thing", action, operationKey };
}
