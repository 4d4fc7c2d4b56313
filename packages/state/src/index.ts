/**
 * A stack's state: its format, journal, locks, backends, and the secrets in it.
 *
 * @packageDocumentation
 */
export { type AzureBlobOptions, azureBlobBackend } from "./azure-blob/azure-blob-backend.ts";
export type { Environment } from "./azure-blob/credentials.ts";
export type { LockHolder, LockPurpose, Outcome, StateBackend, StateSession } from "./backend.ts";
export { canonicalJson, digestOf } from "./canonical.ts";
export { verifiedChecksum, withChecksum } from "./checksummed.ts";
export { stateCodes } from "./codes.ts";
export { exportState, readExportedState, renameStack } from "./edits/exported-state.ts";
export { moveRecords, planMoves, type RecordMove } from "./edits/move-records.ts";
export { protectRecords } from "./edits/protect-records.ts";
export { planRemovals, type RecordRemoval, removeRecords } from "./edits/remove-records.ts";
export { differenceOf, isSame, refuseLoss, type StateDifference } from "./edits/replacement.ts";
export { findRecord, findUrn, typedName } from "./edits/selection.ts";
export { fileBackend, historyLength } from "./file-backend.ts";
export { existingKeyFileAt, type KeySource, memoryKey } from "./key-file.ts";
export type { LeaseTimes } from "./lease.ts";
export { type BeforeWrite, memoryBackend } from "./memory-backend.ts";
export { defaultBackendUrl, openBackend } from "./open-backend.ts";
export type { RepairFinding } from "./repair/finding.ts";
export type { RepairOutcome } from "./repair/repair-stack.ts";
export {
  type RepairedState,
  repairState,
  type RepairSubject,
  type RepairTexts,
} from "./repair/repair-state.ts";
export { plainJson, seal, unseal, type UnreadableSecret } from "./sealing.ts";
export { openSecrets, type Secrets, type SecretsOptions } from "./secrets.ts";
export type { HeldStorage, KeptSnapshot, SnapshotSerials, StackStorage, StackTexts } from "./storage.ts";
export { storedBackend, type StorageSpace } from "./stored-backend.ts";
