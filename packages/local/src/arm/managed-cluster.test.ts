import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Node, Pod } from "@berth/objects";
import { describe, expect, test } from "vitest";
import { type LocalCloud, openLocalCloud } from "../index.ts";
import type { JsonObject } from "../store/json.ts";
import {
  clusterBody,
  clusterId,
  groupId,
  location,
  networkBody,
  networkId,
  poolBody,
  poolId,
  prepared,
  subnetBody,
  subnetId,
} from "../testing/arm-client.ts";

const memory = { memory: true } as const;

/** Objects of the cluster, through its own API, as its credentials reach it. */
async function listOf<T>(cloud: LocalCloud, path: string): Promise<readonly T[]> {
  const arm = await cloud.transport(
    new Request(`https://management.azure.com${clusterId}/listClusterUserCredential?api-version=2026-06-01`, {
      method: "POST",
    }),
  );
  const { kubeconfigs } = (await arm.json()) as {
    readonly kubeconfigs: readonly { readonly value: string }[];
  };
  const kubeconfig = Buffer.from(kubeconfigs[0]?.value ?? "", "base64").toString();
  const [server, token] = [/server: (.*)/.exec(kubeconfig)?.[1], /token: (.*)/.exec(kubeconfig)?.[1]];
  const response = await cloud.transport(
    new Request(`${server}${path}`, { headers: { authorization: `Bearer ${token}` } }),
  );
  return ((await response.json()) as { readonly items: readonly T[] }).items;
}

const nodesOf = (cloud: LocalCloud): Promise<readonly Node[]> => listOf(cloud, "/api/v1/nodes");
const podsOf = (cloud: LocalCloud): Promise<readonly Pod[]> => listOf(cloud, "/api/v1/pods");
const zoneOf = ({ metadata }: Node): string => metadata?.labels?.["topology.kubernetes.io/zone"] ?? "";
const poolOf = ({ metadata }: Node): string => metadata?.labels?.["kubernetes.azure.com/agentpool"] ?? "";

async function cluster() {
  const cloud = await openLocalCloud(memory);
  return { cloud, arm: await prepared(cloud) };
}

describe("a cluster", () => {
  test("is created with its nodes, and AKS's own pods run on them", async () => {
    const cloud = await openLocalCloud(memory);
    const arm = await prepared(cloud, false);
    const created = await arm.put(clusterId, clusterBody(), { "if-none-match": "*" });
    expect(created).toMatchObject({
      status: 201,
      body: {
        type: "Microsoft.ContainerService/managedClusters",
        properties: {
          provisioningState: "Creating",
          currentKubernetesVersion: "1.36.0",
          nodeResourceGroup: "MC_store_store_westeurope",
          networkProfile: { networkPlugin: "azure", serviceCidr: "10.0.0.0/16", dnsServiceIP: "10.0.0.10" },
          agentPoolProfiles: [
            { name: "system", count: 2, maxPods: 30, osDiskType: "Managed", orchestratorVersion: "1.36.0" },
          ],
        },
      },
    });
    expect(await arm.get(created.headers.get("azure-asyncoperation") ?? "")).toMatchObject({
      body: { status: "Succeeded" },
    });
    expect((await arm.get(clusterId)).body).toMatchObject({
      eTag: expect.any(String),
      properties: { provisioningState: "Succeeded" },
    });
    expect(await arm.put(clusterId, clusterBody(), { "if-none-match": "*" })).toMatchObject({
      status: 412,
      code: "PreconditionFailed",
    });
    const nodes = await nodesOf(cloud);
    expect(nodes.map((each) => each.metadata?.name)).toEqual([
      expect.stringMatching(/^aks-system-\d{8}-vmss000000$/),
      expect.stringMatching(/^aks-system-\d{8}-vmss000001$/),
    ]);
    expect(nodes.map(zoneOf)).toEqual(["westeurope-1", "westeurope-2"]);
    expect(nodes[0]?.status?.addresses).toContainEqual({ type: "InternalIP", address: "10.224.0.4" });
    const pods = await podsOf(cloud);
    expect(pods.length).toBeGreaterThan(10);
    expect(pods.every((each) => each.status?.phase === "Running")).toBe(true);
    expect((await arm.get(`${groupId.replace("store", "")}MC_store_store_westeurope`)).body).toMatchObject({
      managedBy: clusterId,
    });
  });

  test("runs fewer of AKS's own pods where the client knows better", async () => {
    const names = async (overrides: object) => {
      const cloud = await openLocalCloud(memory);
      const arm = await prepared(cloud, false);
      await arm.put(clusterId, clusterBody(), {
        "berth-system-pods": encodeURIComponent(JSON.stringify(overrides)),
      });
      return (
        await listOf<{ readonly metadata: { readonly name: string } }>(cloud, "/apis/apps/v1/deployments")
      ).map((each) => each.metadata.name);
    };
    expect(await names({})).toContain("metrics-server");
    expect(await names({ "metrics-server": false })).not.toContain("metrics-server");
    const arm = await prepared(await openLocalCloud(memory), false);
    expect(await arm.put(clusterId, clusterBody(), { "berth-system-pods": "{" })).toMatchObject({
      code: "BadRequest",
    });
  });

  test.each<[string, JsonObject]>([
    ["properties.dnsPrefix", { dnsPrefix: "other" }],
    ["properties.networkProfile.serviceCidr", { networkProfile: { serviceCidr: "10.1.0.0/16" } }],
    ["properties.networkProfile.networkPluginMode", { networkProfile: { networkPluginMode: "overlay" } }],
    ["properties.nodeResourceGroup", { nodeResourceGroup: "mine" }],
  ])("keeps %s", async (path, change) => {
    const { arm } = await cluster();
    const message = `Changing property '${path}' is not allowed.`;
    expect(await arm.put(clusterId, clusterBody(change))).toMatchObject({
      status: 400,
      code: "PropertyChangeNotAllowed",
      message,
    });
  });

  test.each<[string, string, JsonObject, JsonObject]>([
    ["an unknown size", "VMSizeNotSupported", {}, { vmSize: "Standard_D2s_v55" }],
    ["a zone that the region lacks", "AvailabilityZoneNotSupported", {}, { availabilityZones: ["7"] }],
    ["no system pool", "InvalidParameter", {}, { mode: "User" }],
    ["a subnet that is not there", "VnetSubnetNotFound", {}, { vnetSubnetID: `${networkId}/subnets/none` }],
    ["a name that is none", "InvalidParameter", {}, { name: "System-Pool" }],
    ["a property that is none", "UnmarshalError", {}, { vmsize: "Standard_D2s_v5" }],
    [
      "services that overlap pods",
      "InvalidParameter",
      { networkProfile: { networkPluginMode: "overlay", podCidr: "10.0.0.0/8" } },
      {},
    ],
    ["no prefix for its host", "InvalidParameter", { dnsPrefix: "" }, {}],
    ["a version that is none", "InvalidParameter", { kubernetesVersion: "latest" }, {}],
    ["too few addresses for pods", "InsufficientSubnetSize", {}, { count: 300, maxPods: 250 }],
  ])("is refused with %s, and nothing is left of it", async (_, code, change, pool) => {
    const arm = await prepared(await openLocalCloud(memory), false);
    expect(await arm.put(clusterId, clusterBody(change, pool))).toMatchObject({ status: 400, code });
    expect(await arm.get(clusterId)).toMatchObject({ status: 404 });
    expect(await arm.delete(subnetId)).toMatchObject({ status: 202 });
  });

  test("goes up by one minor version, its pools after it", async () => {
    const cloud = await openLocalCloud(memory);
    const arm = await prepared(cloud, false);
    const at = (kubernetesVersion: string, orchestratorVersion = kubernetesVersion) =>
      arm.put(clusterId, clusterBody({ kubernetesVersion }, { orchestratorVersion }));
    expect(await at("1.34")).toMatchObject({ status: 201 });
    expect(await at("1.36")).toMatchObject({ code: "OperationNotAllowed" });
    expect(await at("1.35", "1.36")).toMatchObject({ code: "NodePoolMcVersionIncompatible" });
    expect(await at("1.35")).toMatchObject({
      status: 200,
      body: { properties: { currentKubernetesVersion: "1.35.0" } },
    });
    expect((await nodesOf(cloud)).map((each) => each.status?.nodeInfo?.kubeletVersion)).toEqual([
      "v1.35.0",
      "v1.35.0",
    ]);
    expect(await at("1.34")).toMatchObject({ code: "OperationNotAllowed" });
    expect((await podsOf(cloud)).every((each) => each.status?.phase === "Running")).toBe(true);
  });

  test("goes with everything that was its own", async () => {
    const { cloud, arm } = await cluster();
    await arm.put(poolId, poolBody());
    const { body } = await arm.get(clusterId);
    const { fqdn } = body["properties"] as { readonly fqdn: string };
    expect(await arm.delete(clusterId)).toMatchObject({ status: 202 });
    expect(await arm.get(poolId)).toMatchObject({ code: "ParentResourceNotFound" });
    expect((await cloud.transport(new Request(`https://${fqdn}/api/v1/nodes`))).status).toBe(502);
    expect((await arm.get(`${groupId}/resources`)).body).toMatchObject({ value: [{ name: "net" }] });
  });
});

describe("a pool", () => {
  test("grows in the zones with the fewest nodes and shrinks from those with the most", async () => {
    const { cloud, arm } = await cluster();
    expect(await arm.put(poolId, poolBody())).toMatchObject({
      status: 201,
      body: { properties: { provisioningState: "Creating", eTag: expect.any(String) } },
    });
    const users = async () =>
      (await nodesOf(cloud))
        .filter((each) => poolOf(each) === "user")
        .map((each) => `${each.metadata?.name?.slice(-2)} ${zoneOf(each).slice(-1)}`);
    expect(await users()).toEqual(["00 1", "01 2"]);
    expect(await arm.put(poolId, poolBody({ count: 4 }))).toMatchObject({
      status: 200,
      body: { properties: { provisioningState: "Updating", count: 4 } },
    });
    expect(await users()).toEqual(["00 1", "01 2", "02 3", "03 1"]);
    await arm.put(poolId, poolBody({ count: 2 }));
    expect(await users()).toEqual(["00 1", "01 2"]);
    await arm.put(poolId, poolBody({ count: 3 }));
    expect(await users()).toEqual(["00 1", "01 2", "04 3"]);
    expect((await arm.get(clusterId)).body).toMatchObject({
      properties: { agentPoolProfiles: [{ name: "system" }, { name: "user", count: 3 }] },
    });
    await arm.delete(poolId);
    expect(await users()).toEqual([]);
  });

  test("takes its pods' nodes away, and they run elsewhere", async () => {
    const { cloud, arm } = await cluster();
    await arm.put(poolId, poolBody());
    const before = (await podsOf(cloud)).filter(
      (each) => each.metadata?.ownerReferences?.[0]?.kind === "ReplicaSet",
    ).length;
    await arm.put(poolId, poolBody({ count: 0 }));
    const after = (await podsOf(cloud)).filter(
      (each) => each.metadata?.ownerReferences?.[0]?.kind === "ReplicaSet",
    );
    expect(after).toHaveLength(before);
    const names = new Set((await nodesOf(cloud)).map((each) => each.metadata?.name));
    expect(
      after.every((each) => names.has(each.spec?.nodeName ?? "") && each.status?.phase === "Running"),
    ).toBe(true);
  });

  test("changes labels and taints of standing nodes, and leaves others' alone", async () => {
    const { cloud, arm } = await cluster();
    await arm.put(poolId, poolBody({ count: 1, nodeLabels: { tier: "web", old: "1" } }));
    await arm.put(
      poolId,
      poolBody({ count: 1, nodeLabels: { tier: "db" }, nodeTaints: ["dedicated=db:NoSchedule"] }),
    );
    const [node] = (await nodesOf(cloud)).filter((each) => poolOf(each) === "user");
    expect(node?.metadata?.labels).toMatchObject({ tier: "db", "kubernetes.io/os": "linux" });
    expect(node?.metadata?.labels).not.toHaveProperty("old");
    expect(node?.spec?.taints).toEqual([{ key: "dedicated", value: "db", effect: "NoSchedule" }]);
    await arm.put(poolId, poolBody({ count: 1 }));
    const [plain] = (await nodesOf(cloud)).filter((each) => poolOf(each) === "user");
    expect(plain?.spec?.taints).toBeUndefined();
    expect(plain?.spec?.providerID).toMatch(
      /virtualMachineScaleSets\/aks-user-\d{8}-vmss\/virtualMachines\/0$/,
    );
  });

  test.each<[string, JsonObject]>([
    ["vmSize", { vmSize: "Standard_D8s_v5" }],
    ["availabilityZones", { availabilityZones: ["1"] }],
    ["maxPods", { maxPods: 50 }],
    ["osDiskSizeGB", { osDiskSizeGB: 64 }],
    ["scaleSetPriority", { scaleSetPriority: "Spot" }],
  ])("keeps its %s", async (property, change) => {
    const { arm } = await cluster();
    await arm.put(poolId, poolBody());
    expect(await arm.put(poolId, poolBody(change))).toMatchObject({
      code: "PropertyChangeNotAllowed",
      message: expect.stringContaining(property),
    });
    expect(
      await arm.put(poolId, poolBody({ vmSize: "standard_d4S_v5", availabilityZones: ["3", "2", "1"] })),
    ).toMatchObject({ status: 200 });
  });

  test("of mode System is never the last", async () => {
    const { arm } = await cluster();
    const systemPool = `${clusterId}/agentPools/system`;
    expect(await arm.delete(systemPool)).toMatchObject({ code: "OperationNotAllowed" });
    expect(await arm.put(systemPool, poolBody({ vmSize: "Standard_D2s_v5", mode: "User" }))).toMatchObject({
      code: "OperationNotAllowed",
    });
    await arm.put(poolId, poolBody({ mode: "System" }));
    expect(await arm.delete(systemPool)).toMatchObject({ status: 202 });
  });

  test("has a subnet if the others have one, with an address for each node", async () => {
    const { arm } = await cluster();
    const { vnetSubnetID: _, ...without } = poolBody().properties;
    expect(await arm.put(poolId, { properties: without })).toMatchObject({
      code: "InvalidParameter",
      message: expect.stringContaining("All or none"),
    });
    const small = `${networkId}/subnets/small`;
    await arm.put(small, subnetBody("10.225.0.0/29"));
    expect(await arm.put(poolId, poolBody({ vnetSubnetID: small, count: 3, maxPods: 10 }))).toMatchObject({
      code: "InsufficientSubnetSize",
    });
  });
});

test("addresses of two clusters in one subnet are apart", async () => {
  const { cloud, arm } = await cluster();
  await arm.put(`${clusterId}2`, clusterBody({ dnsPrefix: "other" }));
  await arm.put(`${clusterId}2/agentPools/user`, poolBody());
  await arm.put(poolId, poolBody());
  const addresses = (await nodesOf(cloud)).map(
    (each) => each.status?.addresses?.find(({ type }) => type === "InternalIP")?.address,
  );
  expect(addresses).toEqual(
    ["10.224.0.4", "10.224.0.5", "10.224.0.10", "10.224.0.11"].map((each, i) =>
      i < 2 ? each : expect.stringMatching(/^10\.224\.0\.\d+$/),
    ),
  );
  expect(new Set(addresses).size).toBe(4);
});

test("everything is there again when the cloud is opened again", async () => {
  const directory = mkdtempSync(join(tmpdir(), "berth-arm-"));
  try {
    const first = await openLocalCloud({ directory });
    const arm = await prepared(first);
    await arm.put(poolId, poolBody());
    const [body, nodes] = [(await arm.get(clusterId)).body, await nodesOf(first)];
    await first.close();
    const second = await openLocalCloud({ directory });
    const again = await second.transport(
      new Request(`https://management.azure.com${clusterId}?api-version=2026-06-01`),
    );
    expect(await again.json()).toEqual(body);
    expect(await nodesOf(second)).toEqual(nodes);
    await second.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("without a subnet, nodes stand in a network that AKS makes", async () => {
  const cloud = await openLocalCloud(memory);
  const arm = await prepared(cloud, false);
  const profile = { name: "system", mode: "System", vmSize: "Standard_D2s_v5", count: 1 };
  const network = { networkPlugin: "azure", networkPluginMode: "overlay" };
  const properties = {
    kubernetesVersion: "1.36.3",
    dnsPrefix: "x",
    networkProfile: network,
    agentPoolProfiles: [profile],
  };
  expect(await arm.put(clusterId, { location, properties })).toMatchObject({
    status: 201,
    body: { properties: { networkProfile: { podCidr: "10.244.0.0/16" } } },
  });
  const [node] = await nodesOf(cloud);
  expect(node?.status?.nodeInfo?.kubeletVersion).toBe("v1.36.3");
  expect(node && zoneOf(node)).toBe("0");
  expect(node?.spec).toMatchObject({ podCIDR: "10.244.0.0/24" });
  expect(await arm.put(networkId, networkBody("10.224.0.0/12"))).toMatchObject({ status: 200 });
});
