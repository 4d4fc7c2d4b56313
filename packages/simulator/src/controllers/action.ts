import type { KubernetesObject, ObjectRef, Pod } from "@berth/objects";
import type { PodDeletionCause } from "../events.ts";
import type { Held } from "../held.ts";

/** What a controller wants done. Controllers only say it; the machine does it, in the order given. */
export type Action =
  /** Makes an object. */
  | { readonly do: "create"; readonly object: KubernetesObject }
  /** Makes a pod of this owner; the cluster names it if it has no name. */
  | { readonly do: "create-pod"; readonly owner: Held; readonly pod: Pod }
  /** Replaces an object by what the controller made of it: annotations, replicas, status. */
  | { readonly do: "write"; readonly object: KubernetesObject }
  | { readonly do: "delete"; readonly ref: ObjectRef; readonly cause: PodDeletionCause };
