import { BerthError, problem } from "@berth/diagnostics";
import {
  applyDefaults,
  type KubernetesObject,
  type ObjectRef,
  type Pod,
  type Service,
  refKey,
  refOf,
} from "@berth/objects";
import { admitPod } from "./admission.ts";
import { AgeQueue } from "./age-queue.ts";
import { codes } from "./codes.ts";
import type { Action } from "./controllers/action.ts";
import { SERVICE_LABEL } from "./controllers/endpoints.ts";
import { EndpointsWatch } from "./endpoints-watch.ts";
import type { Occurrence, PodDeletionCause, SimulationEvent } from "./events.ts";
import type { Held } from "./held.ts";
import { withFirstGeneration, withNextGeneration } from "./generation.ts";
import { boundTo, withoutNode, withReadiness } from "./kubelet.ts";
import { isHeldKind, kindNameOf } from "./kinds.ts";
import { PendingPods } from "./pending-pods.ts";
import { isFinished, isReady } from "./pod.ts";
import { reactsToReadiness } from "./reaction.ts";
import { reconcile } from "./reconcile.ts";
import { SchedulerView } from "./scheduler-view.ts";
import { ServiceIndex } from "./service-index.ts";
import type {
  DeletionPropagation,
  ObjectChange,
  Simulation,
  SimulationOptions,
  StuckWorkload,
  UnschedulablePod,
} from "./simulation.ts";
import { stuckWorkloads } from "./stuck.ts";
import { ObjectTable } from "./table.ts";
import { unseenRevisions } from "./unseen-revisions.ts";
import { WorkQueue } from "./work-queue.ts";

/** Replica sets first, so that deployments see what became of their last step. Endpoints follow when all else rests. */
const CONTROLLERS = ["ReplicaSet", "Deployment", "StatefulSet", "DaemonSet"] as const;
type Controller = (typeof CONTROLLERS)[number];

/** The simulation: holds the objects, tells controllers what changed, and does what they want done. */
export class Machine implements Simulation {
  readonly #options: SimulationOptions;
  readonly #table: ObjectTable;
  readonly #scheduler: SchedulerView;
  readonly #work = new WorkQueue<Controller>(CONTROLLERS);
  readonly #dirtyServices = new Set<string>();
  readonly #services = new ServiceIndex();
  readonly #endpoints = new EndpointsWatch();
  readonly #pending = new PendingPods();
  /** Bound pods that are not ready. */
  readonly #starting = new AgeQueue<Held<Pod>>();
  readonly #changes = new Map<string, ObjectRef>();
  /** What was deleted and whose dependents still stand. */
  readonly #garbage: { readonly held: Held; readonly cause: PodDeletionCause }[] = [];
  #events: SimulationEvent[] = [];
  #time = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#scheduler = new SchedulerView(options);
    this.#table = new ObjectTable((before, after) => this.#changed(before, after));
    for (const object of options.objects) {
      // What was observed has a uid, and its defaults; what is synthesised has neither.
      this.#table.set(this.#completed(object.metadata?.uid === undefined ? applyDefaults(object) : object));
    }
    for (const revision of unseenRevisions(this.#table)) this.#table.set(this.#completed(revision));
    for (const service of this.#table.ofKind("v1 Service"))
      this.#endpoints.learn(service, this.#selectedBy(service));
    this.#changes.clear();
  }

  put(object: KubernetesObject): KubernetesObject {
    return this.#table.set(this.#completed(applyDefaults(object))).object;
  }

  remove(ref: ObjectRef, propagation: DeletionPropagation = "Background"): void {
    const held = this.#table.get(ref);
    if (!held) return;
    if (propagation === "Orphan")
      for (const each of this.#table.allDependents(held.uid)) this.#disown(each, held.uid);
    this.#destroy(ref, "requested");
  }

  setReady(ref: ObjectRef, ready: boolean): void {
    const pod = this.#pod(ref);
    if (!pod?.object.spec?.nodeName || isReady(pod.object) === ready) return;
    this.#table.set(withReadiness(pod.object, ready));
    const about = { pod: pod.ref, ...this.#workload(pod) };
    if (ready) this.#tell({ kind: "pod-ready", ...about, node: pod.object.spec.nodeName });
    else this.#tell({ kind: "pod-unready", ...about });
  }

  quiesce(): readonly SimulationEvent[] {
    this.#rest();
    this.#followEndpoints();
    return this.#takeEvents();
  }

  step(): readonly SimulationEvent[] {
    this.#rest();
    this.#makeOneReady();
    this.#followEndpoints();
    return this.#takeEvents();
  }

  settle(): readonly SimulationEvent[] {
    do this.#rest();
    while (this.#makeReady());
    this.#followEndpoints();
    return this.#takeEvents();
  }

  get(ref: ObjectRef): KubernetesObject | undefined {
    return this.#table.get(ref)?.object;
  }

  list(
    kind: { readonly apiVersion: string; readonly kind: string },
    namespace?: string,
  ): readonly KubernetesObject[] {
    const objects: KubernetesObject[] = [];
    for (const held of this.#table.ofKindName(kindNameOf(kind))) {
      if (namespace === undefined || held.ref.namespace === namespace) objects.push(held.object);
    }
    return objects;
  }

  podsOn(node: string): readonly KubernetesObject[] {
    return this.#table.podsOn(node).map((pod) => pod.object);
  }

  *objects(): Iterable<KubernetesObject> {
    for (const held of this.#table.all()) yield held.object;
  }

  workloadOf(ref: ObjectRef): ObjectRef | undefined {
    const held = this.#table.get(ref);
    return held && this.#workload(held).workload;
  }

  unschedulable(): readonly UnschedulablePod[] {
    return this.#pending
      .refused()
      .map(({ pod, decision }) => ({ pod: pod.ref, ...this.#workload(pod), decision }));
  }

  stuck(): readonly StuckWorkload[] {
    return stuckWorkloads(this.#table);
  }

  takeChanges(): readonly ObjectChange[] {
    const changes = [...this.#changes.values()].map((reference) => ({
      reference,
      object: this.get(reference),
    }));
    this.#changes.clear();
    return changes;
  }

  forget(): void {
    this.#scheduler.forget();
  }

  /** What the API server adds to an object that is created or replaced. */
  #completed(given: KubernetesObject): KubernetesObject {
    const ref = refOf(given);
    if (!given.apiVersion || !given.kind || !ref.name) {
      throw new BerthError([
        problem(codes.BERTH2202, { message: `"${refKey(ref)}" has no apiVersion, kind or name` }),
      ]);
    }
    const before = this.#table.get(ref);
    const { naming } = this.#options;
    const uid = given.metadata?.uid ?? before?.uid ?? naming.uid(ref);
    const isNew = before?.uid !== uid;
    const created =
      given.metadata?.creationTimestamp ??
      (isNew ? naming.timestamp?.() : before?.object.metadata?.creationTimestamp);
    const metadata = {
      ...given.metadata,
      uid,
      ...(created === undefined ? {} : { creationTimestamp: created }),
    };
    const object = { ...given, metadata };
    if (isNew) return withFirstGeneration(isHeldKind(object, "v1 Pod") ? this.#admitted(object) : object);
    return withNextGeneration(object, before.object);
  }

  #admitted(pod: Pod): Pod {
    return admitPod(pod, (name) => {
      for (const { object } of this.#table.ofKind("scheduling.k8s.io/v1 PriorityClass")) {
        if (name === undefined ? object.globalDefault : object.metadata?.name === name) return object;
      }
      return undefined;
    });
  }

  /** Controllers and scheduler work until nothing is left to do. Nothing of it depends on endpoints. */
  #rest(): void {
    let patience = 10_000 + 200 * this.#table.size;
    do {
      this.#collectGarbage();
      for (let work = this.#work.take(); work; work = this.#work.take()) {
        const held = this.#table.byUid(work.uid);
        if (!held) continue;
        if (--patience < 0) throw endless(held);
        for (const action of reconcile(held, this.#table, this.#options.naming)) this.#do(action);
        this.#collectGarbage();
      }
    } while (this.#schedule());
  }

  #do(action: Action): void {
    switch (action.do) {
      case "create": {
        const held = this.#table.set(this.#completed(action.object));
        this.#tell({ kind: "object-created", object: held.ref });
        return;
      }
      case "create-pod": {
        const { pod, owner } = action;
        const { workload = owner.ref } = this.#workload(owner);
        const name =
          pod.metadata?.name ??
          this.#options.naming.pod(owner.object, this.#table.get(workload)?.object ?? owner.object);
        const held = this.#table.set(this.#completed({ ...pod, metadata: { ...pod.metadata, name } }));
        this.#tell({ kind: "pod-created", pod: held.ref, workload });
        return;
      }
      case "write":
        this.#write(action.object);
        return;
      case "delete":
        this.#destroy(action.ref, action.cause);
    }
  }

  #write(object: KubernetesObject): void {
    const before = this.#table.get(refOf(object));
    const after = this.#table.set(this.#completed(object));
    if (
      !before ||
      !isHeldKind(before.object, "apps/v1 ReplicaSet") ||
      !isHeldKind(after.object, "apps/v1 ReplicaSet")
    )
      return;
    const [from, to] = [before.object.spec?.replicas ?? 1, after.object.spec?.replicas ?? 1];
    if (from !== to)
      this.#tell({ kind: "replica-set-scaled", replicaSet: after.ref, ...this.#workload(after), from, to });
  }

  #destroy(ref: ObjectRef, cause: PodDeletionCause): void {
    const held = this.#table.get(ref);
    if (!held) return;
    const about = this.#workload(held);
    this.#table.delete(ref);
    this.#garbage.push({ held, cause });
    if (!isHeldKind(held.object, "v1 Pod")) {
      this.#tell({ kind: "object-deleted", object: ref });
      return;
    }
    const node = held.object.spec?.nodeName;
    this.#tell({ kind: "pod-deleted", pod: held.ref, ...about, ...(node ? { node } : {}), cause });
  }

  /** Removes what belonged to deleted objects: dependents, a namespace's objects, a node's pods. */
  #collectGarbage(): void {
    for (let next = this.#garbage.shift(); next; next = this.#garbage.shift()) {
      const { held, cause } = next;
      const inherited = cause === "requested" || cause === "scaled-down" ? "owner-deleted" : cause;
      for (const each of this.#table.allDependents(held.uid)) {
        const others = (each.object.metadata?.ownerReferences ?? []).filter(({ uid }) => uid !== held.uid);
        if (others.some(({ uid }) => this.#table.byUid(uid))) this.#disown(each, held.uid);
        else this.#destroy(each.ref, inherited);
      }
      if (isHeldKind(held.object, "v1 Namespace")) {
        const inside = [...this.#table.all()].filter((each) => each.ref.namespace === held.ref.name);
        for (const each of inside) this.#destroy(each.ref, "namespace-deleted");
      }
      if (isHeldKind(held.object, "v1 Node")) {
        for (const pod of this.#table.podsOn(held.ref.name)) this.#destroy(pod.ref, "node-removed");
      }
    }
  }

  #disown(held: Held, owner: string): void {
    const { ownerReferences = [], ...metadata } = held.object.metadata ?? {};
    const others = ownerReferences.filter(({ uid }) => uid !== owner);
    this.#table.set({
      ...held.object,
      metadata: { ...metadata, ...(others.length > 0 ? { ownerReferences: others } : {}) },
    });
  }

  /** Tries every pod that may have found a place. Answers whether anything changed. */
  #schedule(): boolean {
    let changed = false;
    for (const waiting of this.#pending.take()) {
      const pod = this.#pod(waiting.ref);
      if (!pod || pod.object.spec?.nodeName) continue;
      changed = this.#place(pod) || changed;
    }
    return changed;
  }

  #place(pod: Held<Pod>): boolean {
    const before = this.#pending.refusalOf(pod.key);
    let decision = this.#scheduler.decide(pod.object);
    if (decision.kind === "preempts") {
      for (const { metadata } of decision.victims) {
        this.#destroy(
          { ...pod.ref, namespace: metadata?.namespace ?? "default", name: metadata?.name ?? "" },
          "preempted",
        );
      }
      decision = this.#scheduler.decide(pod.object);
    }
    if (decision.kind === "placed") {
      this.#bind(pod, decision.node);
      this.#tell({ kind: "pod-bound", pod: pod.ref, ...this.#workload(pod), node: decision.node, decision });
      return true;
    }
    this.#pending.refuse(pod, decision);
    const isNews =
      before === undefined || before.kind !== decision.kind || before.message !== decision.message;
    if (!isNews) return false;
    this.#table.set(withoutNode(pod.object, decision.message));
    this.#tell({ kind: "pod-unschedulable", pod: pod.ref, ...this.#workload(pod), decision });
    return false;
  }

  #bind(pod: Held<Pod>, node: string): void {
    const { naming } = this.#options;
    const held = this.#table.get({ apiVersion: "v1", kind: "Node", name: node });
    const address =
      held && isHeldKind(held.object, "v1 Node") ? naming.podAddress?.(pod.object, held.object) : undefined;
    this.#table.set(boundTo(pod.object, node, address, naming.timestamp?.()));
  }

  /** Makes pods ready until a controller has to look at it. Answers whether there was one. */
  #makeReady(): boolean {
    if (this.#options.readiness) return this.#makeOneReady();
    const reacts = new Map<string, boolean>();
    for (let pod = this.#starting.first(), any = false; ; pod = this.#starting.first(), any = true) {
      if (!pod) return any;
      const owner = pod.object.metadata?.ownerReferences?.find((each) => each.controller)?.uid ?? "";
      if (!reacts.has(owner)) {
        const held = this.#table.byUid(owner);
        reacts.set(owner, held !== undefined && reactsToReadiness(held, this.#table));
      }
      this.setReady(pod.ref, true);
      if (reacts.get(owner)) return true;
    }
  }

  #makeOneReady(): boolean {
    const { readiness } = this.#options;
    const chosen = readiness
      ? readiness(this.#starting.toArray().map((pod) => pod.object))
      : this.#starting.first()?.object;
    if (!chosen) return false;
    this.setReady(refOf(chosen), true);
    return true;
  }

  #followEndpoints(): void {
    for (const uid of this.#dirtyServices) {
      const held = this.#table.byUid(uid);
      if (!held || !isHeldKind(held.object, "v1 Service")) continue;
      for (const action of reconcile(held, this.#table, this.#options.naming)) this.#do(action);
      const service = { ...held, object: held.object };
      const changed = this.#endpoints.follow(service, this.#selectedBy(service));
      if (changed) this.#tell(changed);
      this.#giveAddress(held);
    }
    this.#dirtyServices.clear();
    this.#collectGarbage();
  }

  #selectedBy({ ref, object }: Held<Service>): readonly Held<Pod>[] {
    return this.#table.podsWith(ref.namespace ?? "", object.spec?.selector ?? {});
  }

  #giveAddress(held: Held): void {
    const { object } = held;
    if (!isHeldKind(object, "v1 Service") || object.spec?.type !== "LoadBalancer") return;
    if ((object.status?.loadBalancer?.ingress ?? []).length > 0) return;
    const ip = this.#options.naming.loadBalancerAddress?.(object);
    if (ip === undefined) return;
    this.#table.set({
      ...object,
      status: { ...object.status, loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } },
    } as KubernetesObject);
  }

  /** Marks what has to be looked at again because an object changed. */
  #changed(before: Held | undefined, after: Held | undefined): void {
    const held = after ?? before;
    if (!held) return;
    this.#changes.delete(held.key);
    this.#changes.set(held.key, held.ref);
    this.#pending.retry(this.#scheduler.follow(before?.object, after?.object));
    for (const each of [before, after]) if (each) this.#mark(each);
    if (isHeldKind(held.object, "v1 Pod")) this.#podChanged(held.key, after);
    if (isHeldKind(held.object, "v1 Service")) this.#serviceChanged(before, after);
    if (isHeldKind(held.object, "v1 Node")) {
      for (const set of this.#table.ofKind("apps/v1 DaemonSet")) this.#work.add("DaemonSet", set.uid);
    }
  }

  #mark({ object, ref, uid }: Held): void {
    for (const controller of CONTROLLERS) if (ref.kind === controller) this.#work.add(controller, uid);
    for (const owner of object.metadata?.ownerReferences ?? []) {
      for (const controller of CONTROLLERS)
        if (owner.kind === controller) this.#work.add(controller, owner.uid);
    }
    if (isHeldKind(object, "v1 Pod")) {
      const services = this.#services.selecting(ref.namespace ?? "", object.metadata?.labels ?? {});
      for (const service of services) this.#dirtyServices.add(service.uid);
    }
    if (isHeldKind(object, "discovery.k8s.io/v1 EndpointSlice") && object.metadata?.labels?.[SERVICE_LABEL]) {
      for (const owner of object.metadata.ownerReferences ?? []) this.#dirtyServices.add(owner.uid);
    }
  }

  #podChanged(key: string, after: Held | undefined): void {
    const pod = after && isHeldKind(after.object, "v1 Pod") ? { ...after, object: after.object } : undefined;
    const isLive =
      pod !== undefined && !isFinished(pod.object) && pod.object.metadata?.deletionTimestamp === undefined;
    const isBound = Boolean(pod?.object.spec?.nodeName);
    if (pod && isLive && !isBound) this.#pending.add(pod);
    else this.#pending.delete(key);
    if (pod && isLive && isBound && !isReady(pod.object)) this.#starting.add(pod);
    else this.#starting.delete(key);
  }

  #serviceChanged(before: Held | undefined, after: Held | undefined): void {
    if (before && isHeldKind(before.object, "v1 Service"))
      this.#services.remove({ ...before, object: before.object });
    if (!after || !isHeldKind(after.object, "v1 Service")) return;
    this.#services.add({ ...after, object: after.object });
    this.#dirtyServices.add(after.uid);
  }

  #pod(ref: ObjectRef): Held<Pod> | undefined {
    const held = this.#table.get(ref);
    return held && isHeldKind(held.object, "v1 Pod") ? { ...held, object: held.object } : undefined;
  }

  /** The outermost controller, as the part of an event that names it. */
  #workload(held: Held): { readonly workload?: ObjectRef } {
    let outermost: Held | undefined;
    for (let at: Held | undefined = held; at;) {
      const owner: string | undefined = at.object.metadata?.ownerReferences?.find(
        (each) => each.controller,
      )?.uid;
      at = owner === undefined || owner === at.uid ? undefined : this.#table.byUid(owner);
      outermost = at ?? outermost;
    }
    return outermost ? { workload: outermost.ref } : {};
  }

  #tell(occurrence: Occurrence): void {
    this.#events.push({ time: this.#time++, ...occurrence });
  }

  #takeEvents(): readonly SimulationEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

function endless(held: Held): BerthError {
  return new BerthError([
    problem(codes.BERTH2201, { message: `${held.key} was reconciled again and again without end` }),
  ]);
}
