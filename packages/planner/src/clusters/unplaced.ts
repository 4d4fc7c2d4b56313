import { compareText, type KubernetesObject, type ObjectRef, refKey } from "@berth/objects";
import { nodeAllocatable, podRequests } from "@berth/scheduler";
import type { StuckRollout, UnplacedGroup } from "../plan.ts";
import { ofKindIn } from "./kinds.ts";
import { type Owners, workloadText } from "./owners.ts";
import type { Played } from "./play.ts";
import type { FindRemedy } from "./remedies.ts";
import type { Refusal } from "./story.ts";

/** Pods without a node, by workload and message. */
export function groupUnplaced(
  played: Played,
  owners: Owners,
  remedyOf: FindRemedy,
): readonly UnplacedGroup[] {
  const groups = new Map<
    string,
    { readonly group: Omit<UnplacedGroup, "pods" | "remedy">; readonly pods: ObjectRef[] }
  >();
  for (const { pod, message, nodes } of played.refusals) {
    const workload = played.workloads.get(refKey(pod)) ?? pod;
    const key = `${refKey(workload)} ${message}`;
    const known = groups.get(key);
    if (known) {
      known.pods.push(pod);
      continue;
    }
    const resource = owners.resource(workload);
    const group = {
      workload: workloadText(workload),
      system: owners.isSystem(workload),
      ...(resource === undefined ? {} : { resource }),
      message,
      nodes: nodes.map(({ node, plugin, reasons, shortages }) => ({
        node,
        ...(plugin === undefined ? {} : { plugin }),
        reasons,
        shortages,
      })),
    };
    groups.set(key, { group, pods: [pod] });
  }
  return [...groups.values()]
    .map(({ group, pods }) => {
      const remedy = remedyOf(pods);
      return { ...group, pods: pods.map((each) => each.name), ...(remedy && { remedy }) };
    })
    .toSorted(
      (a, b) =>
        Number(a.system) - Number(b.system) ||
        compareText(a.workload, b.workload) ||
        compareText(a.message, b.message),
    );
}

/** Workloads at rest short of what they are to be. */
export function stuckRollouts({ stuck }: Played, owners: Owners): readonly StuckRollout[] {
  return stuck
    .map(({ workload, desired, updated, ready, unschedulable }): StuckRollout => {
      const resource = owners.resource(workload);
      return {
        workload: workloadText(workload),
        system: owners.isSystem(workload),
        ...(resource === undefined ? {} : { resource }),
        desired,
        updated,
        ready,
        unplaced: unschedulable.map((each) => each.name),
      };
    })
    .toSorted((a, b) => Number(a.system) - Number(b.system) || compareText(a.workload, b.workload));
}

/** A resource of which a pod requests more than the largest node gives. */
export interface Oversize {
  readonly resource: string;
  readonly requested: number;
  readonly largest: number;
  readonly node: string;
}

/** What a pod requests more of than any node gives, even when it is empty. */
export function oversizes(
  { pod: ref }: Refusal,
  objects: readonly KubernetesObject[],
  kubernetes: string,
): readonly Oversize[] {
  const pod = ofKindIn(objects, "v1 Pod").find(
    (each) => each.metadata?.name === ref.name && each.metadata.namespace === ref.namespace,
  );
  const nodes = ofKindIn(objects, "v1 Node");
  if (!pod || nodes.length === 0) return [];
  const found: Oversize[] = [];
  for (const [resource, requested] of podRequests(pod, kubernetes)) {
    let largest = -1;
    let name = "";
    for (const node of nodes) {
      const amount = nodeAllocatable(node).get(resource) ?? 0;
      if (amount > largest) [largest, name] = [amount, node.metadata?.name ?? ""];
    }
    if (requested > largest) found.push({ resource, requested, largest, node: name });
  }
  return found;
}
