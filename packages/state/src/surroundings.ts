import type { PendingOperation, ResourceRecord, Urn } from "@berth/core";
import { produce } from "immer";

/** The parts of a record that name other resources. */
export type Surroundings = Pick<
  ResourceRecord,
  "urn" | "dependencies" | "references" | "parent" | "cluster" | "providerResource" | "options"
>;

/**
 * What must come before a record wherever both are recorded: its dependencies, what its inputs took
 * values from, its parent, its cluster, its provider resource. A URN may come more than once.
 */
export function forEachNeed(record: Surroundings, see: (urn: Urn) => void): void {
  for (const urn of record.dependencies) see(urn);
  for (const input in record.references) for (const urn of record.references[input]!) see(urn);
  if (record.parent !== undefined) see(record.parent);
  if (record.cluster !== undefined) see(record.cluster);
  if (record.providerResource !== undefined) see(record.providerResource);
}

/** Everything that a record names: what it needs, and what it is deleted with, which may come in any order. */
export function forEachMention(record: Surroundings, see: (urn: Urn) => void): void {
  forEachNeed(record, see);
  if (record.options?.deletedWith !== undefined) see(record.options.deletedWith);
}

/**
 * A record without what it says of some others, as far as it can go without: an operation writes it
 * anew at its end. Its cluster and its provider resource are part of what it is, and stay.
 */
export function withoutNeeds(record: ResourceRecord, isLeft: (urn: Urn) => boolean): ResourceRecord {
  return produce(record, (draft) => {
    draft.dependencies = draft.dependencies.filter((urn) => !isLeft(urn));
    for (const [input, urns] of Object.entries(draft.references)) {
      const left = urns.filter((urn) => !isLeft(urn));
      if (left.length === 0) delete draft.references[input];
      else if (left.length < urns.length) draft.references[input] = left;
    }
    if (draft.parent !== undefined && isLeft(draft.parent)) delete draft.parent;
  });
}

/** A record of which only the dependencies that answer to this are left. */
export function withDependencies(record: ResourceRecord, stays: (urn: Urn) => boolean): ResourceRecord {
  return produce(record, (draft) => {
    draft.dependencies = draft.dependencies.filter(stays);
  });
}

/** A record, or what is intended to become one, in which resources have other URNs. */
export function renamed<T extends Surroundings>(record: T, rename: (urn: Urn) => Urn): T {
  const renameAll = (urns: readonly Urn[]): readonly Urn[] =>
    urns.some((urn) => rename(urn) !== urn) ? [...new Set(urns.map(rename))].toSorted() : urns;
  const { parent, cluster, providerResource, options } = record;
  const deletedWith = options?.deletedWith;
  return {
    ...record,
    urn: rename(record.urn),
    dependencies: renameAll(record.dependencies),
    references: Object.fromEntries(
      Object.entries(record.references).map(([input, urns]) => [input, renameAll(urns)]),
    ),
    ...(parent !== undefined && { parent: rename(parent) }),
    ...(cluster !== undefined && { cluster: rename(cluster) }),
    ...(providerResource !== undefined && { providerResource: rename(providerResource) }),
    ...(deletedWith !== undefined && { options: { ...options, deletedWith: rename(deletedWith) } }),
  };
}

/** The operation on what has another URN from now on. */
export function renamedOperation(operation: PendingOperation, rename: (urn: Urn) => Urn): PendingOperation {
  const { urn, intended } = operation;
  return { ...operation, urn: rename(urn), ...(intended && { intended: renamed(intended, rename) }) };
}
