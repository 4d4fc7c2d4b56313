import type { Pod } from "@berth/objects";
import { POD_REVISION } from "./controllers/history.ts";
import type { Held } from "./held.ts";
import { isHeldKind } from "./kinds.ts";
import { isActive } from "./pod.ts";
import type { ObjectTable } from "./table.ts";

/**
 * Whether a controller may do more than count when one of its pods becomes ready. Where it does not,
 * many pods can become ready before anybody has to look: the outcome is the same.
 */
export function reactsToReadiness(owner: Held, table: ObjectTable): boolean {
  const { object } = owner;
  if (isHeldKind(object, "apps/v1 ReplicaSet")) {
    const deployment = object.metadata?.ownerReferences?.find((each) => each.controller);
    if (!deployment) return false;
    const sets = table.dependents(deployment.uid, "apps/v1 ReplicaSet");
    return sets.filter((each) => (each.object.spec?.replicas ?? 1) > 0).length > 1;
  }
  const pods = table.dependents(owner.uid, "v1 Pod");
  if (isHeldKind(object, "apps/v1 StatefulSet")) {
    return object.spec?.podManagementPolicy !== "Parallel" || revisionsOf(pods).size > 1;
  }
  return revisionsOf(pods).size > 1;
}

function revisionsOf(pods: readonly Held<Pod>[]): ReadonlySet<string | undefined> {
  return new Set(
    pods.filter((pod) => isActive(pod.object)).map((pod) => pod.object.metadata?.labels?.[POD_REVISION]),
  );
}
