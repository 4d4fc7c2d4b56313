import type { JsonObject } from "../store/json.ts";
import type { LocalCloud } from "../local-cloud.ts";

export const subscription = "00000000-0000-4000-8000-000000000000";
export const groupId = `/subscriptions/${subscription}/resourceGroups/store`;
export const networkId = `${groupId}/providers/Microsoft.Network/virtualNetworks/net`;
export const subnetId = `${networkId}/subnets/nodes`;
export const clusterId = `${groupId}/providers/Microsoft.ContainerService/managedClusters/store`;
export const poolId = `${clusterId}/agentPools/user`;

/** An answer of the local Azure, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
  /** Azure's code where it refused. */
  readonly code: string | undefined;
  readonly message: string;
}

/** Speaks to the local Azure as any client would. */
export function armClient({ transport }: LocalCloud) {
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const url = path.startsWith("https:")
      ? path
      : `https://management.azure.com${path}${path.includes("?") ? "" : "?api-version=2026-06-01"}`;
    const content = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const response = await transport(
      new Request(url, { method, headers, ...(content !== undefined && { body: content }) }),
    );
    const text = await response.text();
    const parsed = (text === "" ? {} : JSON.parse(text)) as JsonObject;
    const error = (parsed["error"] ?? {}) as { readonly code?: string; readonly message?: string };
    return {
      status: response.status,
      headers: response.headers,
      body: parsed,
      code: error.code,
      message: error.message ?? "",
    };
  };
  return {
    send,
    get: (path: string) => send("GET", path),
    put: (path: string, body: unknown, headers?: Record<string, string>) => send("PUT", path, body, headers),
    delete: (path: string, headers?: Record<string, string>) => send("DELETE", path, undefined, headers),
    post: (path: string) => send("POST", path),
  };
}

export const location = "westeurope";

export function networkBody(...addressPrefixes: string[]) {
  return { location, properties: { addressSpace: { addressPrefixes } } };
}

export function subnetBody(addressPrefix: string) {
  return { properties: { addressPrefix } };
}

export function clusterBody(properties: JsonObject = {}, systemPool: JsonObject = {}) {
  const pool = {
    name: "system",
    mode: "System",
    vmSize: "Standard_D2s_v5",
    count: 2,
    availabilityZones: ["1", "2", "3"],
    vnetSubnetID: subnetId,
  };
  return {
    location,
    identity: { type: "SystemAssigned" },
    properties: {
      kubernetesVersion: "1.36",
      dnsPrefix: "store-dns",
      agentPoolProfiles: [{ ...pool, ...systemPool }],
      ...properties,
    },
  };
}

export function poolBody(properties: JsonObject = {}) {
  return {
    properties: {
      mode: "User",
      vmSize: "Standard_D4s_v5",
      count: 2,
      availabilityZones: ["1", "2", "3"],
      vnetSubnetID: subnetId,
      ...properties,
    },
  };
}

/** A group with network, subnet and, where asked for, a cluster. */
export async function prepared(cloud: LocalCloud, withCluster = true) {
  const arm = armClient(cloud);
  const answers = [
    await arm.put(groupId, { location }),
    await arm.put(networkId, networkBody("10.224.0.0/12")),
    await arm.put(subnetId, subnetBody("10.224.0.0/16")),
    ...(withCluster ? [await arm.put(clusterId, clusterBody())] : []),
  ];
  for (const each of answers)
    if (each.status !== 201) throw new Error(`${each.status} ${each.code} ${each.message}`);
  return arm;
}
