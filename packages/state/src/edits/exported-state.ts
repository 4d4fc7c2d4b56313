import type { Json, JsonObject, ResourceRecord, StackState, Urn } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { stateCodes } from "../codes.ts";
import { integrityFaults } from "../integrity.ts";
import { fromVersion1, newestVersion } from "../migration.ts";
import { inDependencyOrder } from "../order.ts";
import { isJsonObject, parseJson } from "../parse.ts";
import {
  asJson,
  isOperation,
  isRecord,
  isSecretsKey,
  missingOperationFields,
  missingRecordFields,
} from "../shape.ts";
import { renamed, renamedOperation } from "../surroundings.ts";
import { decodeSnapshot, knownVersion } from "../snapshot.ts";

const format = "berth.state";

/** A state as JSON for people and scripts: no plaintext of a secret is in it. */
export function exportState(state: StackState): JsonObject {
  const { project, stack, serial, outputs, resources, superseded, pending, secretsKey } = state;
  return {
    format,
    version: newestVersion,
    project,
    stack,
    serial,
    outputs,
    ...(secretsKey && { secretsKey: { ...secretsKey } }),
    resources: resources.map(asJson),
    ...(superseded && { superseded: superseded.map(asJson) }),
    pending: pending.map(asJson),
  };
}

/**
 * Reads an exported state, also one that was edited, or a snapshot as it lies on the disk.
 *
 * @param file - its name, for messages
 * @throws BERTH4036 with everything that is wrong with it, BERTH4005 for a newer one
 */
export function readExportedState(text: string, file: string): StackState {
  const value = parseJson(text);
  if (!isJsonObject(value) || value["format"] !== format)
    throw unusable(file, ["it is not an exported state of berth"]);
  const version = knownVersion(value["version"], newestVersion, file);
  const { project, stack, checksum } = value;
  if (typeof project !== "string" || typeof stack !== "string" || project === "" || stack === "")
    throw unusable(file, ["it does not say of which project and stack it is"]);
  if (checksum !== undefined) return decodeSnapshot(text, file, { project, stack }).state;
  const shaped = shapedState(value, project, stack, file);
  // Hands that write JSON need not know the order.
  const ordered = { ...shaped, resources: inSomeOrder(shaped.resources) };
  const state = version === 1 ? fromVersion1(ordered) : ordered;
  const faults = integrityFaults(state);
  if (faults.length > 0) throw unusable(file, faults);
  return state;
}

/** The same state as that of another stack: every URN of the old one is one of the new. */
export function renameStack(state: StackState, project: string, stack: string): StackState {
  const before = `urn:berth:${state.stack}:${state.project}::`;
  const after = `urn:berth:${stack}:${project}::`;
  const rename = (urn: Urn): Urn => (urn.startsWith(before) ? after + urn.slice(before.length) : urn);
  const { superseded } = state;
  return {
    ...state,
    project,
    stack,
    resources: state.resources.map((record) => renamed(record, rename)),
    ...(superseded && { superseded: superseded.map((record) => renamed(record, rename)) }),
    pending: state.pending.map((operation) => renamedOperation(operation, rename)),
  };
}

function inSomeOrder(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  const byUrn = new Map(records.map((record) => [record.urn, record]));
  return byUrn.size === records.length ? inDependencyOrder(byUrn) : records;
}

function shapedState(value: JsonObject, project: string, stack: string, file: string): StackState {
  const { serial, outputs = {}, resources = [], superseded = [], pending = [], secretsKey } = value;
  const faults: string[] = [];
  if (!Number.isSafeInteger(serial) || Number(serial) < 0) faults.push("serial is not a number from 0");
  if (!isJsonObject(outputs)) faults.push("outputs is not an object");
  if (secretsKey !== undefined && !isSecretsKey(secretsKey)) faults.push("secretsKey is not whole");
  faults.push(...listFaults("resources", resources, missingRecordFields));
  faults.push(...listFaults("superseded", superseded, missingRecordFields));
  faults.push(...listFaults("pending", pending, missingOperationFields));
  const whole =
    isJsonObject(outputs) &&
    isListOf(resources, isRecord) &&
    isListOf(superseded, isRecord) &&
    isListOf(pending, isOperation) &&
    (secretsKey === undefined || isSecretsKey(secretsKey));
  if (!whole || faults.length > 0) throw unusable(file, faults);
  return {
    project,
    stack,
    serial: Number(serial),
    outputs,
    resources,
    ...(superseded.length > 0 && { superseded }),
    pending,
    ...(secretsKey && { secretsKey }),
  };
}

function listFaults(
  name: string,
  value: Json,
  missing: (value: JsonObject) => readonly string[],
): readonly string[] {
  if (!Array.isArray(value)) return [`${name} is not a list`];
  return value.flatMap((each: Json, index) => {
    if (!isJsonObject(each)) return [`${name}[${index}] is not an object`];
    const fields = missing(each);
    const urn = typeof each["urn"] === "string" ? ` (${each["urn"]})` : "";
    return fields.length > 0 ? [`${name}[${index}]${urn} has no ${fields.join(", ")}`] : [];
  });
}

function isListOf<T extends Json>(value: Json, is: (each: Json) => each is T): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}

/** The first of its faults: one mistake in a file of thousands of records may be in each of them. */
function unusable(file: string, faults: readonly string[]): BerthError {
  const shown = faults.slice(0, 20);
  if (faults.length > shown.length) shown.push(`and ${faults.length - shown.length} more of the kind`);
  return new BerthError(
    shown.map((fault) => problem(stateCodes.BERTH4036, { message: `${file}: ${fault}` })),
  );
}
