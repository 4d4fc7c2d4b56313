import type { Json, JsonObject, PendingOperation, ResourceRecord, StackState } from "@berth/core";
import { crc32 } from "node:zlib";
import { canonicalJson } from "./canonical.ts";
import { verifiedChecksum, withChecksum } from "./checksummed.ts";
import { stateCodes } from "./codes.ts";
import { damaged, stateError } from "./damage.ts";
import { integrityFaults } from "./integrity.ts";
import { fromVersion1, newestVersion } from "./migration.ts";
import { isJsonObject, parseJson } from "./parse.ts";
import {
  asJson,
  isOperation,
  isRecord,
  isLastOperation,
  isSecretsKey,
  missingOperationFields,
  missingRecordFields,
} from "./shape.ts";

const format = "berth.state";

/** A stack's state as text: one JSON object with a line per resource, so that differences read well. */
export interface EncodedSnapshot {
  readonly text: string;
  /** Over every byte of the text; the journal that follows names it. */
  readonly checksum: string;
}

/** A snapshot as it was read. */
export interface DecodedSnapshot {
  readonly state: StackState;
  readonly checksum: string;
  /** Fencing token of the lock under which it was written; 0 where none was noted. */
  readonly fence: number;
  /** Version of the format that it was written in. */
  readonly version: number;
}

/**
 * Writes a state as text. `fence` is the fencing token of the lock under which it is written.
 *
 * @throws BERTH4007 for a state that breaks an invariant: it is not written at all.
 */
export function encodeSnapshot(state: StackState, file: string, fence: number): EncodedSnapshot {
  refuseInconsistent(state, file);
  const head = canonicalJson({
    format,
    version: newestVersion,
    fence,
    project: state.project,
    stack: state.stack,
    serial: state.serial,
    outputs: state.outputs,
    ...(state.secretsKey && { secretsKey: { ...state.secretsKey } }),
    ...(state.lastOperation && { lastOperation: state.lastOperation }),
  }).slice(1, -1);
  const resources = linesOf(state.resources);
  const superseded = linesOf(state.superseded ?? []);
  const pending = linesOf(state.pending);
  const lines = canonicalJson({
    head: lineDigest(head),
    resources: resources.map(lineDigest),
    superseded: superseded.map(lineDigest),
    pending: pending.map(lineDigest),
  });
  const list = (each: readonly string[]) => (each.length > 0 ? `[\n${each.join(",\n")}]` : "[]");
  return withChecksum(
    `\n${head},\n"lines":${lines},\n"resources":${list(resources)},\n"superseded":${list(superseded)},\n"pending":${list(pending)}}\n`,
  );
}

/** Tells which line of a damaged snapshot is as it was written. Whether a snapshot is whole, its checksum tells. */
export function lineDigest(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}

/**
 * Reads what {@link encodeSnapshot} wrote.
 *
 * @throws BERTH4004 where a byte differs, BERTH4005 for a newer version, BERTH4006 for another
 * stack's state, BERTH4007 for one that breaks an invariant.
 */
export function decodeSnapshot(
  text: string,
  file: string,
  expected: { readonly project: string; readonly stack: string },
): DecodedSnapshot {
  const value = parseJson(text);
  if (!isJsonObject(value))
    throw damaged(file, text.trim() === "" ? "it is empty" : "it is truncated or not JSON");
  if (value["format"] !== format) throw damaged(file, "it is not a state of berth");
  const found = knownVersion(value["version"], newestVersion, file);
  const checksum = verifiedChecksum(text);
  if (checksum === undefined) throw damaged(file, "its content does not match its checksum");
  const read = stateOf(value, file);
  if (found === 1) refuseInconsistent(read, file, "dependencies");
  const state = found === 1 ? fromVersion1(read) : read;
  refuseForeign(state, expected, file);
  refuseInconsistent(state, file);
  return { state, checksum, fence: fenceOf(value), version: found };
}

/** The fencing token in the head of a snapshot or journal: what an older berth wrote has none. */
export function fenceOf(head: JsonObject): number {
  return typeof head["fence"] === "number" ? head["fence"] : 0;
}

/** The version, where it is one that this berth reads. @throws BERTH4005 for a newer one, BERTH4004 for what is none */
export function knownVersion(found: Json | undefined, newest: number, file: string): number {
  if (typeof found !== "number" || !Number.isInteger(found) || found < 1)
    throw damaged(file, "its version is not one that berth ever wrote");
  if (found <= newest) return found;
  throw stateError(
    stateCodes.BERTH4005,
    file,
    `it was made by a newer berth: its format has version ${found}, this berth knows ${newest === 1 ? "1" : `1 to ${newest}`}`,
  );
}

/** BERTH4006 where it is another stack's. */
export function refuseForeign(
  found: { readonly project?: Json | undefined; readonly stack?: Json | undefined },
  expected: { readonly project: string; readonly stack: string },
  file: string,
): void {
  if (found.project === expected.project && found.stack === expected.stack) return;
  throw stateError(
    stateCodes.BERTH4006,
    file,
    `it is the state of stack ${JSON.stringify(found.stack)} of project ${JSON.stringify(found.project)}, not of stack "${expected.stack}" of project "${expected.project}"`,
  );
}

/** BERTH4007 when the state breaks an invariant. */
export function refuseInconsistent(state: StackState, file: string, order?: "needs" | "dependencies"): void {
  const faults = integrityFaults(state, order);
  if (faults.length === 0) return;
  const more = faults.length > 10 ? `; and ${faults.length - 10} more` : "";
  throw stateError(stateCodes.BERTH4007, file, faults.slice(0, 10).join("; ") + more);
}

function linesOf(values: readonly (ResourceRecord | PendingOperation)[]): readonly string[] {
  return values.map((value) => canonicalJson(asJson(value)));
}

function stateOf(value: JsonObject, file: string): StackState {
  const { project, stack, serial, outputs, resources, superseded = [], pending } = value;
  const { secretsKey, lastOperation } = value;
  const shaped =
    typeof project === "string" &&
    typeof stack === "string" &&
    typeof serial === "number" &&
    Number.isSafeInteger(serial) &&
    serial >= 0 &&
    isJsonObject(outputs) &&
    isList(resources) &&
    isList(superseded) &&
    isList(pending) &&
    (secretsKey === undefined || isSecretsKey(secretsKey)) &&
    (lastOperation === undefined || isLastOperation(lastOperation));
  if (!shaped) throw damaged(file, "a part of it is missing or has the wrong type");
  if (!resources.every(isRecord) || !superseded.every(isRecord) || !pending.every(isOperation)) {
    const faults = [
      ...[...resources, ...superseded].flatMap(recordFaults),
      ...pending.flatMap(operationFaults),
    ];
    throw stateError(stateCodes.BERTH4007, file, faults.slice(0, 10).join("; "));
  }
  return {
    project,
    stack,
    serial,
    outputs,
    resources,
    ...(superseded.length > 0 && { superseded }),
    pending,
    ...(secretsKey && { secretsKey }),
    ...(lastOperation && { lastOperation }),
  };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function recordFaults(value: Json, position: number): readonly string[] {
  if (!isJsonObject(value)) return [`resource ${position + 1} is no object`];
  return missingRecordFields(value).map((field) => `resource ${position + 1} has no ${field}`);
}

function operationFaults(value: Json, position: number): readonly string[] {
  if (!isJsonObject(value)) return [`pending operation ${position + 1} is no object`];
  return missingOperationFields(value).map((field) => `pending operation ${position + 1} has no ${field}`);
}
