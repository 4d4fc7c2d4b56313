import type { IPod } from "kubernetes-models/v1/Pod";

/** What every object of the Kubernetes API has in its metadata. */
export type ObjectMeta = NonNullable<IPod["metadata"]>;

/**
 * Any object of the Kubernetes API as plain JSON. The typed kinds (`Pod`, `Deployment`, …) are
 * assignable to it; {@link isKind} goes the other way.
 */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: ObjectMeta;
}
