import {
  formatPath,
  type JsonObject,
  type ResourceRecord,
  type ResourceView,
  Unknown,
  type Urn,
  type ValueObject,
} from "@berth/core";
import { type Secrets, unseal } from "@berth/state";

/** Recorded JSON as values: ciphertext becomes a secret again, or, where it cannot be read, unknown. */
export function openRecorded(json: JsonObject, urn: Urn, secrets: Secrets): ValueObject {
  return unseal(json, secrets, (_, path) => new Unknown([{ urn, path: formatPath(path) }], true));
}

/** A recorded resource as facet functions see it. */
export function viewOf(record: ResourceRecord, secrets: Secrets): ResourceView {
  const { urn, type, references, cluster } = record;
  const inputs = openRecorded(record.inputs, urn, secrets);
  const outputs = openRecorded(record.outputs, urn, secrets);
  return { urn, type, inputs, outputs, references, ...(cluster !== undefined && { cluster }) };
}
