import { join } from "node:path";
import type { KubernetesObject } from "@berth/objects";
import { answerArm, ARM_HOST } from "./arm/arm-api.ts";
import { Cloud } from "./cloud.ts";
import type { ClusterSpec } from "./cluster/cluster-spec.ts";
import { answerKubernetes } from "./kubernetes/kubernetes-api.ts";
import { FolderLock } from "./store/lock.ts";
import { FileLog, NoLog } from "./store/log.ts";
import { Store } from "./store/store.ts";

/** Where the local cloud is kept. */
export type LocalCloudOptions =
  | {
      /** A folder of its own; made when something is first written. */
      readonly directory: string;
      /** Looks at what is there without taking the lock; requests that change anything fail with BERTH5205. */
      readonly readOnly?: boolean;
    }
  /** Gone with the process: for tests. */
  | { readonly memory: true };

/** A cloud on this machine, reached as the real one is: by requests to its hosts. */
export interface LocalCloud {
  /** Answers requests to `management.azure.com` and to each cluster's own host. Any other host is refused with 502. */
  readonly transport: (request: Request) => Promise<Response>;
  /**
   * Starts a cluster that no Azure resource stands for, as a kubeconfig would reach it. Throws
   * nothing if one of that id exists: that one is returned.
   */
  startCluster(spec: ClusterSpec): LocalCluster;
  /** Waits for running requests, then frees the folder for others. */
  close(): Promise<void>;
}

/** A cluster without Azure around it. */
export interface LocalCluster {
  /** `https://{host}` */
  readonly server: string;
  /** For `Authorization: Bearer {token}`. */
  readonly token: string;
  /** Replaces everything in the cluster by these objects, just as they are, managed fields and all: a recording goes on from them. */
  load(objects: Iterable<KubernetesObject>): void;
}

/**
 * Opens a local cloud. One process at a time may write to a folder.
 *
 * Errors: BERTH5201 another process has it open, BERTH5202 the file is damaged, BERTH5203 a newer
 * berth wrote it. Requests that the disk refuses fail with BERTH5204, and change nothing.
 *
 * @example
 * const cloud = await openLocalCloud({ directory: ".berth/local" });
 * const response = await cloud.transport(new Request("https://management.azure.com/subscriptions?api-version=2022-12-01"));
 * await cloud.close();
 */
export async function openLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  if ("memory" in options) return new OpenCloud(new Store(new NoLog()));
  const { directory, readOnly = false } = options;
  const lock = readOnly ? undefined : FolderLock.acquire(directory);
  try {
    return new OpenCloud(new Store(new FileLog(join(directory, "cloud.log"), { readOnly })), lock);
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** Opens a cloud in memory whose controllers, scheduler and kubelets never act: what is written stays as it was written. */
export async function openStillCloud(): Promise<LocalCloud> {
  return new OpenCloud(new Store(new NoLog()), undefined, false);
}

class OpenCloud implements LocalCloud {
  readonly transport = (request: Request): Promise<Response> => this.#enqueue(() => this.#answer(request));
  readonly #cloud: Cloud;
  readonly #lock: FolderLock | undefined;
  /** Requests are answered one after another, in the order in which they came. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(store: Store, lock?: FolderLock, controllersRun = true) {
    this.#cloud = new Cloud(store);
    this.#cloud.controllersRun = controllersRun;
    this.#lock = lock;
  }

  startCluster(spec: ClusterSpec): LocalCluster {
    const cloud = this.#cloud;
    const record = cloud.cluster(spec.id) ?? cloud.transact((transaction) => transaction.createCluster(spec));
    return {
      server: `https://${record.host}`,
      token: record.token,
      load: (objects) => cloud.load(record.id, objects),
    };
  }

  async close(): Promise<void> {
    await this.#enqueue(async () => {
      this.#cloud.close();
      this.#lock?.release();
    });
  }

  #enqueue<T>(answer: () => Promise<T>): Promise<T> {
    const answered = this.#queue.then(answer);
    this.#queue = answered.catch(() => {});
    return answered;
  }

  async #answer(request: Request): Promise<Response> {
    // Who gave up while others were answered wants nothing done.
    request.signal.throwIfAborted();
    const { host } = new URL(request.url);
    if (host === ARM_HOST) return answerArm(request, this.#cloud);
    const cluster = this.#cloud.clusterAt(host);
    if (cluster) return answerKubernetes(request, cluster, this.#cloud);
    return new Response(`${host} is not part of the local cloud\n`, { status: 502 });
  }
}
