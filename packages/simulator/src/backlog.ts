import type { ObjectRef, Pod } from "@berth/objects";
import { AgeQueue } from "./age-queue.ts";
import { SERVICE_LABEL } from "./controllers/endpoints.ts";
import type { Held } from "./held.ts";
import { isHeldKind } from "./kinds.ts";
import { PendingPods } from "./pending-pods.ts";
import { zoneOf } from "./node.ts";
import { isFinished, isReady } from "./pod.ts";
import { ServiceIndex } from "./service-index.ts";
import { WorkQueue } from "./work-queue.ts";

/** Replica sets first, so that deployments see what became of their last step. */
const CONTROLLERS = ["ReplicaSet", "Deployment", "StatefulSet", "DaemonSet"] as const;

/** What has to be looked at because an object changed: by controllers, scheduler, kubelets, endpoints, and whoever keeps objects. */
export class Backlog {
  /** Uids of workloads, by controller. */
  readonly work = new WorkQueue<(typeof CONTROLLERS)[number]>(CONTROLLERS);
  /** Uids of services whose endpoints may be others. */
  readonly services = new Set<string>();
  /** Pods without a node. */
  readonly pending = new PendingPods();
  /** Pods that have a node and are not ready. */
  readonly starting = new AgeQueue<Held<Pod>>();
  /** References of changed objects, in order of their last change. */
  readonly changes = new Map<string, ObjectRef>();
  readonly #selectors = new ServiceIndex();
  readonly #daemonSets = new Set<string>();

  follow(before: Held | undefined, after: Held | undefined): void {
    const held = after ?? before;
    if (!held) return;
    this.changes.delete(held.key);
    this.changes.set(held.key, held.ref);
    for (const each of [before, after]) if (each) this.#mark(each);
    const { object, uid } = held;
    if (isHeldKind(object, "v1 Pod")) this.#followPod(held.key, after);
    if (isHeldKind(object, "v1 Service")) this.#followService(before, after);
    if (isHeldKind(object, "v1 Node")) this.#followNode(before, after);
    if (!isHeldKind(object, "apps/v1 DaemonSet")) return;
    if (after) this.#daemonSets.add(uid);
    else this.#daemonSets.delete(uid);
  }

  #followNode(before: Held | undefined, after: Held | undefined): void {
    for (const set of this.#daemonSets) this.work.add("DaemonSet", set);
    if (!before || !after || zoneOf(before.object) === zoneOf(after.object)) return;
    // Endpoints tell the zone of their node.
    for (const service of this.#selectors.all()) this.services.add(service.uid);
  }

  #mark({ object, ref, uid }: Held): void {
    for (const controller of CONTROLLERS) if (ref.kind === controller) this.work.add(controller, uid);
    const owners = object.metadata?.ownerReferences ?? [];
    for (const owner of owners) {
      for (const controller of CONTROLLERS)
        if (owner.kind === controller) this.work.add(controller, owner.uid);
    }
    if (isHeldKind(object, "v1 Pod")) {
      const selecting = this.#selectors.selecting(ref.namespace ?? "", object.metadata?.labels ?? {});
      for (const service of selecting) this.services.add(service.uid);
    }
    if (isHeldKind(object, "discovery.k8s.io/v1 EndpointSlice") && object.metadata?.labels?.[SERVICE_LABEL]) {
      for (const owner of owners) this.services.add(owner.uid);
    }
  }

  #followPod(key: string, after: Held | undefined): void {
    const pod = after && isHeldKind(after.object, "v1 Pod") ? { ...after, object: after.object } : undefined;
    const isLive = pod && !isFinished(pod.object) && pod.object.metadata?.deletionTimestamp === undefined;
    const isBound = Boolean(pod?.object.spec?.nodeName);
    if (isLive && !isBound) this.pending.add(pod);
    else this.pending.delete(key);
    if (isLive && isBound && !isReady(pod.object)) this.starting.add(pod);
    else this.starting.delete(key);
  }

  #followService(before: Held | undefined, after: Held | undefined): void {
    if (before && isHeldKind(before.object, "v1 Service"))
      this.#selectors.remove({ ...before, object: before.object });
    if (!after || !isHeldKind(after.object, "v1 Service")) return;
    this.#selectors.add({ ...after, object: after.object });
    this.services.add(after.uid);
  }
}
