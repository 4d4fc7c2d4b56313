/**
 * A Kubernetes object as plain JSON. The simulator never changes one in place: a change makes a
 * new object that shares what did not change, so callers may keep what they were given.
 */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** The part of `metadata` that controllers read. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly [field: string]: unknown;
}

/** An entry of `metadata.ownerReferences`. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** What names an object: the version is left out, since `apps/v1` and `apps/v1beta1` hold the same object. */
export interface ObjectReference {
  /** `""` for the core group, `apps`, `discovery.k8s.io`. */
  readonly group: string;
  readonly kind: string;
  /** Absent for objects that live in no namespace. */
  readonly namespace?: string;
  readonly name: string;
}
