import { isEncryptedValue, type Json, type JsonObject } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { type Secrets, stateCodes } from "@berth/state";

/** Kept values with their secrets as they are. @throws BERTH4020 where one cannot be read */
export function revealed(values: JsonObject, secrets: Secrets): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([name, each]) => [name, reveal(each, secrets)]));
}

function reveal(json: Json, secrets: Secrets): Json {
  if (typeof json !== "object" || json === null) return json;
  if (isEncryptedValue(json)) {
    const plaintext = secrets.decrypt(json);
    if (plaintext !== undefined) return plaintext;
    const message = "a secret cannot be read: its key is not at hand, or is another one";
    throw new BerthError([problem(stateCodes.BERTH4020, { message })]);
  }
  return isList(json) ? json.map((each) => reveal(each, secrets)) : revealed(json, secrets);
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
