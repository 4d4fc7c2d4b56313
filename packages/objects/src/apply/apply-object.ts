import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { storedForm } from "../schema/stored-form.ts";
import type { StructType } from "../schema/type.ts";
import {
  difference,
  EMPTY,
  type FieldSet,
  fieldsNamed,
  intersection,
  isEmptySet,
  recursiveDifference,
  union,
  withNamedFields,
} from "./field-set.ts";
import { capUpdaters, type ManagedSet, type Managers, managerId, withoutIdle } from "./managed-fields.ts";
import { compareTyped, fieldSetOf, mergeTyped, removeFields } from "./typed.ts";

// Rules: `sigs.k8s.io/structured-merge-diff` v6 `merge.Updater`, and the chain of managers in
// `k8s.io/apimachinery` v0.36 `pkg/util/managedfields/internal`.

/** Who writes, as it will stand in managedFields. */
export type Writer = Pick<ManagedSet, "manager" | "apiVersion" | "subresource"> & { readonly time: string };

/** A write to an object of one kind, against what is stored. */
export interface FieldWrite {
  readonly type: StructType;
  /** The stored object without managedFields; an empty one of its type where there is none yet. */
  readonly live: JsonObject;
  readonly managers: Managers;
  readonly writer: Writer;
  /** Fields that this request cannot set: what is written to them is dropped, so nobody comes to own them. */
  readonly ignored: FieldSet;
}

export interface Applied {
  readonly kind: "applied";
  readonly object: JsonObject;
  readonly managers: Managers;
}

export interface Conflicts {
  readonly kind: "conflicts";
  /** The fields in conflict, by the manager that owns them. */
  readonly owners: ReadonlyMap<ManagedSet, FieldSet>;
}

/** Fields that nobody owns, whoever writes them. */
const UNOWNED = fieldsNamed(
  ["apiVersion"],
  ["kind"],
  ["metadata"],
  ...[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "clusterName",
    "generation",
    "managedFields",
    "resourceVersion",
  ].map((name) => ["metadata", name]),
);

/**
 * Server-side apply: lays what is stated over the stored object, removes what this manager stated last time and no
 * longer does (unless somebody else owns it too), and finds the conflicts with other owners.
 */
export function applyFields(write: FieldWrite, stated: JsonObject, force: boolean): Applied | Conflicts {
  const { type, writer, ignored } = write;
  const managers = write.managers.size > 0 ? write.managers : beforeFirstApply(write);
  const self: ManagedSet = {
    ...writer,
    operation: "Apply",
    fields: recursiveDifference(fieldSetOf(type, stated), ignored),
  };
  const id = managerId(self);
  const last = managers.get(id);
  const merged = objectOf(mergeTyped(type, write.live, stated));
  const claimed = new Map(managers).set(id, self);
  const object = last ? prune(type, merged, claimed, last.fields) : merged;

  const taken = takeFrom(claimed, id, write, object);
  if (!force && taken.conflicts.size > 0) return { kind: "conflicts", owners: taken.conflicts };
  const isSame = isEmptySet(taken.set) && isEmptySet(taken.removed);
  const time = isSame ? last?.time : writer.time;
  return { kind: "applied", object, managers: settle(taken.managers, id, time) };
}

/** Any other write: whoever changes a field owns it from then on. */
export function updateFields(write: FieldWrite, object: JsonObject): Managers {
  const self = { ...write.writer, operation: "Update" } as const;
  const id = managerId(self);
  const taken = takeFrom(write.managers, undefined, write, object);
  const gained = difference(taken.set, UNOWNED);
  const managers = new Map(taken.managers);
  const kept = managers.get(id)?.fields ?? EMPTY;
  if (!isEmptySet(gained)) managers.set(id, { ...self, fields: union(gained, kept) });
  return capUpdaters(withoutIdle(managers));
}

/** An object that nobody tracked belongs, as a whole, to whoever wrote it before. */
function beforeFirstApply(write: FieldWrite): Managers {
  const empty = storedForm(write.type, {});
  return updateFields(
    { ...write, live: empty, writer: { ...write.writer, manager: "before-first-apply" } },
    write.live,
  );
}

/** What the other managers lose to a write, and what they would rather keep. */
function takeFrom(managers: Managers, self: string | undefined, write: FieldWrite, object: JsonObject) {
  const comparison = compareTyped(write.type, write.live, object);
  const set = recursiveDifference(union(comparison.added, comparison.modified), write.ignored);
  const removed = recursiveDifference(comparison.removed, write.ignored);
  const conflicts = new Map<ManagedSet, FieldSet>();
  const left = new Map<string, ManagedSet>();
  for (const [id, entry] of managers) {
    if (id === self) {
      left.set(id, entry);
      continue;
    }
    const lost = intersection(entry.fields, set);
    if (!isEmptySet(lost)) conflicts.set(entry, lost);
    left.set(id, { ...entry, fields: difference(difference(entry.fields, lost), removed) });
  }
  return { managers: withoutIdle(left), conflicts, set, removed };
}

/**
 * Removes what the manager stated last time and states no longer. What others own comes back, and so does what it
 * never owned itself: fields below an element that went away with it.
 */
function prune(type: StructType, merged: JsonObject, managers: Managers, last: FieldSet): JsonObject {
  if (isEmptySet(last)) return merged;
  const lastNamed = withNamedFields(last, type);
  let pruned = removeFields(type, merged, lastNamed);
  const mergedSet = withNamedFields(fieldSetOf(type, merged), type);

  let owned = EMPTY;
  for (const entry of managers.values()) owned = union(owned, entry.fields);
  const kept = union(withNamedFields(fieldSetOf(type, pruned), type), withNamedFields(owned, type));
  pruned = removeFields(type, merged, difference(mergedSet, kept));

  const gone = difference(mergedSet, withNamedFields(fieldSetOf(type, pruned), type));
  return objectOf(removeFields(type, merged, intersection(gone, lastNamed)));
}

function settle(managers: Managers, id: string, time: string | undefined): Managers {
  const settled = new Map(managers);
  const self = settled.get(id);
  if (self) {
    const { time: _before, ...rest } = self;
    settled.set(id, {
      ...rest,
      fields: difference(self.fields, UNOWNED),
      ...(time === undefined ? {} : { time }),
    });
  }
  return withoutIdle(settled);
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
