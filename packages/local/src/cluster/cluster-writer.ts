import {
  applyDefaults,
  type KubernetesObject,
  type Node,
  type ObjectRef,
  refKey,
  refOf,
} from "@berth/objects";
import type { DeletionPropagation, ObjectChange, Simulation } from "@berth/simulator";
import type { Json } from "../store/json.ts";
import type { Transaction } from "../store/store.ts";
import { type ClusterRecord, counterOf, objectsOf } from "./cluster-spec.ts";
import { uid } from "./naming.ts";
import { podRangeOfNode } from "./pod-addresses.ts";

/**
 * A cluster inside a transaction. What is put and removed is stored at once; controllers react when
 * the transaction ends ({@link settle}), and what they changed is stored with it.
 */
export class ClusterWriter {
  readonly record: ClusterRecord;
  readonly #transaction: Transaction;
  readonly #now: () => string;
  /** Absent while controllers are off. */
  readonly #simulation: Simulation | undefined;
  readonly #written = new Map<string, KubernetesObject>();

  constructor(
    record: ClusterRecord,
    transaction: Transaction,
    now: () => string,
    simulation: Simulation | undefined,
  ) {
    this.record = record;
    this.#transaction = transaction;
    this.#now = now;
    this.#simulation = simulation;
  }

  get(ref: ObjectRef): KubernetesObject | undefined {
    return asObject(this.#transaction.get(objectsOf(this.record), refKey(ref)));
  }

  /** Objects of a kind in order of creation. */
  *list(kind: { readonly apiVersion: string; readonly kind: string }): Iterable<KubernetesObject> {
    yield* objectsOfKind(this.#transaction.entries(objectsOf(this.record)), kind);
  }

  /**
   * Creates or replaces an object, and gives it what only the server knows: uid and creation time
   * if it is new, and the next resource version. Returns it as it is stored.
   */
  put(object: KubernetesObject): KubernetesObject {
    const { metadata } = object;
    const stamped = {
      ...this.#withPodRange(object),
      metadata: {
        ...metadata,
        uid: metadata?.uid ?? this.#nextUid(),
        creationTimestamp: metadata?.creationTimestamp ?? this.#now(),
        resourceVersion: this.#nextVersion(),
      },
    };
    const held = this.#simulation?.put(stamped) ?? stamped;
    this.#written.set(refKey(refOf(held)), held);
    this.#store(held);
    return held;
  }

  remove(ref: ObjectRef, propagation?: DeletionPropagation): void {
    this.#simulation?.remove(ref, propagation);
    this.#transaction.delete(objectsOf(this.record), refKey(ref));
  }

  /** Lets the cluster come to rest, and stores what changed. */
  settle(): void {
    if (!this.#simulation) return;
    this.#simulation.settle();
    for (const change of this.#simulation.takeChanges()) this.#record(change);
    this.#simulation.forget();
  }

  #record({ reference, object }: ObjectChange): void {
    const key = refKey(reference);
    if (!object) this.#transaction.delete(objectsOf(this.record), key);
    else if (this.#written.get(key) !== object) {
      const stamped = { ...object, metadata: { ...object.metadata, resourceVersion: this.#nextVersion() } };
      // As the API server writes it, so that reading and writing it back changes nothing.
      this.#store(applyDefaults(stamped));
    }
  }

  #store(object: KubernetesObject): void {
    this.#transaction.put(objectsOf(this.record), refKey(refOf(object)), asJson(object));
  }

  /** A node that joins gets its part of the pod range. */
  #withPodRange(object: KubernetesObject): KubernetesObject {
    if (!isNode(object) || object.spec?.podCIDR !== undefined) return object;
    const nth = this.#transaction.next(counterOf(this.record, "nodes-joined"));
    const range = podRangeOfNode(this.record.podRange, nth, () => [...this.list(object)].filter(isNode));
    const ranged: Node =
      range === undefined
        ? object
        : { ...object, spec: { ...object.spec, podCIDR: range, podCIDRs: [range] } };
    return ranged;
  }

  #nextUid(): string {
    return uid(this.record.number, this.#transaction.next(counterOf(this.record, "uid")));
  }

  #nextVersion(): string {
    return String(this.#transaction.next(counterOf(this.record, "resource-version")));
  }
}

function isNode(object: KubernetesObject): object is Node {
  return object.apiVersion === "v1" && object.kind === "Node";
}

/** Those of a cluster's stored entries that are of a kind. */
export function* objectsOfKind(
  entries: Iterable<readonly [string, Json]>,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): Iterable<KubernetesObject> {
  const prefix = `${apiVersion} ${kind} `;
  for (const [key, value] of entries) {
    const object = key.startsWith(prefix) ? asObject(value) : undefined;
    if (object) yield object;
  }
}

/** What the store gives back is what was stored: objects were checked on their way in. */
export function asObject(value: Json | undefined): KubernetesObject | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return "apiVersion" in value && "kind" in value ? (value as Json & KubernetesObject) : undefined;
}

export function asJson(object: KubernetesObject): NonNullable<Json> {
  return object as KubernetesObject & { readonly [key: string]: Json };
}
