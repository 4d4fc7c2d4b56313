import type { Json, JsonObject, PendingOperation, ResourceRecord, SecretsKey } from "@berth/core";
import { isJsonObject } from "./parse.ts";

/** The fields that a record must have and this JSON lacks, or has with another type. */
export function missingRecordFields(value: JsonObject): readonly string[] {
  return [
    ...["urn", "type", "provider", "id", "operationKey"].filter((field) => !isText(value[field])),
    ...["inputs", "outputs", "assigned", "references"].filter((field) => !isJsonObject(value[field])),
    ...(isListOfTexts(value["dependencies"]) ? [] : ["dependencies"]),
    ...(typeof value["protect"] === "boolean" ? [] : ["protect"]),
    ...(value["providerResource"] === undefined || isText(value["providerResource"])
      ? []
      : ["providerResource"]),
  ];
}

/** The fields that a pending operation must have and this JSON lacks. */
export function missingOperationFields(value: JsonObject): readonly string[] {
  return ["urn", "type", "action", "operationKey"].filter((field) => !isText(value[field]));
}

export function isRecord(value: Json | undefined): value is JsonObject & ResourceRecord {
  return isJsonObject(value) && missingRecordFields(value).length === 0;
}

export function isOperation(value: Json | undefined): value is JsonObject & PendingOperation {
  return isJsonObject(value) && missingOperationFields(value).length === 0;
}

/** Records are JSON by their types; interfaces only lack the index signature that says so. */
export function asJson(value: ResourceRecord | PendingOperation): JsonObject {
  return { ...value };
}

export function isSecretsKey(value: Json | undefined): value is JsonObject & SecretsKey {
  return (
    isJsonObject(value) &&
    (value["source"] === "passphrase" || value["source"] === "file") &&
    isText(value["salt"]) &&
    isText(value["check"])
  );
}

function isText(value: Json | undefined): boolean {
  return typeof value === "string" && value !== "";
}

function isListOfTexts(value: Json | undefined): boolean {
  return Array.isArray(value) && value.every(isText);
}
