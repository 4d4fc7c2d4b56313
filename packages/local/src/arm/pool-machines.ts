import { stored } from "./body.ts";
import {
  agentPoolNode,
  type AgentPool,
  type AgentPoolCluster,
  nodeName,
  nodeNameHash,
  type NodeObject,
  nodeObject,
  nodeToRemove,
  parseRange,
  scaleSetName,
  usableAddress,
  zoneForNextNode,
} from "@berth/machines";
import type { KubernetesObject, Node } from "@berth/objects";
import type { CloudTransaction } from "../cloud.ts";
import type { JsonObject } from "../store/json.ts";
import { type ArmResource, groupNameOf, keyOf, type Resources } from "./arm-resource.ts";
import { subnetUsers } from "./subnet-use.ts";

type Taint = NonNullable<NonNullable<Node["spec"]>["taints"]>[number];

/** A machine of a pool's scale set. */
export interface Machine {
  readonly instance: number;
  readonly zone?: string;
  readonly address?: string;
}

/** A pool as its machines are made from it. */
export interface PoolShape {
  readonly pool: AgentPool;
  readonly cluster: AgentPoolCluster;
}

/** A pool that gets another size, or whose nodes get other labels. */
export interface Resize {
  readonly clusterResource: ArmResource;
  readonly id: string;
  readonly existing: ArmResource | undefined;
  /** What the machines were made from. */
  readonly before: PoolShape | undefined;
  readonly after: PoolShape;
  readonly subnet: string | undefined;
  readonly resources: Resources;
  readonly transaction: CloudTransaction;
}

const NODE = { apiVersion: "v1", kind: "Node" };

/** Where AKS puts nodes when nobody says where. */
const managedSubnet = "10.224.0.0/16";

/**
 * Gives a pool the machines that it asks for: standing ones get their new labels, then what is too many goes, then
 * what is missing comes, as a scale set does it.
 */
export function resizePool(resize: Resize): Pick<ArmResource, "machines" | "machinesMade"> {
  const { clusterResource, after, existing, transaction } = resize;
  const writer = transaction.cluster(keyOf(clusterResource.id));
  const machines = [...machinesOf(existing)];
  for (const each of machines) relabel(resize, each);
  while (machines.length > after.pool.count) {
    const leaves = nodeToRemove(machines);
    if (!leaves) break;
    writer?.remove({ ...NODE, name: nodeOf(resize, after, leaves).metadata.name ?? "" });
    machines.splice(machines.indexOf(leaves), 1);
  }
  let made = existing?.machinesMade ?? 0;
  const zones = [...new Set(after.pool.availabilityZones)];
  const addresses = freeAddresses(resize, machines);
  for (; machines.length < after.pool.count; made++) {
    const zone = zoneForNextNode(zones, machines);
    const address = addresses.next().value;
    const machine = {
      instance: made,
      ...(zone !== undefined && { zone }),
      ...(address !== undefined && { address }),
    };
    writer?.put(nodeOf(resize, after, machine));
    machines.push(machine);
  }
  return { machines: machines.map((each): JsonObject => ({ ...each })), machinesMade: made };
}

/** Takes all machines of a pool away. */
export function removeMachines(
  clusterResource: ArmResource,
  pool: ArmResource,
  transaction: CloudTransaction,
): void {
  const writer = transaction.cluster(keyOf(clusterResource.id));
  for (const { instance } of machinesOf(pool)) {
    writer?.remove({ ...NODE, name: nodeName(pool.name, hashOf(clusterResource), instance) });
  }
}

export function machinesOf(pool: ArmResource | undefined): readonly Machine[] {
  return (pool?.machines ?? []) as readonly (JsonObject & Machine)[];
}

function nodeOf({ clusterResource }: Resize, { pool, cluster }: PoolShape, machine: Machine): NodeObject {
  const hash = hashOf(clusterResource);
  const group = stored(clusterResource.properties, "nodeResourceGroup").toLowerCase();
  const subscription = clusterResource.id.split("/")[2] ?? "";
  const scaleSet = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${scaleSetName(pool.name, hash)}`;
  return nodeObject(agentPoolNode(pool, cluster), {
    name: nodeName(pool.name, hash, machine.instance),
    ...(machine.zone !== undefined && { zone: machine.zone }),
    ...(machine.address !== undefined && { internalAddress: machine.address }),
    providerId: `azure://${scaleSet}/virtualMachines/${machine.instance}`,
  });
}

/** Eight digits that the cluster's nodes have in their names, for life. */
function hashOf({ id, name }: ArmResource): string {
  return nodeNameHash(id.split("/")[2] ?? "", keyOf(groupNameOf(id)), keyOf(name));
}

/** A standing node gets the labels and taints that its pool has now; others' stay. */
function relabel(resize: Resize, machine: Machine): void {
  const { before, after, transaction, clusterResource } = resize;
  if (!before) return;
  const [had, has] = [nodeOf(resize, before, machine), nodeOf(resize, after, machine)];
  if (JSON.stringify(had) === JSON.stringify(has)) return;
  const writer = transaction.cluster(keyOf(clusterResource.id));
  const live = writer?.get({ ...NODE, name: has.metadata.name ?? "" });
  if (!writer || !live || !isNode(live)) return;
  const foreign = Object.entries(live.metadata?.labels ?? {}).filter(
    ([key]) => !Object.hasOwn(had.metadata.labels, key),
  );
  const own = new Set((had.spec.taints ?? []).map(formatTaint));
  const foreignTaints = (live.spec?.taints ?? []).filter((each) => !own.has(formatTaint(each)));
  const taints = [...foreignTaints, ...(has.spec.taints ?? [])];
  const { taints: _, ...spec } = live.spec ?? {};
  const renewed: KubernetesObject & Node = {
    ...live,
    metadata: { ...live.metadata, labels: { ...Object.fromEntries(foreign), ...has.metadata.labels } },
    spec: { ...spec, ...(taints.length > 0 && { taints }) },
    status: { ...live.status, nodeInfo: { ...live.status?.nodeInfo, ...has.status.nodeInfo } } as NonNullable<
      Node["status"]
    >,
  };
  writer.put(renewed);
}

/** A taint as text, whatever the order in which its properties stand. */
function formatTaint({ key, value = "", effect }: Taint): string {
  return `${key}=${value}:${effect}`;
}

function isNode(object: KubernetesObject): object is KubernetesObject & Node {
  return object.kind === "Node";
}

/** Addresses of the pool's subnet that nobody has, the lowest first. */
function* freeAddresses(
  { subnet, resources, id }: Resize,
  own: readonly Machine[],
): Generator<string, undefined> {
  const prefix = subnet === undefined ? managedSubnet : resources.get(subnet)?.properties["addressPrefix"];
  const range = typeof prefix === "string" ? parseRange(prefix) : undefined;
  if (!range) return undefined;
  const others = subnet === undefined ? siblings(id, resources) : subnetUsers(subnet, resources);
  const taken = new Set(
    [...own, ...others.filter((each) => keyOf(each.id) !== keyOf(id)).flatMap(machinesOf)].map(
      (each) => each.address,
    ),
  );
  for (let index = 0; ; index++) {
    const address = usableAddress(range, index);
    if (address === undefined) return undefined;
    if (!taken.has(address)) yield address;
  }
}

/** Pools of one cluster share the network that AKS made for it. */
function siblings(pool: string, resources: Resources): readonly ArmResource[] {
  return resources.below(pool.split("/").slice(0, -2).join("/"));
}
