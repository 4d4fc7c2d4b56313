import { BerthError, problem } from "@berth/diagnostics";
import { type KubernetesObject, type ObjectRef, refKey, refOf } from "@berth/objects";
import { codes } from "./codes.ts";
import { byAge, type Held } from "./held.ts";
import { type KindName, type Kinds, kindNameOf } from "./kinds.ts";
import { LabelIndex } from "./label-index.ts";

/** Called after each change with what stood before and what stands now. */
export type ChangeListener = (before: Held | undefined, after: Held | undefined) => void;

/**
 * All objects of a cluster with the indexes that controllers read: by kind, by owner, pods by
 * node and by label. Every list it gives is in order of creation.
 */
export class ObjectTable {
  readonly #objects = new Map<string, Held>();
  readonly #kinds = new Map<string, Map<string, Held>>();
  readonly #keysByUid = new Map<string, string>();
  readonly #dependents = new Map<string, Set<string>>();
  readonly #podsByNode = new Map<string, Set<string>>();
  readonly #podsByLabel = new LabelIndex();
  readonly #listener: ChangeListener;
  #sequence = 0;

  constructor(listener: ChangeListener) {
    this.#listener = listener;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(ref: ObjectRef): Held | undefined {
    return this.#objects.get(refKey(ref));
  }

  byUid(uid: string): Held | undefined {
    const key = this.#keysByUid.get(uid);
    return key === undefined ? undefined : this.#objects.get(key);
  }

  /** Stores an object, which must have a uid. */
  set(object: KubernetesObject): Held {
    const ref = refOf(object);
    const key = refKey(ref);
    const uid = object.metadata?.uid ?? "";
    const namesake = this.#keysByUid.get(uid);
    if (namesake !== undefined && namesake !== key) throw usedTwice(uid, namesake, key);
    const before = this.#objects.get(key);
    if (before && before.uid !== uid) this.delete(ref);
    const same = before?.uid === uid ? before : undefined;
    const after: Held = { ref, key, uid, sequence: same?.sequence ?? ++this.#sequence, object };
    this.#objects.set(key, after);
    this.#kind(kindNameOf(object)).set(key, after);
    this.#keysByUid.set(uid, key);
    if (same) this.#unindex(same);
    this.#index(after);
    this.#listener(same, after);
    return after;
  }

  delete(ref: ObjectRef): Held | undefined {
    const key = refKey(ref);
    const before = this.#objects.get(key);
    if (!before) return undefined;
    this.#objects.delete(key);
    this.#kind(kindNameOf(ref)).delete(key);
    this.#keysByUid.delete(before.uid);
    this.#unindex(before);
    this.#listener(before, undefined);
    return before;
  }

  all(): Iterable<Held> {
    return this.#objects.values();
  }

  /** Objects of any kind by the name of the kind: `apps/v1 Deployment`. */
  ofKindName(kind: string): Iterable<Held> {
    return this.#kind(kind).values();
  }

  ofKind<K extends KindName>(kind: K): Iterable<Held<Kinds[K]>> {
    return this.#kind(kind).values() as Iterable<Held<Kinds[K]>>;
  }

  /** Objects of a kind that name this uid as an owner. */
  dependents<K extends KindName>(uid: string, kind: K): Held<Kinds[K]>[] {
    return this.allDependents(uid).filter((held): held is Held<Kinds[K]> => kindNameOf(held.ref) === kind);
  }

  allDependents(uid: string): Held[] {
    return this.#resolve(this.#dependents.get(uid));
  }

  podsOn(node: string): Held<Kinds["v1 Pod"]>[] {
    return this.#resolve(this.#podsByNode.get(node)) as Held<Kinds["v1 Pod"]>[];
  }

  /** Pods of a namespace that have all these labels; none for an empty selector. */
  podsWith(namespace: string, labels: Readonly<Record<string, string>>): Held<Kinds["v1 Pod"]>[] {
    return this.#resolve(this.#podsByLabel.matching(namespace, labels)) as Held<Kinds["v1 Pod"]>[];
  }

  #resolve(keys: Iterable<string> = []): Held[] {
    const found: Held[] = [];
    for (const key of keys) {
      const held = this.#objects.get(key);
      if (held) found.push(held);
    }
    return found.toSorted(byAge);
  }

  #kind(name: string): Map<string, Held> {
    let kind = this.#kinds.get(name);
    if (!kind) this.#kinds.set(name, (kind = new Map()));
    return kind;
  }

  #index(held: Held): void {
    for (const owner of held.object.metadata?.ownerReferences ?? [])
      add(this.#dependents, owner.uid, held.key);
    if (held.ref.kind !== "Pod" || held.ref.apiVersion !== "v1") return;
    const node = nodeNameOf(held);
    if (node) add(this.#podsByNode, node, held.key);
    this.#podsByLabel.add(held);
  }

  #unindex(held: Held): void {
    for (const owner of held.object.metadata?.ownerReferences ?? [])
      remove(this.#dependents, owner.uid, held.key);
    if (held.ref.kind !== "Pod" || held.ref.apiVersion !== "v1") return;
    const node = nodeNameOf(held);
    if (node) remove(this.#podsByNode, node, held.key);
    this.#podsByLabel.remove(held);
  }
}

function usedTwice(uid: string, first: string, second: string): BerthError {
  return new BerthError([
    problem(codes.BERTH2203, { message: `${first} and ${second} both have the uid ${JSON.stringify(uid)}` }),
  ]);
}

function nodeNameOf(held: Held): string | undefined {
  return (held as Held<Kinds["v1 Pod"]>).object.spec?.nodeName;
}

function add(index: Map<string, Set<string>>, at: string, key: string): void {
  const keys = index.get(at);
  if (keys) keys.add(key);
  else index.set(at, new Set([key]));
}

function remove(index: Map<string, Set<string>>, at: string, key: string): void {
  const keys = index.get(at);
  keys?.delete(key);
  if (keys?.size === 0) index.delete(at);
}
