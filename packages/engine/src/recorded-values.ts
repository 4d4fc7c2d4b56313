import { formatPath, type JsonObject, Unknown, type Urn, type ValueObject } from "@berth/core";
import { type Secrets, unseal } from "@berth/state";

/** Recorded JSON as values: ciphertext becomes a secret again, or, where it cannot be read, unknown. */
export function openRecorded(json: JsonObject, urn: Urn, secrets: Secrets): ValueObject {
  return unseal(json, secrets, (_, path) => new Unknown([{ urn, path: formatPath(path) }], true));
}
