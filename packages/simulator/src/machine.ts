import { BerthError, problem } from "@berth/diagnostics";
import {
  applyDefaults,
  type KubernetesObject,
  type ObjectRef,
  type Pod,
  refOf,
  type Service,
} from "@berth/objects";
import { ApiServer } from "./api-server.ts";
import { Backlog } from "./backlog.ts";
import { codes } from "./codes.ts";
import { EndpointsWatch } from "./endpoints-watch.ts";
import type { SimulationEvent } from "./events.ts";
import type { Held } from "./held.ts";
import { isHeldKind, kindNameOf } from "./kinds.ts";
import { boundTo, withoutNode, withReadiness } from "./kubelet.ts";
import { isReady } from "./pod.ts";
import { reactsToReadiness } from "./reaction.ts";
import { reconcile } from "./reconcile.ts";
import { SchedulerView } from "./scheduler-view.ts";
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

/** The simulation: lets controllers, scheduler and kubelets work in turns, until nobody has anything to do. */
export class Machine implements Simulation {
  readonly #options: SimulationOptions;
  readonly #scheduler: SchedulerView;
  readonly #backlog = new Backlog();
  readonly #table: ObjectTable;
  readonly #server: ApiServer;
  readonly #endpoints = new EndpointsWatch();

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#scheduler = new SchedulerView(options);
    this.#table = new ObjectTable((before, after) => {
      this.#backlog.follow(before, after);
      this.#backlog.pending.retry(this.#scheduler.follow(before?.object, after?.object));
    });
    this.#server = new ApiServer(this.#table, options.naming);
    for (const object of options.objects) {
      // What was observed has a uid, and its defaults; what is synthesised has neither.
      this.#server.put(object.metadata?.uid === undefined ? applyDefaults(object) : object);
    }
    for (const revision of unseenRevisions(this.#table)) this.#server.put(revision);
    for (const service of this.#table.ofKind("v1 Service")) {
      this.#endpoints.learn(service, this.#selectedBy(service));
    }
    this.#backlog.changes.clear();
  }

  put(object: KubernetesObject): KubernetesObject {
    return this.#server.put(applyDefaults(object)).object;
  }

  remove(ref: ObjectRef, propagation: DeletionPropagation = "Background"): void {
    const held = this.#table.get(ref);
    if (held && propagation === "Orphan") this.#server.orphan(held);
    this.#server.destroy(ref, "requested");
  }

  setReady(ref: ObjectRef, ready: boolean): void {
    const pod = this.#server.pod(ref);
    const node = pod?.object.spec?.nodeName;
    if (!pod || !node || isReady(pod.object) === ready) return;
    this.#table.set(withReadiness(pod.object, ready));
    const about = { pod: pod.ref, ...this.#server.workloadOf(pod) };
    this.#server.tell(ready ? { kind: "pod-ready", ...about, node } : { kind: "pod-unready", ...about });
  }

  quiesce(): readonly SimulationEvent[] {
    this.#rest();
    this.#followEndpoints();
    return this.#server.takeEvents();
  }

  step(): readonly SimulationEvent[] {
    this.#rest();
    this.#makeOneReady();
    this.#followEndpoints();
    return this.#server.takeEvents();
  }

  settle(): readonly SimulationEvent[] {
    do this.#rest();
    while (this.#makeReady());
    this.#followEndpoints();
    return this.#server.takeEvents();
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
    return held && this.#server.workloadOf(held).workload;
  }

  unschedulable(): readonly UnschedulablePod[] {
    const refused = this.#backlog.pending.refused();
    return refused.map(({ pod, decision }) => ({ pod: pod.ref, ...this.#server.workloadOf(pod), decision }));
  }

  stuck(): readonly StuckWorkload[] {
    return stuckWorkloads(this.#table);
  }

  takeChanges(): readonly ObjectChange[] {
    const { changes } = this.#backlog;
    const taken = [...changes.values()].map((reference) => ({ reference, object: this.get(reference) }));
    changes.clear();
    return taken;
  }

  forget(): void {
    this.#scheduler.forget();
  }

  /** Controllers and scheduler work until nothing is left to do. Nothing of it depends on endpoints. */
  #rest(): void {
    const { work } = this.#backlog;
    let patience = 10_000 + 200 * this.#table.size;
    do {
      this.#server.collectGarbage();
      for (let next = work.take(); next; next = work.take()) {
        const held = this.#table.byUid(next.uid);
        if (!held) continue;
        if (--patience < 0) throw endless(held);
        this.#reconcile(held);
      }
    } while (this.#schedule() || !work.isEmpty);
  }

  #reconcile(held: Held): void {
    for (const action of reconcile(held, this.#table, this.#options.naming)) this.#server.carryOut(action);
    this.#server.collectGarbage();
  }

  /** Tries every pod that may have found a place. Answers whether anything changed. */
  #schedule(): boolean {
    let changed = false;
    for (const waiting of this.#backlog.pending.take()) {
      const pod = this.#server.pod(waiting.ref);
      if (pod && !pod.object.spec?.nodeName) changed = this.#place(pod) || changed;
    }
    return changed;
  }

  #place(pod: Held<Pod>): boolean {
    const { pending } = this.#backlog;
    const before = pending.refusalOf(pod.key);
    const about = { pod: pod.ref, ...this.#server.workloadOf(pod) };
    let decision = this.#scheduler.decide(pod.object);
    if (decision.kind === "preempts") {
      for (const { metadata } of decision.victims) {
        const victim = {
          ...pod.ref,
          namespace: metadata?.namespace ?? "default",
          name: metadata?.name ?? "",
        };
        this.#server.destroy(victim, "preempted");
      }
      decision = this.#scheduler.decide(pod.object);
    }
    if (decision.kind === "placed") {
      this.#bind(pod, decision.node);
      this.#server.tell({ kind: "pod-bound", ...about, node: decision.node, decision });
      return true;
    }
    pending.refuse(pod, decision);
    if (before && before.kind === decision.kind && before.message === decision.message) return false;
    this.#table.set(withoutNode(pod.object, decision.message));
    this.#server.tell({ kind: "pod-unschedulable", ...about, decision });
    return false;
  }

  #bind(pod: Held<Pod>, name: string): void {
    const { naming } = this.#options;
    const node = this.#table.get({ apiVersion: "v1", kind: "Node", name })?.object;
    const address = node && naming.podAddress?.(pod.object, node);
    this.#table.set(boundTo(pod.object, name, address, naming.timestamp?.()));
  }

  /** Makes pods ready until a controller has to look at it. Answers whether there was one. */
  #makeReady(): boolean {
    if (this.#options.readiness) return this.#makeOneReady();
    const { starting } = this.#backlog;
    const reacts = new Map<string, boolean>();
    let isAny = false;
    for (let pod = starting.first(); pod; pod = starting.first()) {
      isAny = true;
      const owner = pod.object.metadata?.ownerReferences?.find((each) => each.controller)?.uid ?? "";
      if (!reacts.has(owner)) {
        const held = this.#table.byUid(owner);
        reacts.set(owner, held !== undefined && reactsToReadiness(held, this.#table));
      }
      this.setReady(pod.ref, true);
      if (reacts.get(owner)) return true;
    }
    return isAny;
  }

  #makeOneReady(): boolean {
    const { readiness } = this.#options;
    const { starting } = this.#backlog;
    const candidates = readiness ? starting.toArray().map((pod) => pod.object) : [];
    const chosen = readiness ? readiness(candidates) : starting.first()?.object;
    if (!chosen) return false;
    this.setReady(refOf(chosen), true);
    return true;
  }

  #followEndpoints(): void {
    const { services } = this.#backlog;
    for (const uid of services) {
      const held = this.#table.byUid(uid);
      if (!held || !isHeldKind(held.object, "v1 Service")) continue;
      const service = { ...held, object: held.object };
      this.#reconcile(service);
      const changed = this.#endpoints.follow(service, this.#selectedBy(service));
      if (changed) this.#server.tell(changed);
      this.#giveAddress(service);
    }
    services.clear();
  }

  #giveAddress({ object }: Held<Service>): void {
    if (object.spec?.type !== "LoadBalancer" || (object.status?.loadBalancer?.ingress ?? []).length > 0)
      return;
    const ip = this.#options.naming.loadBalancerAddress?.(object);
    if (ip === undefined) return;
    const addressed: Service = {
      ...object,
      status: { ...object.status, loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } },
    };
    this.#table.set(addressed);
  }

  #selectedBy({ ref, object }: Held<Service>): readonly Held<Pod>[] {
    return this.#table.podsWith(ref.namespace ?? "", object.spec?.selector ?? {});
  }
}

function endless(held: Held): BerthError {
  const message = `${held.key} was reconciled again and again without end`;
  return new BerthError([problem(codes.BERTH2201, { message })]);
}
