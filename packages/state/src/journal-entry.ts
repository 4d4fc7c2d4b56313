import type { JsonObject, PendingOperation, ResourceRecord, SecretsKey, Urn } from "@berth/core";

/** One change of a stack's state, as it stands in the journal. */
export type JournalEntry =
  | { readonly kind: "begin"; readonly operation: PendingOperation }
  | { readonly kind: "recorded"; readonly operationKey: string; readonly record: ResourceRecord }
  | { readonly kind: "removed"; readonly operationKey: string; readonly urn: Urn }
  | { readonly kind: "failed"; readonly operationKey: string; readonly urn: Urn; readonly reason: string }
  | { readonly kind: "amended"; readonly record: ResourceRecord }
  | { readonly kind: "outputs"; readonly outputs: JsonObject }
  | { readonly kind: "secrets-key"; readonly key: SecretsKey };

/** The kinds that this version writes and reads. */
export const journalEntryKinds: ReadonlySet<string> = new Set<JournalEntry["kind"]>([
  "begin",
  "recorded",
  "removed",
  "failed",
  "amended",
  "outputs",
  "secrets-key",
]);
