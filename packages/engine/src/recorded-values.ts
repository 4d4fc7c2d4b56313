import { formatPath, type JsonObject, SealedSecret, type Urn, type ValueObject } from "@berth/core";
import { type Secrets, unseal } from "@berth/state";

/** Recorded JSON as values: ciphertext becomes a secret again, or, where it cannot be read, a sealed one. */
export function openRecorded(json: JsonObject, urn: Urn, secrets: Secrets): ValueObject {
  return unseal(
    json,
    secrets,
    ({ digest }, path) => new SealedSecret({ urn, path: formatPath(path) }, digest),
  );
}
