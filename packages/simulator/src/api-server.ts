import { BerthError, problem } from "@berth/diagnostics";
import { type KubernetesObject, type ObjectRef, type Pod, refKey, refOf } from "@berth/objects";
import { admitPod } from "./admission.ts";
import { codes } from "./codes.ts";
import type { Action } from "./controllers/action.ts";
import type { Occurrence, PodDeletionCause, SimulationEvent } from "./events.ts";
import { withFirstGeneration, withNextGeneration } from "./generation.ts";
import type { Held } from "./held.ts";
import { isHeldKind } from "./kinds.ts";
import type { Naming } from "./naming.ts";
import type { ObjectTable } from "./table.ts";

/** Owners of owners are followed so far; deeper ones are a cycle. */
const DEEPEST_OWNER = 16;
/** How often a name that is taken is drawn again. */
const NAME_ATTEMPTS = 1000;

/** Creates, writes and deletes objects as an API server and its garbage collector do, and tells what happened. */
export class ApiServer {
  readonly table: ObjectTable;
  readonly naming: Naming;
  /** What was deleted and whose dependents still stand. */
  readonly #garbage: { readonly held: Held; readonly cause: PodDeletionCause }[] = [];
  #events: SimulationEvent[] = [];
  #time = 0;

  constructor(table: ObjectTable, naming: Naming) {
    this.table = table;
    this.naming = naming;
  }

  /** Creates or replaces an object, with what the server adds to it. */
  put(given: KubernetesObject): Held {
    const ref = refOf(given);
    if (!given.apiVersion || !given.kind || !ref.name) {
      const message = `"${refKey(ref)}" has no apiVersion, kind or name`;
      throw new BerthError([problem(codes.BERTH2202, { message })]);
    }
    const found = this.table.get(ref);
    const uid = given.metadata?.uid ?? found?.uid ?? this.naming.uid(ref);
    if (found && found.uid !== uid) this.destroy(ref, "requested");
    const before = found?.uid === uid ? found.object : undefined;
    const metadata = { ...given.metadata, uid };
    const created =
      metadata.creationTimestamp ?? (before ? before.metadata?.creationTimestamp : this.naming.timestamp?.());
    const object = {
      ...given,
      metadata: created === undefined ? metadata : { ...metadata, creationTimestamp: created },
    };
    if (before) return this.table.set(withNextGeneration(object, before));
    return this.table.set(
      withFirstGeneration(isHeldKind(object, "v1 Pod") ? this.#admitted(object) : object),
    );
  }

  /** Does what a controller wants done. */
  carryOut(action: Action): void {
    switch (action.do) {
      case "create":
        this.tell({ kind: "object-created", object: this.put(action.object).ref });
        return;
      case "create-pod":
        this.#createPod(action.owner, action.pod);
        return;
      case "write":
        this.#write(action.object);
        return;
      case "delete":
        this.destroy(action.ref, action.cause);
    }
  }

  /** Deletes an object; what belonged to it goes with {@link collectGarbage}. */
  destroy(ref: ObjectRef, cause: PodDeletionCause): void {
    const held = this.table.get(ref);
    if (!held) return;
    const about = this.workloadOf(held);
    this.table.delete(ref);
    this.#garbage.push({ held, cause });
    if (!isHeldKind(held.object, "v1 Pod")) {
      this.tell({ kind: "object-deleted", object: ref });
      return;
    }
    const node = held.object.spec?.nodeName;
    this.tell({ kind: "pod-deleted", pod: held.ref, ...about, ...(node ? { node } : {}), cause });
  }

  /** Lets go of everything that an object owns. */
  orphan(owner: Held): void {
    for (const each of this.table.allDependents(owner.uid)) this.#disown(each, owner.uid);
  }

  /** Removes what belonged to deleted objects: dependents, a namespace's objects, a node's pods. */
  collectGarbage(): void {
    for (let next = this.#garbage.shift(); next; next = this.#garbage.shift()) {
      const { held, cause } = next;
      const inherited = cause === "requested" || cause === "scaled-down" ? "owner-deleted" : cause;
      for (const each of this.table.allDependents(held.uid)) {
        const others = (each.object.metadata?.ownerReferences ?? []).filter(({ uid }) => uid !== held.uid);
        if (others.some(({ uid }) => this.table.byUid(uid))) this.#disown(each, held.uid);
        else this.destroy(each.ref, inherited);
      }
      if (isHeldKind(held.object, "v1 Namespace")) {
        const inside = [...this.table.all()].filter((each) => each.ref.namespace === held.ref.name);
        for (const each of inside) this.destroy(each.ref, "namespace-deleted");
      }
      if (isHeldKind(held.object, "v1 Node")) {
        for (const pod of this.table.podsOn(held.ref.name)) this.destroy(pod.ref, "node-removed");
      }
    }
  }

  /** The outermost controller, as the part of an event that names it. */
  workloadOf(held: Held): { readonly workload?: ObjectRef } {
    let outermost: Held | undefined;
    let at: Held | undefined = held;
    for (let depth = 0; at && depth < DEEPEST_OWNER; depth++) {
      const owner: string | undefined = at.object.metadata?.ownerReferences?.find(
        (each) => each.controller,
      )?.uid;
      at = owner === undefined ? undefined : this.table.byUid(owner);
      outermost = at ?? outermost;
    }
    return outermost ? { workload: outermost.ref } : {};
  }

  pod(ref: ObjectRef): Held<Pod> | undefined {
    const held = this.table.get(ref);
    return held && isHeldKind(held.object, "v1 Pod") ? { ...held, object: held.object } : undefined;
  }

  tell(occurrence: Occurrence): void {
    this.#events.push({ time: this.#time++, ...occurrence });
  }

  takeEvents(): readonly SimulationEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #createPod(owner: Held, pod: Pod): void {
    const { workload = owner.ref } = this.workloadOf(owner);
    const name = pod.metadata?.name ?? this.#freeName(owner, workload);
    const ref = {
      apiVersion: "v1",
      kind: "Pod",
      ...(owner.ref.namespace === undefined ? {} : { namespace: owner.ref.namespace }),
      name,
    };
    // Somebody else's pod of that name is in the way: the owner waits until it is gone.
    if (this.table.get(ref)) return;
    const held = this.put({ ...pod, metadata: { ...pod.metadata, name } });
    this.tell({ kind: "pod-created", pod: held.ref, workload });
  }

  #freeName(owner: Held, workload: ObjectRef): string {
    const outermost = this.table.get(workload)?.object ?? owner.object;
    let name = this.naming.pod(owner.object, outermost);
    for (
      let attempt = 1;
      attempt < NAME_ATTEMPTS && this.table.get({ ...owner.ref, apiVersion: "v1", kind: "Pod", name });
      attempt++
    ) {
      name = this.naming.pod(owner.object, outermost);
    }
    return name;
  }

  #write(object: KubernetesObject): void {
    const before = this.table.get(refOf(object))?.object;
    const after = this.put(object);
    if (
      !before ||
      !isHeldKind(before, "apps/v1 ReplicaSet") ||
      !isHeldKind(after.object, "apps/v1 ReplicaSet")
    )
      return;
    const [from, to] = [before.spec?.replicas ?? 1, after.object.spec?.replicas ?? 1];
    if (from !== to)
      this.tell({ kind: "replica-set-scaled", replicaSet: after.ref, ...this.workloadOf(after), from, to });
  }

  #disown(held: Held, owner: string): void {
    const { ownerReferences = [], ...metadata } = held.object.metadata ?? {};
    const others = ownerReferences.filter(({ uid }) => uid !== owner);
    this.table.set({
      ...held.object,
      metadata: { ...metadata, ...(others.length > 0 ? { ownerReferences: others } : {}) },
    });
  }

  #admitted(pod: Pod): Pod {
    return admitPod(pod, (name) => {
      for (const { object } of this.table.ofKind("scheduling.k8s.io/v1 PriorityClass")) {
        if (name === undefined ? object.globalDefault : object.metadata?.name === name) return object;
      }
      return undefined;
    });
  }
}
