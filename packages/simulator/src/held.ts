import type { KubernetesObject, ObjectRef } from "@berth/objects";

/** An object as the cluster holds it. A change makes another `Held` with the same key, uid and sequence. */
export interface Held<T extends KubernetesObject = KubernetesObject> {
  readonly ref: ObjectRef;
  readonly key: string;
  readonly uid: string;
  /** Order of creation in this cluster: what creation times tell elsewhere. */
  readonly sequence: number;
  readonly object: T;
}

/** Older first. */
export function byAge(a: Held, b: Held): number {
  return a.sequence - b.sequence;
}
