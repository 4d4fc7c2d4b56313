import { type KubernetesObject, type ObjectRef, type Pod, refKey, refOf } from "@berth/objects";
import { createSimulation, type Simulation } from "@berth/simulator";
import {
  type ClusterRecord,
  type ClusterSpec,
  CLUSTERS,
  counterOf,
  objectsOf,
} from "./cluster/cluster-spec.ts";
import { asJson, asObject, ClusterWriter, objectsOfKind } from "./cluster/cluster-writer.ts";
import { firstObjects } from "./cluster/first-objects.ts";
import { countedNaming, type Drawing } from "./cluster/naming.ts";
import { suffix } from "./cluster/suffix.ts";
import type { Json } from "./store/json.ts";
import { type Collection, COUNTERS, type Store, type Transaction } from "./store/store.ts";

/** When the clock begins. It moves by a second whenever it is read, so that times tell the order of creation. */
const BEGINNING = Date.parse("2026-01-01T00:00:00Z");

/** What can be done in one transaction: all of it happens, or nothing. */
export interface CloudTransaction {
  /** Resources and counters of whoever asks; collections are his by name (`arm/resources`). */
  readonly store: Transaction;
  /** The virtual time, RFC 3339: a second later each time. */
  now(): string;
  /** Keeps nothing of what was written in it: a dry run. */
  discard(): void;
  /** Starts a cluster without nodes. */
  createCluster(spec: ClusterSpec): ClusterRecord;
  /** Gives a cluster's control plane another version of Kubernetes. */
  upgradeCluster(id: string, kubernetes: string): void;
  /** Removes a cluster and everything in it. */
  removeCluster(id: string): void;
  /** A cluster to be changed. Nodes are `put` and `remove`d as any other object; what ran on a removed node is replaced elsewhere. */
  cluster(id: string): ClusterWriter | undefined;
}

/**
 * Everything that the local cloud holds. Both APIs, Azure's and Kubernetes', read it and change it in
 * transactions; at the end of each, every cluster that was touched comes to rest.
 */
export class Cloud {
  readonly #store: Store;
  readonly #simulations = new Map<string, Simulation>();
  /** What names are drawn from while a transaction runs. */
  #drawing: Drawing | undefined;
  #controllersRun = true;

  constructor(store: Store) {
    this.#store = store;
  }

  /** A collection as it stands. */
  collection(name: string): Collection {
    return this.#store.collection(name);
  }

  cluster(id: string): ClusterRecord | undefined {
    return asRecord(this.collection(CLUSTERS).get(id));
  }

  clusters(): readonly ClusterRecord[] {
    return [...this.collection(CLUSTERS).values()].flatMap((each) => asRecord(each) ?? []);
  }

  clusterAt(host: string): ClusterRecord | undefined {
    return this.clusters().find((each) => each.host === host);
  }

  object(cluster: ClusterRecord, ref: ObjectRef): KubernetesObject | undefined {
    return asObject(this.collection(objectsOf(cluster)).get(refKey(ref)));
  }

  /** The version of the last write to a cluster. */
  resourceVersion(cluster: ClusterRecord): number {
    return Number(this.collection(COUNTERS).get(counterOf(cluster, "resource-version")) ?? 0);
  }

  /** Objects of a kind in a cluster, in order of creation. */
  objects(
    cluster: ClusterRecord,
    kind: { readonly apiVersion: string; readonly kind: string },
  ): Iterable<KubernetesObject> {
    return objectsOfKind(this.collection(objectsOf(cluster)), kind);
  }

  /** Switches controllers, scheduler and kubelets off: what is written stays as it was written. */
  set controllersRun(run: boolean) {
    this.#controllersRun = run;
    this.#simulations.clear();
  }

  /** Runs a transaction. If it throws, or the disk refuses, nothing has changed. */
  transact<T>(run: (transaction: CloudTransaction) => T): T {
    const touched = new Map<string, ClusterWriter>();
    try {
      return this.#store.transact((store) => {
        let isDiscarded = false;
        const discard = () => {
          isDiscarded = true;
          store.discard();
        };
        const result = run({ ...this.#transaction(store, touched), discard });
        for (const [id, writer] of touched) {
          if (isDiscarded) this.#simulations.delete(id);
          else writer.settle();
        }
        return result;
      });
    } catch (error) {
      // They have lived through what did not happen.
      for (const id of touched.keys()) this.#simulations.delete(id);
      throw error;
    } finally {
      this.#drawing = undefined;
    }
  }

  /** Replaces all objects of a cluster by these, just as they are; its controllers begin anew from them. */
  load(cluster: string, objects: Iterable<KubernetesObject>): void {
    this.#store.transact((store) => {
      const record = asRecord(store.get(CLUSTERS, cluster));
      if (!record) return;
      store.clear(objectsOf(record));
      for (const object of objects) store.put(objectsOf(record), refKey(refOf(object)), asJson(object));
    });
    this.#simulations.delete(cluster);
  }

  close(): void {
    this.#store.close();
  }

  #transaction(store: Transaction, touched: Map<string, ClusterWriter>): Omit<CloudTransaction, "discard"> {
    const now = () => new Date(BEGINNING + store.next("clock") * 1000).toISOString().replace(".000Z", "Z");
    this.#drawing = { transaction: store, now, addressesOn: () => new Set() };
    const cluster = (id: string) => {
      const record = asRecord(store.get(CLUSTERS, id));
      if (!record) return undefined;
      const writer =
        touched.get(id) ?? new ClusterWriter(record, store, now, this.#simulationOf(record, store));
      touched.set(id, writer);
      return writer;
    };
    return {
      store,
      now,
      cluster,
      createCluster: (spec) => {
        const { systemObjects = [], ...rest } = spec;
        const number = store.next("clusters");
        const record: ClusterRecord = { ...rest, number, token: tokenOf(number) };
        store.put(CLUSTERS, spec.id, { ...record });
        const writer = cluster(spec.id);
        for (const object of [...firstObjects(spec), ...systemObjects]) writer?.put(object);
        return record;
      },
      upgradeCluster: (id, kubernetes) => {
        const record = asRecord(store.get(CLUSTERS, id));
        if (!record) return;
        store.put(CLUSTERS, id, { ...record, kubernetes });
        // Another version's rules begin from what stands.
        touched.delete(id);
        this.#simulations.delete(id);
      },
      removeCluster: (id) => {
        const record = asRecord(store.get(CLUSTERS, id));
        if (record) forgetCluster(record, store);
        store.delete(CLUSTERS, id);
        touched.delete(id);
        this.#simulations.delete(id);
      },
    };
  }

  #simulationOf(record: ClusterRecord, store: Transaction): Simulation | undefined {
    if (!this.#controllersRun) return undefined;
    const known = this.#simulations.get(record.id);
    if (known) return known;
    const objects = [...store.entries(objectsOf(record))].flatMap(([, value]) => asObject(value) ?? []);
    const naming = countedNaming(record, () => {
      if (!this.#drawing) throw new TypeError("names are drawn in transactions only");
      return { ...this.#drawing, addressesOn: (node) => addressesOn(node, simulation) };
    });
    const simulation = createSimulation({
      kubernetes: record.kubernetes,
      flavour: record.flavour,
      objects,
      naming,
    });
    this.#simulations.set(record.id, simulation);
    return simulation;
  }
}

/** Its number is never given again, so its counters are of no use to anybody. */
function forgetCluster(record: ClusterRecord, store: Transaction): void {
  store.clear(objectsOf(record));
  for (const [counter] of store.entries(COUNTERS)) {
    if (counter.startsWith(counterOf(record, ""))) store.delete(COUNTERS, counter);
  }
}

/** Not a secret: it keeps requests for one cluster from reaching another by mistake. */
function tokenOf(cluster: number): string {
  return `local-${suffix(cluster)}${suffix(cluster + 1)}`;
}

function addressesOn(node: string, simulation: Simulation): ReadonlySet<string> {
  return new Set((simulation.podsOn(node) as readonly Pod[]).flatMap((pod) => pod.status?.podIP ?? []));
}

function asRecord(value: Json | undefined): ClusterRecord | undefined {
  return value as ClusterRecord | undefined;
}
