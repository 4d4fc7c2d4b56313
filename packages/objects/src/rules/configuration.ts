import { type JsonObject, objectAt, sameJson, textAt, textMapAt } from "../json.ts";
import { configKey, dns1123Subdomain } from "./content.ts";
import { type FieldError, forbidden, invalid, invalids, tooLong } from "./field-error.ts";
import type { KindRules } from "./kind-rules.ts";
import { checkImmutable, checkMetadata, checkMetadataUpdate } from "./metadata.ts";

// Rules: kubernetes v1.36 `pkg/apis/core/validation` (`ValidateConfigMap`, `ValidateSecret` and their updates).

const SIZE_LIMIT = 1024 * 1024;
const FROZEN = "field is immutable when `immutable` is set";

export const configMap: KindRules = {
  checkName: dns1123Subdomain,
  checkCreate: checkConfigMap,
  checkUpdate: (object, live) => [
    ...checkMeta(object, live),
    ...checkFrozen(object, live, ["data", "binaryData"]),
    ...checkMetadata(objectAt(object, "metadata") ?? {}, true, dns1123Subdomain),
    ...checkConfigMap(object),
  ],
};

export const secret: KindRules = {
  checkName: dns1123Subdomain,
  prepareCreate: mergeStringData,
  prepareUpdate: mergeStringData,
  checkCreate: checkSecret,
  checkUpdate: (object, live) => [
    ...checkMeta(object, live),
    ...checkImmutable("type", object["type"], live["type"]),
    ...checkFrozen(object, live, ["data"]),
    ...checkMetadata(objectAt(object, "metadata") ?? {}, true, dns1123Subdomain),
    ...checkSecret(object),
  ],
};

function checkMeta(object: JsonObject, live: JsonObject): FieldError[] {
  return checkMetadataUpdate(objectAt(object, "metadata") ?? {}, objectAt(live, "metadata") ?? {});
}

function checkFrozen(object: JsonObject, live: JsonObject, fields: readonly string[]): FieldError[] {
  if (live["immutable"] !== true) return [];
  const thawed = object["immutable"] === true ? [] : [forbidden("immutable", FROZEN)];
  const changed = fields.filter((name) => !sameJson(object[name] ?? {}, live[name] ?? {}));
  return [...thawed, ...changed.map((name) => forbidden(name, FROZEN))];
}

function checkConfigMap(object: JsonObject): FieldError[] {
  const binary = objectAt(object, "binaryData") ?? {};
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(objectAt(object, "data") ?? {})) {
    errors.push(...invalids(`data[${key}]`, key, configKey(key)));
    if (Object.hasOwn(binary, key))
      errors.push(invalid(`data[${key}]`, key, "duplicate of key present in binaryData"));
    size += typeof value === "string" ? value.length : 0;
  }
  for (const [key, value] of Object.entries(binary)) {
    errors.push(...invalids(`binaryData[${key}]`, key, configKey(key)));
    size += decodedLength(value);
  }
  return size > SIZE_LIMIT ? [...errors, tooLong("", SIZE_LIMIT)] : errors;
}

const NEEDED_KEYS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

function checkSecret(object: JsonObject): FieldError[] {
  const data = objectAt(object, "data") ?? {};
  const errors = Object.keys(data).flatMap((key) => invalids(`data[${key}]`, key, configKey(key)));
  const size = Object.values(data).reduce((sum: number, value) => sum + decodedLength(value), 0);
  if (size > SIZE_LIMIT) errors.push(tooLong("data", SIZE_LIMIT));
  const type = textAt(object, "type");
  const needed = Object.hasOwn(NEEDED_KEYS, type) ? (NEEDED_KEYS[type] ?? []) : [];
  const missing = needed.filter((key) => !Object.hasOwn(data, key));
  return [
    ...errors,
    ...missing.map((key) => ({ type: "FieldValueRequired", field: `data[${key}]`, detail: "" }) as const),
  ];
}

/** What is given as text is stored in base64 with the rest. */
function mergeStringData(object: { [name: string]: JsonObject[string] }): void {
  const encoded = Object.entries(textMapAt(object, "stringData")).map(
    ([key, value]) => [key, encode(value)] as const,
  );
  delete object["stringData"];
  if (encoded.length === 0) return;
  object["data"] = { ...objectAt(object, "data"), ...Object.fromEntries(encoded) };
}

function encode(text: string): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function decodedLength(value: unknown): number {
  return typeof value === "string" ? Math.floor((value.replace(/=+$/, "").length * 3) / 4) : 0;
}
