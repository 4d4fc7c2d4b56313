import {
  addressDemand,
  type AgentPool,
  agentPoolProblems,
  defaultMaxPods,
  findMachineSize,
  type NetworkMode,
  osDiskOf,
  podRangeProblems,
  subnetProblems,
} from "@berth/machines";
import type { Problem } from "@berth/diagnostics";
import type { Json, JsonObject } from "../store/json.ts";
import { type ArmResource, keyOf, parentOf, type Resources } from "./arm-resource.ts";
import {
  closed,
  integerIn,
  isObject,
  objectIn,
  present,
  requiredText,
  textIn,
  textMapIn,
  textsIn,
  stored,
} from "./body.ts";
import { compareVersions, resolveVersion } from "./kubernetes-version.ts";
import { type PoolShape, removeMachines, resizePool } from "./pool-machines.ts";
import { ArmRefusal, cannotChange, invalidParameter, notFound } from "./refusal.ts";
import type { DeleteRequest, PutRequest, ResourceType } from "./resource-type.ts";
import { POOL_TYPE, subnetUsers } from "./subnet-use.ts";

/** Node pools of managed clusters. */
export const agentPools: ResourceType = {
  type: POOL_TYPE,
  tracked: false,
  working: { creating: "Creating", updating: "Updating" },
  etag: "properties.eTag",
  put: putPool,
  delete({ resource, resources, transaction, scope }: DeleteRequest): void {
    const cluster = resources.get(parentOf(resource.id));
    const leaves = keyOf(scope) !== keyOf(resource.id);
    if (cluster && !leaves && systemPools(cluster, resources, resource.id).length === 0) {
      const message = "There has to be at least one system agent pool.";
      throw new ArmRefusal(400, "OperationNotAllowed", message);
    }
    if (cluster) removeMachines(cluster, resource, transaction);
    resources.delete(resource.id);
  },
};

/** What a pool keeps from the moment in which it was made, and how its values are compared. */
const immutable: Readonly<Record<string, "text" | "set">> = {
  vmSize: "text",
  availabilityZones: "set",
  maxPods: "text",
  vnetSubnetID: "text",
  osDiskSizeGB: "text",
  osDiskType: "text",
  osType: "text",
  type: "text",
  scaleSetPriority: "text",
};

const known: ReadonlySet<string> = new Set([
  ...Object.keys(immutable),
  "count",
  "mode",
  "nodeLabels",
  "nodeTaints",
  "orchestratorVersion",
  "currentOrchestratorVersion",
  "spotMaxPrice",
  "scaleSetEvictionPolicy",
  "tags",
  "powerState",
  "provisioningState",
  "eTag",
  "enableAutoScaling",
  "nodeImageVersion",
  "osSKU",
]);

/** Creates or changes a pool and its machines. */
export function putPool(request: PutRequest): ArmResource {
  const { id, name, existing, resources } = request;
  const cluster = resources.get(parentOf(id));
  if (!cluster)
    throw notFound("Microsoft.ContainerService/managedClusters", parentOf(id).split("/").at(-1) ?? "", "");
  const given = objectIn(request.body, "properties");
  closed(given, known);
  refuseChanges(given, existing);
  const properties = withDefaults(given, existing, cluster);
  const after = shapeOf(name, properties, cluster);
  refuse(agentPoolProblems(after.pool, after.cluster, "properties."), after.cluster.location);
  const version = stored(properties, "currentOrchestratorVersion");
  if (compareVersions(version, stored(cluster.properties, "currentKubernetesVersion")) > 0) {
    const message = `Node pool version ${version} and control plane version ${stored(cluster.properties, "currentKubernetesVersion")} are incompatible. Node pool version cannot be greater than the control plane version.`;
    throw new ArmRefusal(400, "NodePoolMcVersionIncompatible", message);
  }
  if (
    existing?.properties["mode"] === "System" &&
    after.pool.mode !== "System" &&
    systemPools(cluster, resources, id).length === 0
  ) {
    throw new ArmRefusal(400, "OperationNotAllowed", "There has to be at least one system agent pool.");
  }
  const subnet = textIn(properties, "vnetSubnetID");
  refuseNetwork(request, cluster, after, subnet);
  const before = existing && shapeOf(existing.name, existing.properties, cluster);
  const { transaction } = request;
  const machines = resizePool({
    clusterResource: cluster,
    id,
    existing,
    before,
    after,
    subnet,
    resources,
    transaction,
  });
  return resources.put({ id, name, type: POOL_TYPE, ...existing, properties, ...machines });
}

/** A pool as machines' catalogue makes nodes of it. */
function shapeOf(name: string, properties: JsonObject, cluster: ArmResource): PoolShape {
  const pool = { ...properties, name } as JsonObject & { readonly [K in keyof AgentPool]: AgentPool[K] };
  return {
    pool,
    cluster: {
      location: cluster.location ?? "",
      kubernetesVersion: stored(properties, "currentOrchestratorVersion"),
      network: networkOf(cluster),
    },
  };
}

/** Where pods of a cluster have their addresses from. */
export function networkOf(cluster: Pick<ArmResource, "properties">): NetworkMode {
  const { networkPlugin, networkPluginMode } = objectIn(cluster.properties, "networkProfile");
  if (networkPlugin === "kubenet" || networkPlugin === "none") return networkPlugin;
  return networkPluginMode === "overlay" ? "overlay" : "node-subnet";
}

function refuseChanges(given: JsonObject, existing: ArmResource | undefined): void {
  if (!existing) return;
  for (const [key, kind] of Object.entries(immutable)) {
    const value = given[key] ?? undefined;
    const before = existing.properties[key];
    if (value !== undefined && comparable(value, kind) !== comparable(before, kind))
      throw cannotChange(`properties.${key}`);
  }
}

function comparable(value: Json | undefined, kind: "text" | "set"): string {
  if (kind === "set") return JSON.stringify(Array.isArray(value) ? value.map(String).toSorted() : []);
  return JSON.stringify(value ?? null).toLowerCase();
}

/** What the body says, what the pool has, and what AKS takes where neither says anything. */
function withDefaults(
  given: JsonObject,
  existing: ArmResource | undefined,
  cluster: ArmResource,
): JsonObject {
  const kept = Object.fromEntries(
    Object.keys(immutable).flatMap((key) => entryOf(key, existing?.properties[key])),
  );
  const said = {
    ...kept,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
  };
  const vmSize = requiredText(said, "vmSize", "properties.vmSize");
  const size = findMachineSize(vmSize);
  const sizeGiB = integerIn(said, "osDiskSizeGB", "properties.osDiskSizeGB");
  const kind = diskKind(textIn(said, "osDiskType", "properties.osDiskType"));
  const disk = size && osDiskOf(size, { ...(kind && { kind }), ...(sizeGiB !== undefined && { sizeGiB }) });
  const wanted = textIn(said, "orchestratorVersion", "properties.orchestratorVersion");
  const version = wanted ?? stored(cluster.properties, "currentKubernetesVersion");
  const mode = textIn(said, "mode", "properties.mode") ?? "User";
  if (mode !== "User" && mode !== "System") throw invalidParameter("properties.mode", "it is User or System");
  return present({
    provisioningState: "Succeeded",
    powerState: { code: "Running" },
    type: textIn(said, "type") ?? "VirtualMachineScaleSets",
    mode,
    osType: textIn(said, "osType") ?? "Linux",
    vmSize: size?.name ?? vmSize,
    count: integerIn(said, "count", "properties.count") ?? 1,
    availabilityZones: textsIn(said, "availabilityZones", "properties.availabilityZones"),
    maxPods: integerIn(said, "maxPods", "properties.maxPods") ?? defaultMaxPods(networkOf(cluster)),
    osDiskType: disk?.kind,
    osDiskSizeGB: disk?.sizeGiB,
    vnetSubnetID: textIn(said, "vnetSubnetID", "properties.vnetSubnetID"),
    nodeLabels: textMapIn(said, "nodeLabels", "properties.nodeLabels"),
    nodeTaints: textsIn(said, "nodeTaints", "properties.nodeTaints"),
    tags: textMapIn(said, "tags", "properties.tags"),
    enableAutoScaling: false,
    scaleSetPriority: textIn(said, "scaleSetPriority") ?? "Regular",
    scaleSetEvictionPolicy: textIn(said, "scaleSetEvictionPolicy"),
    spotMaxPrice: said["spotMaxPrice"],
    orchestratorVersion: version,
    currentOrchestratorVersion: resolveVersion(version, "properties.orchestratorVersion"),
  });
}

function entryOf(key: string, value: Json | undefined): readonly (readonly [string, Json])[] {
  return value === undefined ? [] : [[key, value]];
}

function diskKind(kind: string | undefined): "Managed" | "Ephemeral" | undefined {
  if (kind === undefined || kind === "Managed" || kind === "Ephemeral") return kind;
  throw invalidParameter("properties.osDiskType", "it is Managed or Ephemeral");
}

/** The pools of mode System of a cluster, but one. */
function systemPools(cluster: ArmResource, resources: Resources, except: string): readonly ArmResource[] {
  return resources
    .below(cluster.id)
    .filter((each) => each.properties["mode"] === "System" && keyOf(each.id) !== keyOf(except));
}

/** Azure's codes for what the catalogue finds wrong. */
const azureCodes: Readonly<Record<string, string>> = {
  BERTH5301: "VMSizeNotSupported",
  BERTH5302: "LocationNotAvailableForResourceType",
  BERTH5303: "AvailabilityZoneNotSupported",
  BERTH5314: "InsufficientPodCidr",
  BERTH5315: "InsufficientSubnetSize",
};

/** Refuses for the first thing that is wrong, as Azure does. */
export function refuse(problems: readonly Problem[], location: string): void {
  const first = problems.find((each) => each.severity === "error");
  if (!first) return;
  const code = azureCodes[first.code] ?? "InvalidParameter";
  const where =
    code === "VMSizeNotSupported"
      ? ` Virtual machines of this size are not supported in location '${location}'.`
      : "";
  throw new ArmRefusal(400, code, `${first.message}.${where}`, first.path);
}

/** Nodes need addresses: of a subnet that exists, and is large enough for all who are in it. */
function refuseNetwork(
  { id, resources }: PutRequest,
  cluster: ArmResource,
  { pool, cluster: { network, location } }: PoolShape,
  subnet: string | undefined,
): void {
  const siblings = resources.below(cluster.id).filter((each) => keyOf(each.id) !== keyOf(id));
  if (siblings.some((each) => (each.properties["vnetSubnetID"] === undefined) !== (subnet === undefined))) {
    throw new ArmRefusal(
      400,
      "InvalidParameter",
      "All or none of the agentpools should set subnet.",
      "properties.vnetSubnetID",
    );
  }
  const nodes = siblings.reduce((sum, each) => sum + Number(each.properties["count"]), pool.count);
  const { podCidr } = objectIn(cluster.properties, "networkProfile");
  if (network === "overlay" && typeof podCidr === "string")
    refuse(podRangeProblems(podCidr, nodes, "networkProfile.podCidr"), location);
  if (subnet === undefined) return;
  const found = resources.get(subnet);
  if (!found?.type.endsWith("/subnets")) {
    const message = `The subnet '${subnet}' that properties.vnetSubnetID refers to was not found.`;
    throw new ArmRefusal(400, "VnetSubnetNotFound", message, "properties.vnetSubnetID");
  }
  const others = subnetUsers(subnet, resources).filter((each) => keyOf(each.id) !== keyOf(id));
  const demandOf = (properties: JsonObject): number =>
    addressDemand(network, {
      nodes: Number(properties["count"]),
      surge: 1,
      maxPods: Number(properties["maxPods"]),
    }).nodeSubnet;
  const own = addressDemand(network, { nodes: pool.count, surge: 1, maxPods: pool.maxPods ?? 0 }).nodeSubnet;
  const wanted = others.reduce((sum, each) => sum + demandOf(each.properties), own);
  refuse(
    subnetProblems(stored(found.properties, "addressPrefix"), wanted, "properties.vnetSubnetID"),
    location,
  );
}

/** A pool as its cluster's answer lists it. */
export function profileOf({ name, properties, version }: ArmResource): JsonObject {
  return { name, ...properties, eTag: String(version) };
}

/** A profile of a cluster's body as the body of a pool. */
export function poolBody(profile: JsonObject): { readonly name: string; readonly body: JsonObject } {
  const { name, ...properties } = profile;
  if (!isObject(profile) || typeof name !== "string" || name === "")
    throw invalidParameter("agentPoolProfile.name", "it is missing");
  return { name, body: { properties } };
}
