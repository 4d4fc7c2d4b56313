import type { Json, JsonObject, WrittenReference } from "@berth/core";
import { applyDefaults, isJsonObject } from "@berth/objects";
import { isDeepStrictEqual } from "node:util";
import { ownershipAnnotation } from "./ownership.ts";

/** What tools and controllers write beside what people do. */
const foreignAnnotations = new Set([
  ownershipAnnotation,
  "kubectl.kubernetes.io/last-applied-configuration",
  "deployment.kubernetes.io/revision",
]);
const foreignLabels = new Set(["kubernetes.io/metadata.name"]);

/** The manifest that a program would write for a live object: what people said, and not what the server filled in. */
export function writtenObject(live: JsonObject): JsonObject {
  const { apiVersion, kind, status: _, metadata, ...rest } = live;
  const said = { apiVersion: apiVersion ?? "", kind: kind ?? "", ...withoutAssigned(kind, rest) };
  const { apiVersion: __, kind: ___, ...pruned } = withoutDefaults(said);
  return { metadata: writtenMetadata(isJsonObject(metadata) ? metadata : {}), ...pruned };
}

function writtenMetadata(metadata: JsonObject): JsonObject {
  const { name = "", namespace, labels, annotations } = metadata;
  const entries: [string, Json][] = [["name", name]];
  if (typeof namespace === "string" && namespace !== "default")
    entries.push(["namespace", inNamespace(namespace)]);
  const [kept, noted] = [without(labels, foreignLabels), without(annotations, foreignAnnotations)];
  if (kept) entries.push(["labels", kept]);
  if (noted) entries.push(["annotations", noted]);
  return Object.fromEntries(entries);
}

function inNamespace(name: string): WrittenReference {
  const inputs = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  const reference = { type: "kubernetes:Namespace", inputs, property: "metadata.name", otherwise: name };
  return { $berth: "reference", ...reference };
}

function without(from: Json | undefined, names: ReadonlySet<string>): JsonObject | undefined {
  if (!isJsonObject(from)) return undefined;
  const kept = Object.entries(from).filter(([name]) => !names.has(name));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** Without what only the server can know: addresses and ports that it gave, finalizers of its own. */
function withoutAssigned(kind: Json | undefined, object: JsonObject): JsonObject {
  const { spec } = object;
  if (!isJsonObject(spec)) return object;
  if (kind === "Namespace") {
    const { finalizers: _, ...rest } = spec;
    return Object.keys(rest).length === 0
      ? (without(object, new Set(["spec"])) ?? {})
      : { ...object, spec: rest };
  }
  if (kind === "StatefulSet" && Array.isArray(spec["volumeClaimTemplates"])) {
    const claims = (spec["volumeClaimTemplates"] as readonly Json[]).map((each) => {
      if (!isJsonObject(each)) return each;
      const { apiVersion: _, kind: __, status: ___, ...claim } = each;
      return claim;
    });
    return { ...object, spec: { ...spec, volumeClaimTemplates: claims } };
  }
  if (kind !== "Service") return object;
  const {
    clusterIP,
    clusterIPs: _,
    ipFamilies: __,
    ipFamilyPolicy: ___,
    healthCheckNodePort: ____,
    ...said
  } = spec;
  const ports = Array.isArray(said["ports"])
    ? (said["ports"] as readonly Json[]).map(withoutNodePort)
    : undefined;
  const headless = clusterIP === "None" ? { clusterIP } : {};
  return { ...object, spec: { ...headless, ...said, ...(ports && { ports }) } };
}

function withoutNodePort(port: Json): Json {
  if (!isJsonObject(port)) return port;
  const { nodePort: _, ...rest } = port;
  return rest;
}

/** Takes out, from the outside in, everything that the server would fill in again. */
function withoutDefaults(object: JsonObject): JsonObject {
  const whole = applyDefaults(object);
  let current = object;
  const isSame = (candidate: JsonObject): boolean => isDeepStrictEqual(applyDefaults(candidate), whole);
  const visit = (path: readonly (string | number)[]): void => {
    const here = at(current, path);
    if (Array.isArray(here)) for (const i of here.keys()) visit([...path, i]);
    if (!isJsonObject(here)) return;
    for (const key of Object.keys(here)) {
      const candidate = removed(current, [...path, key]);
      if (isJsonObject(candidate) && isSame(candidate)) current = candidate;
      else visit([...path, key]);
    }
  };
  visit([]);
  return current;
}

function at(value: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((from, step) => {
    if (Array.isArray(from)) return from[Number(step)];
    return isJsonObject(from) ? from[step] : undefined;
  }, value);
}

function removed(value: Json, [step, ...rest]: readonly (string | number)[]): Json {
  if (step === undefined) return value;
  if (Array.isArray(value)) return value.map((each: Json, i) => (i === step ? removed(each, rest) : each));
  if (!isJsonObject(value)) return value;
  if (rest.length === 0) return Object.fromEntries(Object.entries(value).filter(([key]) => key !== step));
  return { ...value, [step]: removed(value[step] ?? null, rest) };
}
