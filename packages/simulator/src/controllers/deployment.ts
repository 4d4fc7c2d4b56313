import type { Deployment, ReplicaSet } from "@berth/objects";
import { digestOf, sameValue } from "../canonical.ts";
import { byAge, type Held } from "../held.ts";
import type { Action } from "./action.ts";
import { deploymentStatus } from "./deployment-status.ts";
import {
  copiedAnnotations,
  REVISION,
  type RollingBounds,
  replicaSetFor,
  revisionOf,
  rollingBounds,
  scaleTo,
  templateText,
  withAnnotations,
} from "./revision.ts";
import { isMidRolloutScaling, proportionalSizes } from "./scaling.ts";

export interface DeploymentView {
  readonly deployment: Held<Deployment>;
  /** The replica sets that it controls, in order of creation. */
  readonly replicaSets: readonly Held<ReplicaSet>[];
  /** How many pods of a replica set are active, or are still being deleted. */
  podsOf(replicaSet: Held<ReplicaSet>): number;
  /** Whether a replica set of this name exists: two templates may have one hash. */
  isTaken(replicaSetName: string): boolean;
  /** `pod-template-hash` of a new template, see `Naming.templateHash`. */
  templateHash(digest: string): string;
}

/** A deployment's replica sets, the one of today's template apart. */
interface Revisions {
  readonly current: Held<ReplicaSet> | undefined;
  readonly old: readonly Held<ReplicaSet>[];
  readonly all: readonly Held<ReplicaSet>[];
}

/**
 * One reconciliation of a deployment, as `pkg/controller/deployment` does it: at most one kind of
 * scaling at a time, and the next only when replica sets have followed. Nothing is computed ahead:
 * a rollout is what comes of repeating this.
 */
export function reconcileDeployment(view: DeploymentView): Action[] {
  const { deployment } = view;
  const revisions = revisionsOf(view);
  const steps =
    deployment.object.spec?.paused === true || isMidRolloutScaling(deployment.object, revisions.all)
      ? scale(view, revisions)
      : deployment.object.spec?.strategy?.type === "Recreate"
        ? recreate(view, revisions)
        : roll(view, revisions);
  return steps.length > 0 ? steps : rest(view, revisions);
}

function revisionsOf({ deployment, replicaSets }: DeploymentView): Revisions {
  const wanted = templateText(deployment.object.spec?.template);
  const current = replicaSets.find((each) => templateText(each.object.spec?.template) === wanted);
  return { current, old: replicaSets.filter((each) => each !== current), all: replicaSets };
}

/** RollingUpdate: the new set grows as far as surge allows, then the old ones shrink as far as availability allows. */
function roll(view: DeploymentView, revisions: Revisions): Action[] {
  const { deployment } = view;
  const bounds = rollingBounds(deployment.object);
  if (!revisions.current)
    return [createCurrent(view, revisions, Math.min(bounds.replicas, room(revisions, bounds)))];
  const marked = markCurrent(view, revisions);
  if (marked.length > 0) return marked;
  const size = sizeOf(revisions.current);
  const target =
    size > bounds.replicas ? bounds.replicas : Math.min(bounds.replicas, size + room(revisions, bounds));
  if (target !== size) return scaleTo(deployment.object, revisions.current, target);
  return shrinkOld(deployment.object, revisions, revisions.current, bounds);
}

function room(revisions: Revisions, bounds: RollingBounds): number {
  return Math.max(0, bounds.maxTotal - sum(revisions.all, sizeOf));
}

function shrinkOld(
  deployment: Deployment,
  revisions: Revisions,
  current: Held<ReplicaSet>,
  bounds: RollingBounds,
): Action[] {
  const old = revisions.old.filter((each) => sizeOf(each) > 0);
  const newUnavailable = sizeOf(current) - availableOf(current);
  const budget = sum(revisions.all, sizeOf) - bounds.minAvailable - newUnavailable;
  if (budget <= 0) return [];
  const sizes = new Map(old.map((each) => [each, sizeOf(each)]));
  const take = (each: Held<ReplicaSet>, amount: number) => sizes.set(each, (sizes.get(each) ?? 0) - amount);

  let unhealthy = budget;
  for (const each of old) {
    const amount = Math.max(0, Math.min(unhealthy, sizeOf(each) - availableOf(each)));
    take(each, amount);
    unhealthy -= amount;
  }
  let available = sum(revisions.all, availableOf) - bounds.minAvailable;
  for (const each of old) {
    const amount = Math.max(0, Math.min(available, sizes.get(each) ?? 0));
    take(each, amount);
    available -= amount;
  }
  return [...sizes].flatMap(([each, size]) => (size === sizeOf(each) ? [] : scaleTo(deployment, each, size)));
}

/** Recreate: nothing new before everything old is gone. */
function recreate(view: DeploymentView, revisions: Revisions): Action[] {
  const { deployment } = view;
  const active = revisions.old.filter((each) => sizeOf(each) > 0);
  if (active.length > 0) return active.flatMap((each) => scaleTo(deployment.object, each, 0));
  if (revisions.old.some((each) => view.podsOf(each) > 0)) return [];
  const { replicas } = rollingBounds(deployment.object);
  if (!revisions.current) return [createCurrent(view, revisions, replicas)];
  const marked = markCurrent(view, revisions);
  if (marked.length > 0) return marked;
  return sizeOf(revisions.current) === replicas
    ? []
    : scaleTo(deployment.object, revisions.current, replicas);
}

/** Paused, or resized in the middle of a rollout: existing sets are scaled, the template waits. */
function scale(view: DeploymentView, { current, old, all }: Revisions): Action[] {
  const deployment = view.deployment.object;
  const { replicas, isRolling } = rollingBounds(deployment);
  const active = all.filter((each) => sizeOf(each) > 0);
  if (active.length <= 1) {
    const only = active[0] ?? current ?? old.at(-1);
    return only ? scaleTo(deployment, only, replicas) : [];
  }
  if (current && isSaturated(deployment, current, replicas)) {
    return active.flatMap((each) => (each === current ? [] : scaleTo(deployment, each, 0)));
  }
  if (!isRolling) return [];
  return proportionalSizes(deployment, active).flatMap(([each, size]) => scaleTo(deployment, each, size));
}

function isSaturated(deployment: Deployment, current: Held<ReplicaSet>, replicas: number): boolean {
  return (
    sizeOf(current) === replicas &&
    availableOf(current) === replicas &&
    scaleTo(deployment, current, replicas).length === 0
  );
}

function createCurrent(view: DeploymentView, revisions: Revisions, replicas: number): Action {
  const { deployment } = view;
  const text = templateText(deployment.object.spec?.template);
  let hash = view.templateHash(digestOf(text));
  for (let again = 1; view.isTaken(`${deployment.ref.name}-${hash}`); again++) {
    hash = view.templateHash(digestOf(`${text}#${again}`));
  }
  return { do: "create", object: replicaSetFor(deployment, hash, replicas, nextRevision(revisions.old)) };
}

/** The set of today's template carries the highest revision number (a rollback moves it up again) and the deployment's annotations. */
function markCurrent(view: DeploymentView, { current, old }: Revisions): Action[] {
  if (!current) return [];
  const revision = String(Math.max(revisionOf(current.object), nextRevision(old)));
  const object = withAnnotations(current.object, {
    ...copiedAnnotations(view.deployment.object),
    [REVISION]: revision,
  });
  return object === current.object ? [] : [{ do: "write", object }];
}

function nextRevision(old: readonly Held<ReplicaSet>[]): number {
  return Math.max(0, ...old.map((each) => revisionOf(each.object))) + 1;
}

/** Nothing to scale: old sets beyond the history limit go, annotations and status follow. */
function rest(view: DeploymentView, revisions: Revisions): Action[] {
  const { deployment } = view;
  const status = deploymentStatus(deployment.object, revisions.current, revisions.all);
  const revision = revisions.current ? revisionOf(revisions.current.object) : undefined;
  let object: Deployment = revision
    ? withAnnotations(deployment.object, { [REVISION]: String(revision) })
    : deployment.object;
  if (!sameValue(status, object.status)) object = { ...object, status };
  const written: Action[] = object === deployment.object ? [] : [{ do: "write", object }];
  return [...cleanUp(deployment.object, revisions), ...written];
}

function cleanUp(deployment: Deployment, { current, old }: Revisions): Action[] {
  const status = current && deploymentStatus(deployment, current, [current, ...old]);
  const { replicas } = rollingBounds(deployment);
  const isComplete =
    status?.updatedReplicas === replicas &&
    status.replicas === replicas &&
    status.availableReplicas === replicas;
  if (!isComplete && !deployment.spec?.paused) return [];
  const surplus = old.length - (deployment.spec?.revisionHistoryLimit ?? 10);
  if (surplus <= 0) return [];
  const oldest = old.toSorted((a, b) => revisionOf(a.object) - revisionOf(b.object) || byAge(a, b));
  const empty = oldest
    .slice(0, surplus)
    .filter((each) => sizeOf(each) === 0 && (each.object.status?.replicas ?? 0) === 0);
  return empty.map((each) => ({ do: "delete", ref: each.ref, cause: "scaled-down" }));
}

function sizeOf(replicaSet: Held<ReplicaSet>): number {
  return replicaSet.object.spec?.replicas ?? 1;
}

function availableOf(replicaSet: Held<ReplicaSet>): number {
  return replicaSet.object.status?.availableReplicas ?? 0;
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
