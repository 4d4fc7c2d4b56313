import { compareText, type KubernetesObject, type ObjectRef, type Pod, refKey, refOf } from "@berth/objects";
import type { PlacementGroup } from "../plan.ts";
import { ofKindIn } from "./kinds.ts";
import { type Owners, workloadText } from "./owners.ts";
import type { Played } from "./play.ts";

/** A pod on its node, before or after. */
interface PlacedPod {
  readonly ref: ObjectRef;
  readonly name: string;
  readonly node: string;
}

const order: readonly PlacementGroup["change"][] = ["stays", "new", "moved", "gone"];

/** Every pod that has a node before or after the plan, by workload, node, fate and reason. */
export function groupPlacement(played: Played, owners: Owners): readonly PlacementGroup[] {
  const [before, after] = [placedPods(played.before), placedPods(played.after)];
  const zones = new Map<string, string>();
  for (const node of [...ofKindIn(played.before, "v1 Node"), ...ofKindIn(played.after, "v1 Node")]) {
    const zone = node.metadata?.labels?.["topology.kubernetes.io/zone"];
    if (zone !== undefined) zones.set(node.metadata?.name ?? "", zone);
  }
  const groups = new Map<string, { readonly group: Omit<PlacementGroup, "pods">; readonly pods: string[] }>();

  const add = (pod: PlacedPod, change: PlacementGroup["change"], from?: string): void => {
    const workload = played.workloads.get(refKey(pod.ref)) ?? pod.ref;
    const resource = owners.resource(workload);
    const zone = zones.get(pod.node);
    const group = {
      workload: workloadText(workload),
      system: owners.isSystem(workload),
      ...(resource === undefined ? {} : { resource }),
      node: pod.node,
      ...(zone === undefined ? {} : { zone }),
      change,
      ...(from === undefined ? {} : { from }),
      ...(change === "new" || change === "moved" ? played.verdicts.get(refKey(pod.ref)) : {}),
    };
    const key = JSON.stringify(group);
    const known = groups.get(key);
    if (known) known.pods.push(pod.name);
    else groups.set(key, { group, pods: [pod.name] });
  };

  const standIns = new Map<string, number>();
  for (const [key, pod] of after) {
    const from = played.movedFrom.get(key);
    if (before.has(key) && !played.verdicts.has(key)) add(pod, "stays");
    else if (from === undefined || from === pod.node) add(pod, "new");
    else {
      add(pod, "moved", from);
      const place = placeOf(played, pod.ref, from);
      standIns.set(place, (standIns.get(place) ?? 0) + 1);
    }
  }
  for (const [key, pod] of before) {
    if (after.has(key) && !played.verdicts.has(key)) continue;
    const place = placeOf(played, pod.ref, pod.node);
    const left = standIns.get(place) ?? 0;
    if (left > 0) standIns.set(place, left - 1);
    else add(pod, "gone");
  }
  return [...groups.values()].map(({ group, pods }) => ({ ...group, pods })).toSorted(compareGroups);
}

function placedPods(objects: readonly KubernetesObject[]): ReadonlyMap<string, PlacedPod> {
  const placed = new Map<string, PlacedPod>();
  for (const pod of ofKindIn(objects, "v1 Pod")) {
    const node = pod.spec?.nodeName;
    if (!node || isFinished(pod)) continue;
    const ref = refOf(pod);
    placed.set(refKey(ref), { ref, name: ref.name, node });
  }
  return placed;
}

/** A pod that has run to its end takes no room any more. */
export function isFinished({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function placeOf({ workloads }: Played, pod: ObjectRef, node: string): string {
  return `${refKey(workloads.get(refKey(pod)) ?? pod)} on ${node}`;
}

function compareGroups(a: PlacementGroup, b: PlacementGroup): number {
  return (
    Number(a.system) - Number(b.system) ||
    compareText(a.workload, b.workload) ||
    order.indexOf(a.change) - order.indexOf(b.change) ||
    compareText(a.node, b.node) ||
    compareText(a.pods[0] ?? "", b.pods[0] ?? "")
  );
}
