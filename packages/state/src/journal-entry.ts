import type {
  Json,
  JsonObject,
  LastOperation,
  PendingOperation,
  ResourceRecord,
  SecretsKey,
  Urn,
} from "@berth/core";
import { isJsonObject } from "./parse.ts";
import { isLastOperation, isOperation, isRecord, isSecretsKey } from "./shape.ts";

/** One change of a stack's state, as it stands in the journal. */
export type JournalEntry =
  | { readonly kind: "begin"; readonly operation: PendingOperation }
  | {
      readonly kind: "recorded";
      readonly operationKey: string;
      readonly record: ResourceRecord;
      /** What stood under the URN stays until it is deleted. */
      readonly supersedes?: true;
    }
  | {
      readonly kind: "removed";
      readonly operationKey: string;
      readonly urn: Urn;
      /** Operation key of the superseded record that it was about. */
      readonly superseded?: string;
    }
  | {
      readonly kind: "failed";
      readonly operationKey: string;
      readonly urn: Urn;
      readonly superseded?: string;
      readonly reason: string;
    }
  | { readonly kind: "amended"; readonly record: ResourceRecord }
  | { readonly kind: "moved"; readonly from: Urn; readonly to: Urn }
  | { readonly kind: "forgotten"; readonly urn: Urn; readonly superseded?: string }
  | { readonly kind: "outputs"; readonly outputs: JsonObject }
  | { readonly kind: "secrets-key"; readonly key: SecretsKey }
  | {
      readonly kind: "operation";
      /** Absent: it was not said what it is for. */
      readonly operation?: LastOperation;
    };

type Check = (entry: JsonObject) => boolean;

const isText = (value: Json | undefined): boolean => typeof value === "string" && value !== "";
const isTextOrAbsent = (value: Json | undefined): boolean => value === undefined || isText(value);

const checks: Readonly<Record<JournalEntry["kind"], Check>> = {
  begin: (entry) => isOperation(entry["operation"]),
  recorded: (entry) =>
    isText(entry["operationKey"]) &&
    isRecord(entry["record"]) &&
    (entry["supersedes"] === undefined || entry["supersedes"] === true),
  removed: (entry) =>
    isText(entry["operationKey"]) && isText(entry["urn"]) && isTextOrAbsent(entry["superseded"]),
  failed: (entry) =>
    isText(entry["operationKey"]) &&
    isText(entry["urn"]) &&
    isTextOrAbsent(entry["superseded"]) &&
    typeof entry["reason"] === "string",
  amended: (entry) => isRecord(entry["record"]),
  moved: (entry) => isText(entry["from"]) && isText(entry["to"]),
  forgotten: (entry) => isText(entry["urn"]) && isTextOrAbsent(entry["superseded"]),
  outputs: (entry) => isJsonObject(entry["outputs"]),
  "secrets-key": (entry) => isSecretsKey(entry["key"]),
  operation: (entry) => entry["operation"] === undefined || isLastOperation(entry["operation"]),
};

/** The kinds that this version writes and reads. */
export const journalEntryKinds: ReadonlySet<string> = new Set(Object.keys(checks));

/** Whether JSON is a whole entry of a known kind. */
export function isJournalEntry(value: Json | undefined): value is JsonObject & JournalEntry {
  if (!isJsonObject(value)) return false;
  const { kind } = value;
  return isKind(kind) && checks[kind](value);
}

function isKind(kind: Json | undefined): kind is JournalEntry["kind"] {
  return typeof kind === "string" && journalEntryKinds.has(kind);
}
