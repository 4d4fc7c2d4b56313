import type {
  Json,
  JsonObject,
  LastOperation,
  PendingOperation,
  ResourceRecord,
  SecretsKey,
} from "@berth/core";
import { isJsonObject } from "./parse.ts";

type Fits = (value: Json | undefined) => boolean;

const absentOr =
  (fits: Fits): Fits =>
  (value) =>
    value === undefined || fits(value);

const isText: Fits = (value) => typeof value === "string" && value !== "";
const isBoolean: Fits = (value) => typeof value === "boolean";
const isTrue: Fits = (value) => value === true;
const isSeconds: Fits = (value) => typeof value === "number" && value >= 0;
const isListOfTexts: Fits = (value) => Array.isArray(value) && value.every(isText);
const isMapOf =
  (fits: Fits): Fits =>
  (value) =>
    isJsonObject(value) && Object.values(value).every(fits);
const isOptions: Fits = (value) => isJsonObject(value) && misfits(value, optionFields).length === 0;
const isAction: Fits = (value) =>
  value === "create" || value === "update" || value === "delete" || value === "import";

type Fields = readonly (readonly [field: string, fits: Fits])[];

const optionFields: Fields = [
  ["retainOnDelete", absentOr(isTrue)],
  ["deletedWith", absentOr(isText)],
  ["customTimeouts", absentOr(isMapOf(isSeconds))],
  ["additionalSecretOutputs", absentOr(isListOfTexts)],
  ["deleteHooks", absentOr(isMapOf(isListOfTexts))],
];

/** What a record has before there is one: all but its id, inputs and outputs. */
const intendedFields: Fields = [
  ["urn", isText],
  ["type", isText],
  ["provider", isText],
  ["operationKey", isText],
  ["assigned", isJsonObject],
  ["dependencies", isListOfTexts],
  ["references", isMapOf(isListOfTexts)],
  ["protect", isBoolean],
  ["parent", absentOr(isText)],
  ["cluster", absentOr(isText)],
  ["providerResource", absentOr(isText)],
  ["options", absentOr(isOptions)],
  ["external", absentOr(isTrue)],
  ["generation", absentOr((value) => Number.isSafeInteger(value) && Number(value) >= 0)],
];

const recordFields: Fields = [
  ...intendedFields,
  ["id", isText],
  ["inputs", isJsonObject],
  ["outputs", isJsonObject],
];

const operationFields: Fields = [
  ["urn", isText],
  ["type", isText],
  ["action", isAction],
  ["operationKey", isText],
  ["supersedes", absentOr(isTrue)],
  ["superseded", absentOr(isText)],
  ["inputs", absentOr(isJsonObject)],
  ["intended", absentOr((value) => isJsonObject(value) && misfits(value, intendedFields).length === 0)],
];

/** The fields that a record must have and this JSON lacks, or has with another type. */
export function missingRecordFields(value: JsonObject): readonly string[] {
  return misfits(value, recordFields);
}

/** The fields that a pending operation must have and this JSON lacks, or has with another type. */
export function missingOperationFields(value: JsonObject): readonly string[] {
  return misfits(value, operationFields);
}

export function isRecord(value: Json | undefined): value is JsonObject & ResourceRecord {
  return isJsonObject(value) && fitsAll(value, recordFields);
}

export function isOperation(value: Json | undefined): value is JsonObject & PendingOperation {
  return isJsonObject(value) && fitsAll(value, operationFields);
}

/** Records are JSON by their types; interfaces only lack the index signature that says so. */
export function asJson(value: ResourceRecord | PendingOperation): JsonObject {
  return { ...value };
}

export function isLastOperation(value: Json | undefined): value is JsonObject & LastOperation {
  if (!isJsonObject(value)) return false;
  const { operation, message } = value;
  return (operation === "up" || operation === "destroy" || operation === "refresh") && isText(message);
}

export function isSecretsKey(value: Json | undefined): value is JsonObject & SecretsKey {
  return (
    isJsonObject(value) &&
    (value["source"] === "passphrase" || value["source"] === "file") &&
    isText(value["salt"]) &&
    isText(value["check"])
  );
}

function fitsAll(value: JsonObject, fields: Fields): boolean {
  return fields.every(([field, fits]) => fits(ownValue(value, field)));
}

const none: readonly string[] = Object.freeze([]);

function misfits(value: JsonObject, fields: Fields): readonly string[] {
  if (fitsAll(value, fields)) return none;
  return fields.flatMap(([field, fits]) => (fits(ownValue(value, field)) ? [] : [field]));
}

function ownValue(value: JsonObject, field: string): Json | undefined {
  return Object.hasOwn(value, field) ? value[field] : undefined;
}
