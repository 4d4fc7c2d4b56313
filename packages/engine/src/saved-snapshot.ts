import {
  type ClusterSnapshot,
  isEncryptedValue,
  type Json,
  type JsonObject,
  type StackState,
} from "@berth/core";
import type { Secrets } from "@berth/state";
import { openRecorded } from "./recorded-values.ts";
import type { Redactor } from "./redactor.ts";

/**
 * A snapshot as it may lie on a disk: a cluster's pods hold in plaintext what the state holds
 * encrypted. Every text with a secret of the stack in it is masked, in pods and templates alike, so that
 * they still compare as equal. Nothing where a recorded secret can't be read: what can't be known can't be masked.
 */
export function withoutSecrets(
  snapshot: ClusterSnapshot,
  state: StackState,
  secrets: Secrets,
  redactor: Redactor,
): ClusterSnapshot | undefined {
  for (const { urn, inputs, outputs } of state.resources) {
    for (const recorded of [inputs, outputs]) {
      if (!readable(recorded, secrets)) return undefined;
      redactor.learn(openRecorded(recorded, urn, secrets));
    }
  }
  return { ...snapshot, objects: snapshot.objects.map((object) => redactor.json(object) as JsonObject) };
}

function readable(json: Json, secrets: Secrets): boolean {
  if (typeof json !== "object" || json === null) return true;
  if (isEncryptedValue(json)) return secrets.decrypt(json) !== undefined;
  return Object.values(json).every((each: Json) => readable(each, secrets));
}
