import type { NodeSupplyFacet } from "@berth/core";
import { compareText, type KubernetesObject } from "@berth/objects";
import { type Amounts, nodeAllocatable, podRequests } from "@berth/scheduler";
import type { NodeUse, ResourceUse } from "../plan.ts";
import { ofKindIn } from "./kinds.ts";
import type { NodeObject } from "./node-pool.ts";
import { isFinished } from "./placement.ts";
import type { Played } from "./play.ts";
import type { Scene } from "./scene.ts";

/** What is requested of every node, before and after, against what it gives: nodes in order of creation, those that go last. */
export function nodeUses(scene: Scene, { before, after, kubernetes }: Played): readonly NodeUse[] {
  const [had, has] = [nodesByName(before), nodesByName(after)];
  const [usedBefore, usedAfter] = [usage(before, kubernetes), usage(after, kubernetes)];
  const actors = [...scene.actors.values()];
  const supplies = actors.flatMap((each) => [...each.after.supplies, ...each.before.supplies]);
  // What goes is of the pool as it was: the one that takes its place may have other nodes.
  const formerly = actors.flatMap((each) => [...each.before.supplies, ...each.after.supplies]);
  const standing = [...has].map(([name, node]) => {
    return useOf(
      name,
      node,
      had.has(name) ? "stays" : "new",
      usedBefore.get(name),
      usedAfter.get(name),
      supplies,
    );
  });
  const gone = [...had].filter(([name]) => !has.has(name));
  return [
    ...standing,
    ...gone.map(([name, node]) => useOf(name, node, "gone", usedBefore.get(name), undefined, formerly)),
  ];
}

/** What pods request of a node together. */
interface Usage {
  readonly amounts: Map<string, number>;
  pods: number;
}

const nothing: Usage = { amounts: new Map(), pods: 0 };

function useOf(
  name: string,
  node: NodeObject,
  change: NodeUse["change"],
  before: Usage = nothing,
  after: Usage = nothing,
  supplies: readonly NodeSupplyFacet[],
): NodeUse {
  const labels = node.metadata?.labels ?? {};
  const supply = supplies.find(({ poolLabel: [key, value] }) => labels[key] === value);
  const zone = labels["topology.kubernetes.io/zone"];
  const resources = resourceUses(nodeAllocatable(node), before, after);
  return {
    name,
    pool: supply?.pool ?? "",
    shape: supply?.shape ?? labels["node.kubernetes.io/instance-type"] ?? "",
    ...(zone === undefined ? {} : { zone }),
    change,
    resources,
    limiting: limitingResource(resources),
    pods: { before: before.pods, after: after.pods },
  };
}

/** cpu, memory and pods always; others where something is requested of them. */
function resourceUses(allocatable: Amounts, before: Usage, after: Usage): readonly ResourceUse[] {
  const always = ["cpu", "memory", "pods"];
  const requested = new Set([...before.amounts.keys(), ...after.amounts.keys()]);
  const others = [...requested].filter((each) => !always.includes(each)).toSorted(compareText);
  const amount = ({ amounts, pods }: Usage, resource: string): number =>
    resource === "pods" ? pods : (amounts.get(resource) ?? 0);
  return [...always, ...others].map((resource) => ({
    resource,
    requestedBefore: amount(before, resource),
    requested: amount(after, resource),
    allocatable: allocatable.get(resource) ?? 0,
  }));
}

/** The resource of which the largest share is requested; the first of several. */
function limitingResource(resources: readonly ResourceUse[]): string {
  let limiting = "cpu";
  let most = -1;
  for (const { resource, requested, allocatable } of resources) {
    const share = requested === 0 ? 0 : requested / allocatable;
    if (share > most) [limiting, most] = [resource, share];
  }
  return limiting;
}

function nodesByName(objects: readonly KubernetesObject[]): ReadonlyMap<string, NodeObject> {
  return new Map(ofKindIn(objects, "v1 Node").map((each) => [each.metadata?.name ?? "", each]));
}

function usage(objects: readonly KubernetesObject[], kubernetes: string): ReadonlyMap<string, Usage> {
  const nodes = new Map<string, Usage>();
  for (const pod of ofKindIn(objects, "v1 Pod")) {
    const name = pod.spec?.nodeName;
    if (!name || isFinished(pod)) continue;
    const own = nodes.get(name) ?? { amounts: new Map<string, number>(), pods: 0 };
    nodes.set(name, own);
    own.pods++;
    for (const [resource, amount] of podRequests(pod, kubernetes)) {
      own.amounts.set(resource, (own.amounts.get(resource) ?? 0) + amount);
    }
  }
  return nodes;
}
