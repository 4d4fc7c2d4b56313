import {
  type Json,
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  sameJson,
  textAt,
  textMapAt,
  textsAt,
} from "../json.ts";
import { type ContentCheck, dns1123Label, labelValue, qualifiedName } from "./content.ts";
import { type FieldError, forbidden, invalid, invalids, required, tooLong } from "./field-error.ts";

const ANNOTATIONS_LIMIT = 256 * 1024;
export const IMMUTABLE = "field is immutable";

/**
 * Metadata of an object that is created.
 *
 * Rules: `k8s.io/apimachinery` v0.36 `pkg/api/validation/objectmeta.go`.
 */
export function checkMetadata(
  metadata: JsonObject,
  namespaced: boolean,
  checkName: ContentCheck,
): FieldError[] {
  const [name, namespace] = [textAt(metadata, "name"), textAt(metadata, "namespace")];
  const errors: FieldError[] = [];
  if (name === "") errors.push(required("metadata.name", "name or generateName is required"));
  else errors.push(...invalids("metadata.name", name, checkName(name)));
  if (namespaced) {
    if (namespace === "") errors.push(required("metadata.namespace"));
    else errors.push(...invalids("metadata.namespace", namespace, dns1123Label(namespace)));
  } else if (namespace !== "") errors.push(forbidden("metadata.namespace", "not allowed on this type"));
  return [...errors, ...checkCommon(metadata), ...checkFinalizers(metadata)];
}

/** Metadata of an object that is updated. */
export function checkMetadataUpdate(metadata: JsonObject, live: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  if (live["deletionTimestamp"] !== undefined) {
    const before = textsAt(live, "finalizers");
    const added = textsAt(metadata, "finalizers").filter((each) => !before.includes(each));
    const list = `[]string{${added.map((each) => JSON.stringify(each)).join(", ")}}`;
    const message = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
    if (added.length > 0) errors.push(forbidden("metadata.finalizers", message));
  }
  const [generation, before] = [numberAt(metadata, "generation") ?? 0, numberAt(live, "generation") ?? 0];
  if (generation < before) errors.push(invalid("metadata.generation", generation, "must not be decremented"));
  for (const name of [
    "name",
    "namespace",
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
  ]) {
    errors.push(...checkImmutable(`metadata.${name}`, metadata[name], live[name]));
  }
  return [...errors, ...checkCommon(metadata)];
}

function checkCommon(metadata: JsonObject): FieldError[] {
  return [
    ...checkLabels(textMapAt(metadata, "labels"), "metadata.labels"),
    ...checkAnnotations(textMapAt(metadata, "annotations"), "metadata.annotations"),
    ...checkOwners(metadata),
  ];
}

export function checkLabels(labels: Readonly<Record<string, string>>, field: string): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...invalids(field, key, qualifiedName(key)),
    ...invalids(field, value, labelValue(value)),
  ]);
}

export function checkAnnotations(annotations: Readonly<Record<string, string>>, field: string): FieldError[] {
  const entries = Object.entries(annotations);
  const size = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  const keys = entries.flatMap(([key]) => invalids(field, key, qualifiedName(key.toLowerCase())));
  return size > ANNOTATIONS_LIMIT ? [...keys, tooLong(field, ANNOTATIONS_LIMIT)] : keys;
}

function checkOwners(metadata: JsonObject): FieldError[] {
  const field = "metadata.ownerReferences";
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const owner of objectsAt(metadata, "ownerReferences")) {
    if (textAt(owner, "apiVersion") === "")
      errors.push(invalid(`${field}.apiVersion`, "", "version must not be empty"));
    for (const name of ["kind", "name", "uid"]) {
      if (textAt(owner, name) === "") errors.push(invalid(`${field}.${name}`, "", "must not be empty"));
    }
    if (owner["controller"] !== true) continue;
    const current = `${textAt(owner, "kind")}/${textAt(owner, "name")}`;
    const message = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${current}`;
    if (controller !== undefined) errors.push(invalid(field, metadata["ownerReferences"] ?? null, message));
    else controller = current;
  }
  return errors;
}

function checkFinalizers(metadata: JsonObject): FieldError[] {
  const finalizers = textsAt(metadata, "finalizers");
  const errors = finalizers.flatMap((each) => invalids("metadata.finalizers", each, qualifiedName(each)));
  const message = "finalizer orphan and foregroundDeletion cannot be both set";
  const isBoth = finalizers.includes("orphan") && finalizers.includes("foregroundDeletion");
  return isBoth ? [...errors, invalid("metadata.finalizers", finalizers, message)] : errors;
}

/** A field whose value is the same as before, or an error. */
export function checkImmutable(
  field: string,
  value: Json | undefined,
  before: Json | undefined,
): FieldError[] {
  return sameJson(value ?? null, before ?? null) ? [] : [invalid(field, value ?? null, IMMUTABLE)];
}

/** A number that is not negative, or an error. */
export function checkNonNegative(owner: JsonObject | undefined, name: string, path: string): FieldError[] {
  const value = numberAt(owner, name) ?? 0;
  return value < 0 ? [invalid(`${path}.${name}`, value, "must be greater than or equal to 0")] : [];
}

/** Keys of an object in order, as Go prints maps. */
export function sortedObject(value: JsonObject | undefined): JsonObject {
  return Object.fromEntries(Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A label selector in the order in which Go prints it. */
export function printedSelector(selector: JsonObject | undefined): Json {
  if (!selector) return null;
  const labels = objectAt(selector, "matchLabels");
  const { matchLabels: _labels, ...rest } = selector;
  return labels ? { matchLabels: sortedObject(labels), ...rest } : rest;
}
