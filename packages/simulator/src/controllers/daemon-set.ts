import type { DaemonSet, Node, Pod } from "@berth/objects";
import { sameValue } from "../canonical.ts";
import type { Held } from "../held.ts";
import { isActive, isFinished, isReady, podFrom } from "../pod.ts";
import type { Action } from "./action.ts";
import { daemonPodSpec, suitability, targetNodeOf } from "./daemon-node.ts";
import { rollDaemons } from "./daemon-rollout.ts";
import { cleanHistory, currentRevision, type History, POD_REVISION, REVISION_HASH } from "./history.ts";

export interface DaemonSetView extends History {
  readonly set: Held<DaemonSet>;
  /** The pods that it controls, in order of creation. */
  readonly pods: readonly Held<Pod>[];
  readonly nodes: readonly Held<Node>[];
}

/** A node of the cluster as one daemon set sees it. */
export interface DaemonNode {
  readonly name: string;
  readonly shouldRun: boolean;
  readonly mayStay: boolean;
  /** Active pods of the set that are there or are meant for it, oldest first. */
  readonly pods: readonly Held<Pod>[];
}

/** One reconciliation of a daemon set: `pkg/controller/daemon`. Its pods go through the scheduler, each pinned to its node. */
export function reconcileDaemonSet(view: DaemonSetView): Action[] {
  const revision = currentRevision(view);
  if ("do" in revision) return [revision];
  const hash = revision.object.metadata?.labels?.[REVISION_HASH] ?? "";
  const isNew = (pod: Pod) => pod.metadata?.labels?.[POD_REVISION] === hash;
  const nodes = nodesOf(view);
  const kept = keepOnePerNode(view, nodes, isNew);
  const steps = kept.length > 0 ? kept : rollDaemons(view.set.object, nodes, isNew);
  const actions = steps.map((step) => ("create" in step ? createOn(view, step.create, hash) : step));
  return actions.length > 0 ? actions : rest(view, nodes, isNew, hash);
}

/** A pod to be made on a node, or an action that is complete already. */
export type DaemonStep = Action | { readonly create: string };

function keepOnePerNode(
  view: DaemonSetView,
  nodes: readonly DaemonNode[],
  isNew: (pod: Pod) => boolean,
): DaemonStep[] {
  const finished = view.pods.filter((pod) => isFinished(pod.object));
  const known = new Set(nodes.map((node) => node.name));
  const stray = view.pods.filter((pod) => isActive(pod.object) && !known.has(targetNodeOf(pod.object) ?? ""));
  const steps = [
    ...finished.map((pod): DaemonStep => ({ do: "delete", ref: pod.ref, cause: "updated" })),
    ...stray.map((pod): DaemonStep => ({ do: "delete", ref: pod.ref, cause: "node-removed" })),
  ];
  for (const { name, shouldRun, mayStay, pods } of nodes) {
    if (shouldRun && pods.length === 0) steps.push({ create: name });
    else if (!mayStay)
      steps.push(
        ...pods.map((pod): DaemonStep => ({ do: "delete", ref: pod.ref, cause: "node-unsuitable" })),
      );
    else if (pods.length > 1)
      steps.push(
        ...surplusOf(pods, isNew).map((pod): DaemonStep => ({
          do: "delete",
          ref: pod.ref,
          cause: "updated",
        })),
      );
  }
  return steps;
}

/** Of several pods on a node one of each template may stay while the set surges: the oldest. */
function surplusOf(pods: readonly Held<Pod>[], isNew: (pod: Pod) => boolean): readonly Held<Pod>[] {
  const [oldestNew, ...moreNew] = pods.filter((pod) => isNew(pod.object));
  const [oldestOld, ...moreOld] = pods.filter((pod) => !isNew(pod.object));
  const surplus = [...moreNew, ...moreOld];
  const isReplaced = oldestNew && oldestOld && (isReady(oldestNew.object) || !isReady(oldestOld.object));
  return isReplaced ? [...surplus, oldestOld] : surplus;
}

function nodesOf(view: DaemonSetView): DaemonNode[] {
  const byNode = new Map<string, Held<Pod>[]>();
  for (const pod of view.pods) {
    if (!isActive(pod.object)) continue;
    const node = targetNodeOf(pod.object) ?? "";
    const pods = byNode.get(node);
    if (pods) pods.push(pod);
    else byNode.set(node, [pod]);
  }
  const spec = daemonPodSpec(view.set.object.spec?.template?.spec);
  return view.nodes.map((node) => {
    const { name } = node.ref;
    return { name, ...suitability(spec, node.object), pods: byNode.get(name) ?? [] };
  });
}

function createOn({ set }: DaemonSetView, node: string, hash: string): Action {
  const pod = podFrom(set, set.object.spec?.template, { labels: { [POD_REVISION]: hash } });
  return { do: "create-pod", owner: set, pod: { ...pod, spec: daemonPodSpec(pod.spec, node) } };
}

function rest(
  view: DaemonSetView,
  nodes: readonly DaemonNode[],
  isNew: (pod: Pod) => boolean,
  hash: string,
): Action[] {
  const { object } = view.set;
  const wanted = nodes.filter((node) => node.shouldRun);
  const oldest = wanted.flatMap((node) => node.pods.slice(0, 1));
  const count = (test: (pod: Pod) => boolean) => oldest.filter((pod) => test(pod.object)).length;
  const ready = count(isReady);
  const status = {
    ...(object.metadata?.generation === undefined ? {} : { observedGeneration: object.metadata.generation }),
    currentNumberScheduled: oldest.length,
    numberMisscheduled: nodes.filter((node) => !node.shouldRun && node.pods.length > 0).length,
    desiredNumberScheduled: wanted.length,
    numberReady: ready,
    updatedNumberScheduled: count(isNew),
    numberAvailable: ready,
    ...(wanted.length > ready ? { numberUnavailable: wanted.length - ready } : {}),
  };
  const names = view.pods.map((pod) => `${view.set.ref.name}-${pod.object.metadata?.labels?.[POD_REVISION]}`);
  const cleaned = cleanHistory(view, new Set([`${view.set.ref.name}-${hash}`, ...names]));
  if (sameValue(status, object.status)) return cleaned;
  const written: DaemonSet = { ...object, status };
  return [...cleaned, { do: "write", object: written }];
}
