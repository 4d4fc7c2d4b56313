import type { Json, JsonObject, WrittenReference } from "@berth/core";
import { defaultMaxPods, findMachineSize, osDiskOf } from "@berth/machines";
import { networkMode } from "../pools/network-mode.ts";
import { normaliseNetwork } from "../pools/network-profile.ts";
import { isDeepStrictEqual } from "node:util";

/** A resource group as a program writes it. */
export function writtenGroup(live: JsonObject): JsonObject {
  return said(live, ["name", "location", "tags"]);
}

export function writtenNetwork(live: JsonObject): JsonObject {
  return { ...inGroup(live), ...said(live, ["name", "location", "addressPrefixes", "tags"]) };
}

export function writtenSubnet(live: JsonObject): JsonObject {
  const { resourceGroupName = "", virtualNetworkName = "" } = live;
  const network = reference("azure:VirtualNetwork", "name", virtualNetworkName, {
    resourceGroupName,
    name: virtualNetworkName,
  });
  return { ...inGroup(live), virtualNetworkName: network, ...said(live, ["name", "addressPrefix"]) };
}

export function writtenCluster(live: JsonObject): JsonObject {
  const { name, systemPool, networkProfile, dnsPrefix } = live;
  const pool = isObject(systemPool) ? systemPool : {};
  const profile = isObject(networkProfile) ? networkProfile : {};
  const network = writtenProfile(profile);
  const { name: poolName, ...rest } = writtenPool(pool, profile);
  return {
    ...inGroup(live),
    ...said(live, ["name", "location", "kubernetesVersion"]),
    ...(dnsPrefix !== defaultDnsPrefix(name) && said(live, ["dnsPrefix"])),
    ...(Object.keys(network).length > 0 && { networkProfile: network }),
    systemPool: { ...(poolName !== undefined && poolName !== "system" && { name: poolName }), ...rest },
    ...said(live, ["tags"]),
  };
}

/** What it takes from its cluster it takes in the program, too. */
export function writtenNodePool(live: JsonObject, id: string): JsonObject {
  const { resourceGroupName = "", clusterName = "", mode, scaleSetPriority } = live;
  const cluster: WrittenReference = {
    $berth: "reference",
    type: "azure:ManagedCluster",
    inputs: { resourceGroupName, name: clusterName },
    otherwise: id.split("/").slice(0, -2).join("/"),
  };
  return {
    ...said(live, ["name"]),
    cluster,
    ...said(live, ["kubernetesVersion"]),
    ...(mode !== "User" && said(live, ["mode"])),
    ...(scaleSetPriority !== "Regular" && said(live, ["scaleSetPriority"])),
    ...without(writtenPool(live, undefined), ["name"]),
    ...said(live, ["tags"]),
  };
}

/** A pool without what AKS takes where nothing is said. */
function writtenPool(pool: JsonObject, network: JsonObject | undefined): JsonObject {
  const { vmSize, osDiskSizeGB, osDiskType, maxPods } = pool;
  const size = typeof vmSize === "string" ? findMachineSize(vmSize) : undefined;
  const disk = size && osDiskOf(size);
  const usualPods = defaultMaxPods(networkMode(network?.["networkPlugin"], network?.["networkPluginMode"]));
  return {
    ...said(pool, ["name", "vmSize", "count", "availabilityZones"]),
    // Of a pool of its own, what is usual depends on its cluster, which is not looked at here.
    ...((network === undefined || maxPods !== usualPods) && said(pool, ["maxPods"])),
    ...said(pool, ["vnetSubnetId"]),
    ...(osDiskSizeGB !== disk?.sizeGiB && said(pool, ["osDiskSizeGB"])),
    ...(osDiskType !== disk?.kind && said(pool, ["osDiskType"])),
    ...said(pool, ["nodeLabels", "nodeTaints"]),
  };
}

/** The fewest properties that mean the same network. */
function writtenProfile(profile: JsonObject): JsonObject {
  const whole = normaliseNetwork(profile);
  let current = said(profile, Object.keys(profile));
  for (const key of Object.keys(current)) {
    const fewer = without(current, [key]);
    if (isDeepStrictEqual(normaliseNetwork(fewer), whole)) current = fewer;
  }
  return current;
}

function defaultDnsPrefix(name: Json | undefined): string | undefined {
  return typeof name === "string" ? `${dnsLabel(name)}-dns` : undefined;
}

/** The part of a name that a host name can hold, as AKS shortens it. */
export function dnsLabel(name: string): string {
  return name.replaceAll("_", "-").slice(0, 50).replace(/-+$/, "");
}

function inGroup({ resourceGroupName = "" }: JsonObject): JsonObject {
  return {
    resourceGroupName: reference("azure:ResourceGroup", "name", resourceGroupName, {
      name: resourceGroupName,
    }),
  };
}

function reference(type: string, property: string, otherwise: Json, inputs: JsonObject): WrittenReference {
  return { $berth: "reference", type, inputs, property, otherwise };
}

/** Those of the properties that are there, and say something. */
function said(from: JsonObject, keys: readonly string[]): JsonObject {
  const isSaid = (value: Json | undefined): value is Json =>
    value !== undefined && value !== null && !(typeof value === "object" && Object.keys(value).length === 0);
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = from[key];
      return isSaid(value) ? [[key, value]] : [];
    }),
  );
}

function without(from: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key)));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
