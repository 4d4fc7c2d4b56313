import type { Deployment, ReplicaSet } from "@berth/objects";
import type { Held } from "../held.ts";
import { DESIRED_REPLICAS, MAX_REPLICAS, rollingBounds } from "./revision.ts";

/** Whether the deployment's size changed since its replica sets were last sized. */
export function isMidRolloutScaling(
  deployment: Deployment,
  replicaSets: readonly Held<ReplicaSet>[],
): boolean {
  const replicas = deployment.spec?.replicas ?? 1;
  return replicaSets.some(({ object }) => {
    const noted = object.metadata?.annotations?.[DESIRED_REPLICAS];
    return (object.spec?.replicas ?? 1) > 0 && noted !== undefined && Number(noted) !== replicas;
  });
}

/**
 * Sizes when a deployment is resized while several of its replica sets are active: what is added or
 * taken is shared by size, the largest first, and what rounding leaves over goes to the largest.
 */
export function proportionalSizes(
  deployment: Deployment,
  active: readonly Held<ReplicaSet>[],
): readonly (readonly [Held<ReplicaSet>, number])[] {
  const { replicas, maxTotal } = rollingBounds(deployment);
  const total = active.reduce((sum, each) => sum + sizeOf(each), 0);
  const change = (replicas > 0 ? maxTotal : 0) - total;
  // Among equals, the newer one grows first and the older one shrinks first.
  const sorted = active.toSorted(
    (a, b) => sizeOf(b) - sizeOf(a) || (change > 0 ? b.sequence - a.sequence : a.sequence - b.sequence),
  );
  let shared = 0;
  const sizes = sorted.map((each): [Held<ReplicaSet>, number] => {
    const share =
      change === 0 ? 0 : proportion(each, deployment, replicas, maxTotal, change, change - shared);
    shared += share;
    return [each, sizeOf(each) + share];
  });
  const largest = sizes[0];
  if (largest && change !== 0) largest[1] = Math.max(0, largest[1] + change - shared);
  return sizes;
}

function proportion(
  replicaSet: Held<ReplicaSet>,
  deployment: Deployment,
  replicas: number,
  maxTotal: number,
  change: number,
  allowed: number,
): number {
  const size = sizeOf(replicaSet);
  if (size === 0 || allowed === 0) return 0;
  const share = replicas === 0 ? -size : grown(replicaSet, deployment, size, maxTotal) - size;
  return change > 0 ? Math.min(share, allowed) : Math.max(share, allowed);
}

function grown(replicaSet: Held<ReplicaSet>, deployment: Deployment, size: number, maxTotal: number): number {
  const noted = Number(replicaSet.object.metadata?.annotations?.[MAX_REPLICAS] ?? 0);
  const before = noted > 0 ? noted : (deployment.status?.replicas ?? 0);
  return before > 0 ? Math.round((size * maxTotal) / before) : size;
}

function sizeOf(replicaSet: Held<ReplicaSet>): number {
  return replicaSet.object.spec?.replicas ?? 1;
}
