import { isJsonObject, type Json, type JsonObject, type MutableJsonObject } from "../json.ts";
import { compareText } from "../reference.ts";
import { EMPTY, type FieldSet, isEmptySet, readFieldsV1, union, writeFieldsV1 } from "./field-set.ts";

/** Who owns which fields of an object, by {@link managerId}. */
export type Managers = ReadonlyMap<string, ManagedSet>;

/** What one manager owns, and how it came to own it. */
export interface ManagedSet {
  readonly manager: string;
  /** `Apply` for server-side apply, `Update` for everything else. */
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly fields: FieldSet;
  /** When it last changed them: RFC 3339, whole seconds, UTC. */
  readonly time?: string;
}

/**
 * What tells managers apart: name, operation, subresource, and for updates the version. The text is that of
 * Kubernetes, whose messages list managers in its order.
 */
export function managerId({
  manager,
  operation,
  apiVersion,
  subresource,
}: Omit<ManagedSet, "fields">): string {
  return JSON.stringify({
    ...(manager === "" ? {} : { manager }),
    operation,
    ...(operation === "Update" ? { apiVersion } : {}),
    ...(subresource === undefined ? {} : { subresource }),
  });
}

/** Reads `metadata.managedFields`; nothing where an entry is malformed. */
export function readManagers(value: Json | undefined): Managers | undefined {
  const managers = new Map<string, ManagedSet>();
  if (value === undefined || value === null) return managers;
  if (!Array.isArray(value)) return undefined;
  for (const entry of value) {
    const read = isJsonObject(entry) ? readEntry(entry) : undefined;
    if (!read) return undefined;
    managers.set(managerId(read), read);
  }
  return managers;
}

function readEntry(entry: JsonObject): ManagedSet | undefined {
  const { manager = "", operation, apiVersion, subresource, fieldsType, fieldsV1, time } = entry;
  if (operation !== "Apply" && operation !== "Update") return undefined;
  if (typeof apiVersion !== "string" || apiVersion === "" || fieldsType !== "FieldsV1") return undefined;
  const fields = fieldsV1 === undefined ? EMPTY : readFieldsV1(fieldsV1);
  if (!fields || typeof manager !== "string") return undefined;
  return {
    manager,
    operation,
    apiVersion,
    fields,
    ...(typeof subresource === "string" && subresource !== "" ? { subresource } : {}),
    ...(typeof time === "string" ? { time } : {}),
  };
}

/** Writes `metadata.managedFields`, in the order in which Kubernetes does. */
export function writeManagers(managers: Managers): MutableJsonObject[] {
  return [...managers.values()].sort(compareEntries).map((entry) => {
    const written: MutableJsonObject = {
      manager: entry.manager,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
    };
    if (entry.time !== undefined) written["time"] = entry.time;
    written["fieldsType"] = "FieldsV1";
    written["fieldsV1"] = writeFieldsV1(entry.fields);
    if (entry.subresource !== undefined) written["subresource"] = entry.subresource;
    return written;
  });
}

function compareEntries(a: ManagedSet, b: ManagedSet): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time ?? "", b.time ?? "") ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource ?? "", b.subresource ?? "")
  );
}

const MAX_UPDATERS = 10;

/**
 * At most ten managers from updates are kept apart; the oldest beyond them become one, `ancient-changes`.
 *
 * Rules: `k8s.io/apimachinery` `pkg/util/managedfields/internal/capmanagers.go`.
 */
export function capUpdaters(managers: Managers): Managers {
  const updaters = [...managers].filter(([, entry]) => entry.operation === "Update");
  let count = updaters.length;
  if (count <= MAX_UPDATERS) return managers;
  updaters.sort(
    ([a, left], [b, right]) => compareText(left.time ?? "", right.time ?? "") || compareText(a, b),
  );

  const capped = new Map(managers);
  const firstOfVersion = new Map<string, string>();
  for (const [id, entry] of updaters) {
    if (count <= MAX_UPDATERS) break;
    const first = firstOfVersion.get(entry.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(entry.apiVersion, id);
      continue;
    }
    const { apiVersion, time } = entry;
    const bucket = { manager: "ancient-changes", operation: "Update", apiVersion } as const;
    const bucketId = managerId(bucket);
    const merged = capped.get(bucketId) ?? capped.get(first);
    if (!capped.has(bucketId)) capped.delete(first);
    const fields = union(entry.fields, merged?.fields ?? EMPTY);
    capped.set(bucketId, { ...bucket, fields, ...(time === undefined ? {} : { time }) });
    capped.delete(id);
    count--;
  }
  return capped;
}

/** Without those that own nothing. */
export function withoutIdle(managers: Managers): Managers {
  return new Map([...managers].filter(([, entry]) => !isEmptySet(entry.fields)));
}
