import type { Json, JsonObject } from "@berth/core";
import { systemPodsHeader } from "../pools/system-pods.ts";
import type { ArmBody, ArmType } from "./arm-type.ts";
import { ownTags } from "./ownership.ts";

const versions = {
  resources: "2025-04-01",
  network: "2026-01-01",
  containerService: "2026-06-01",
} as const;

/** What pools are made of, by the same names in berth and in Azure. */
const poolProperties = [
  "vmSize",
  "count",
  "availabilityZones",
  "maxPods",
  "osDiskSizeGB",
  "osDiskType",
  "nodeLabels",
  "nodeTaints",
] as const;

/** Every type that this provider makes, and how it stands in Azure Resource Manager. */
export const armTypes: Readonly<Record<string, ArmType>> = {
  "azure:ResourceGroup": {
    armType: "",
    apiVersion: versions.resources,
    names: ["name"],
    tags: "top",
    createOnlyHeader: false,
    contents: "resources",
    body: (inputs) => top(inputs),
    inputs: topInputs,
  },
  "azure:VirtualNetwork": {
    armType: "Microsoft.Network/virtualNetworks",
    apiVersion: versions.network,
    names: ["resourceGroupName", "name"],
    tags: "top",
    createOnlyHeader: false,
    // Without `subnets`: an inline list replaces what others made in the network.
    body: (inputs) => ({ ...top(inputs), properties: { addressSpace: pick(inputs, ["addressPrefixes"]) } }),
    inputs: (live) => ({
      ...topInputs(live),
      ...tell(objectIn(live.properties, "addressSpace"), ["addressPrefixes"]),
    }),
  },
  "azure:Subnet": {
    armType: "Microsoft.Network/virtualNetworks/subnets",
    apiVersion: versions.network,
    names: ["resourceGroupName", "virtualNetworkName", "name"],
    tags: "none",
    createOnlyHeader: false,
    body: (inputs) => ({ properties: pick(inputs, ["addressPrefix"]) }),
    inputs: (live) => tell(live.properties, ["addressPrefix"]),
  },
  "azure:ManagedCluster": {
    armType: "Microsoft.ContainerService/managedClusters",
    apiVersion: versions.containerService,
    names: ["resourceGroupName", "name"],
    tags: "top",
    createOnlyHeader: true,
    body: clusterBody,
    inputs: clusterInputs,
    keep: keepOtherPools,
    outputs: ({ properties }) => pick(properties, ["fqdn", "nodeResourceGroup", "currentKubernetesVersion"]),
    headers: systemPodsHeader,
  },
  "azure:NodePool": {
    armType: "Microsoft.ContainerService/managedClusters/agentPools",
    apiVersion: versions.containerService,
    names: ["resourceGroupName", "clusterName", "name"],
    tags: "properties",
    createOnlyHeader: true,
    body: (inputs) => ({ properties: { ...poolBody(inputs), ...pick(inputs, ["mode", "tags"]) } }),
    inputs: ({ properties }) => ({
      ...poolInputs(properties),
      ...tell(properties, ["mode"]),
      ...ownTags(properties?.["tags"]),
    }),
    outputs: ({ properties }) => rename(properties, "currentOrchestratorVersion", "currentKubernetesVersion"),
  },
};

function top(inputs: JsonObject): ArmBody {
  return pick(inputs, ["location", "tags"]);
}

function topInputs(live: ArmBody): JsonObject {
  return { ...(live.location !== undefined && { location: live.location }), ...ownTags(live.tags) };
}

function clusterBody(inputs: JsonObject): ArmBody {
  const { name, ...pool } = objectIn(inputs, "systemPool");
  return {
    ...top(inputs),
    identity: { type: "SystemAssigned" },
    sku: { name: "Base", tier: "Free" },
    properties: {
      ...pick(inputs, ["kubernetesVersion", "dnsPrefix"]),
      enableRBAC: true,
      networkProfile: networkBody(objectIn(inputs, "networkProfile")),
      agentPoolProfiles: [
        { ...(name !== undefined && { name }), mode: "System", ...poolBody({ ...inputs, ...pool }) },
      ],
    },
  };
}

function clusterInputs(live: ArmBody, known: JsonObject): JsonObject {
  const { properties = {} } = live;
  const pool = systemPoolOf(live, objectIn(known, "systemPool")["name"]);
  const { kubernetesVersion: _, scaleSetPriority: __, ...systemPool } = poolInputs(pool);
  return {
    ...topInputs(live),
    ...tell(properties, ["kubernetesVersion", "dnsPrefix"]),
    networkProfile: networkInputs(objectIn(properties, "networkProfile")),
    systemPool: pool ? { ...tell(pool, ["name"]), ...systemPool } : null,
  };
}

/** The pool that is the cluster's own: by its name where that is known, for others may be of mode System too. */
function systemPoolOf(live: ArmBody, name: Json | undefined): JsonObject | undefined {
  const profiles = profilesOf(live);
  if (name !== undefined) return profiles.find((each) => each["name"] === name);
  return profiles.find((each) => each["mode"] === "System");
}

/** Azure has no word for addresses of the nodes' subnet: it is what an absent mode means. */
function networkBody(profile: JsonObject): JsonObject {
  const { networkPluginMode, ...rest } = profile;
  return {
    ...rest,
    ...(networkPluginMode === "overlay" && { networkPluginMode }),
    loadBalancerSku: "standard",
  };
}

function networkInputs(profile: JsonObject): JsonObject {
  const { networkPlugin, networkPluginMode = "nodeSubnet" } = profile;
  return {
    ...tell(profile, ["networkPlugin", "podCidr", "serviceCidr", "dnsServiceIP"]),
    ...(networkPlugin === "azure" && { networkPluginMode }),
  };
}

function poolBody(inputs: JsonObject): JsonObject {
  return {
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    ...pick(inputs, poolProperties),
    ...rename(inputs, "vnetSubnetId", "vnetSubnetID"),
    ...rename(inputs, "kubernetesVersion", "orchestratorVersion"),
    ...pick(inputs, ["scaleSetPriority"]),
    // -1: pay up to the price on demand. It is evicted by deletion, so that it takes no quota afterwards.
    ...(inputs["scaleSetPriority"] === "Spot" && { spotMaxPrice: -1, scaleSetEvictionPolicy: "Delete" }),
  };
}

/** The number of nodes of a pool that an autoscaler sizes is the autoscaler's: nobody changed what the program says. */
function poolInputs(live: JsonObject = {}): JsonObject {
  const { count, ...rest } = tell(live, [...poolProperties, "scaleSetPriority"]);
  const isOurs = live["enableAutoScaling"] !== true && count !== undefined;
  return {
    ...rest,
    ...(isOurs && { count }),
    vnetSubnetId: live["vnetSubnetID"] ?? null,
    kubernetesVersion: live["orchestratorVersion"] ?? null,
  };
}

/** A cluster's PUT lists its pools: those that are resources of their own, or others', stay as they are. */
function keepOtherPools(live: ArmBody, body: ArmBody): ArmBody {
  const own = profilesOf(body);
  const names = new Set(own.map((each) => each["name"]));
  const others = profilesOf(live).filter((each) => !names.has(each["name"]));
  return { ...body, properties: { ...body.properties, agentPoolProfiles: [...own, ...others] } };
}

function profilesOf({ properties }: ArmBody): readonly JsonObject[] {
  const profiles = properties?.["agentPoolProfiles"];
  return Array.isArray(profiles) ? profiles.filter(isObject) : [];
}

/** Those of the properties that are there. */
function pick(from: JsonObject | undefined, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.flatMap((key) => (from?.[key] === undefined || from[key] === null ? [] : [[key, from[key]]])),
  );
}

/** All of the properties, `null` for those that are not there: Azure would have said so. */
function tell(from: JsonObject | undefined, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, from?.[key] ?? null]));
}

function rename(from: JsonObject | undefined, key: string, to: string): JsonObject {
  const value = from?.[key];
  return value === undefined || value === null ? {} : { [to]: value };
}

function objectIn(from: JsonObject | undefined, key: string): JsonObject {
  const value = from?.[key];
  return isObject(value) ? value : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
