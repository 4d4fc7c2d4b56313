import type { DaemonSet, Pod } from "@berth/objects";
import { scaledAmount } from "../amount.ts";
import type { Held } from "../held.ts";
import { isReady } from "../pod.ts";
import type { DaemonNode, DaemonStep } from "./daemon-set.ts";

/**
 * One step of a daemon set's rolling update: old pods are deleted as far as `maxUnavailable`
 * allows, or, where the set surges, new ones are made beside them as far as `maxSurge` allows.
 */
export function rollDaemons(
  set: DaemonSet,
  nodes: readonly DaemonNode[],
  isNew: (pod: Pod) => boolean,
): DaemonStep[] {
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  if (type === "OnDelete") return [];
  const desired = nodes.filter((node) => node.shouldRun).length;
  const surge = scaledAmount(rollingUpdate?.maxSurge ?? 0, desired, "up");
  if (surge > 0) return surgeOver(nodes, isNew, surge);
  const unavailable = scaledAmount(rollingUpdate?.maxUnavailable ?? 1, desired, "up");
  return replaceWithin(nodes, isNew, Math.max(1, unavailable));
}

function replaceWithin(
  nodes: readonly DaemonNode[],
  isNew: (pod: Pod) => boolean,
  maxUnavailable: number,
): DaemonStep[] {
  const broken: Held<Pod>[] = [];
  const candidates: Held<Pod>[] = [];
  let unavailable = 0;
  for (const { newPod, oldPod } of splitByTemplate(nodes, isNew)) {
    if (newPod ? oldPod || !isReady(newPod.object) : !oldPod) unavailable++;
    else if (oldPod) (isReady(oldPod.object) ? candidates : broken).push(oldPod);
  }
  const chosen = [...broken, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))];
  return chosen.map((pod) => ({ do: "delete", ref: pod.ref, cause: "updated" }));
}

function surgeOver(
  nodes: readonly DaemonNode[],
  isNew: (pod: Pod) => boolean,
  maxSurge: number,
): DaemonStep[] {
  const replaced: DaemonStep[] = [];
  const broken: string[] = [];
  const candidates: string[] = [];
  let surging = 0;
  for (const { node, newPod, oldPod } of splitByTemplate(nodes, isNew)) {
    if (!oldPod) continue;
    if (!newPod) (isReady(oldPod.object) ? candidates : broken).push(node);
    else if (isReady(newPod.object)) replaced.push({ do: "delete", ref: oldPod.ref, cause: "updated" });
    else surging++;
  }
  const chosen = [...broken, ...candidates.slice(0, Math.max(0, maxSurge - surging))];
  return [...replaced, ...chosen.map((create) => ({ create }))];
}

function splitByTemplate(nodes: readonly DaemonNode[], isNew: (pod: Pod) => boolean) {
  return nodes
    .filter((node) => node.mayStay && (node.shouldRun || node.pods.length > 0))
    .map((node) => ({
      node: node.name,
      newPod: node.pods.find((pod) => isNew(pod.object)),
      oldPod: node.pods.find((pod) => !isNew(pod.object)),
    }));
}
