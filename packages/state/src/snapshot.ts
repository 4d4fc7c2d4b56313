import type { Json, JsonObject, PendingOperation, ResourceRecord, StackState } from "@berth/core";
import { canonicalJson } from "./canonical.ts";
import { verifiedChecksum, withChecksum } from "./checksummed.ts";
import { stateCodes } from "./codes.ts";
import { damaged, stateError } from "./damage.ts";
import { integrityFaults } from "./integrity.ts";
import { isJsonObject, parseJson } from "./parse.ts";
import {
  asJson,
  isOperation,
  isRecord,
  isSecretsKey,
  missingOperationFields,
  missingRecordFields,
} from "./shape.ts";

const format = "berth.state";
const version = 1;

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
}

/**
 * Writes a state as text.
 *
 * @throws BERTH4007 for a state that breaks an invariant: it is not written at all.
 */
export function encodeSnapshot(state: StackState, file: string): EncodedSnapshot {
  refuseInconsistent(state, file);
  const head = canonicalJson({
    format,
    version,
    project: state.project,
    stack: state.stack,
    serial: state.serial,
    outputs: state.outputs,
    ...(state.secretsKey && { secretsKey: { ...state.secretsKey } }),
  }).slice(1, -1);
  return withChecksum(
    `\n${head},\n"resources":[${lines(state.resources)}],\n"pending":[${lines(state.pending)}]}\n`,
  );
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
  refuseNewer(value["version"], version, file);
  const checksum = verifiedChecksum(text);
  if (checksum === undefined) throw damaged(file, "its content does not match its checksum");
  const state = stateOf(value, file);
  if (state.project !== expected.project || state.stack !== expected.stack) {
    throw stateError(
      stateCodes.BERTH4006,
      file,
      `it is the state of stack "${state.stack}" of project "${state.project}", not of stack "${expected.stack}" of project "${expected.project}"`,
    );
  }
  refuseInconsistent(state, file);
  return { state, checksum };
}

/** BERTH4005 for a version above the known one; damage for what is no version. */
export function refuseNewer(found: Json | undefined, known: number, file: string): void {
  if (found === known) return;
  if (typeof found === "number" && Number.isInteger(found) && found > known) {
    throw stateError(
      stateCodes.BERTH4005,
      file,
      `it was made by a newer berth: its format has version ${found}, this berth knows ${known}`,
    );
  }
  throw damaged(file, "its version is not one that berth ever wrote");
}

/** BERTH4007 when the state breaks an invariant. */
export function refuseInconsistent(state: StackState, file: string): void {
  const faults = integrityFaults(state);
  if (faults.length > 0) throw stateError(stateCodes.BERTH4007, file, faults.slice(0, 10).join("; "));
}

function lines(values: readonly (ResourceRecord | PendingOperation)[]): string {
  return values.map((value) => `\n${canonicalJson(asJson(value))}`).join(",");
}

function stateOf(value: JsonObject, file: string): StackState {
  const { project, stack, serial, outputs, resources, pending, secretsKey } = value;
  const shaped =
    typeof project === "string" &&
    typeof stack === "string" &&
    typeof serial === "number" &&
    isJsonObject(outputs) &&
    isList(resources) &&
    isList(pending) &&
    (secretsKey === undefined || isSecretsKey(secretsKey));
  if (!shaped) throw damaged(file, "a part of it is missing or has the wrong type");
  if (!resources.every(isRecord) || !pending.every(isOperation)) {
    const faults = [...resources.flatMap(recordFaults), ...pending.flatMap(operationFaults)];
    throw stateError(stateCodes.BERTH4007, file, faults.slice(0, 10).join("; "));
  }
  return {
    project,
    stack,
    serial,
    outputs,
    resources,
    pending,
    ...(secretsKey && { secretsKey }),
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
