import { Secret, type ResourceRecord, type ValueObject } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { describe, expect, test } from "vitest";
import { type Answer, endpoint, scriptedAzure, subscriptionId } from "../testing/scripted-azure.ts";

const ownership = {
  project: "shop",
  stack: "dev",
  urn: "urn:berth:dev:shop::azure:ResourceGroup::store",
  operationKey: "key-1",
};
const tags = { "berth-operation": "key-1", "berth-stack": "shop/dev", "berth-urn": ownership.urn };
const groupId = `/subscriptions/${subscriptionId}/resourceGroups/store`;
const networkId = `${groupId}/providers/Microsoft.Network/virtualNetworks/net`;
const clusterId = `${groupId}/providers/Microsoft.ContainerService/managedClusters/store`;
const poolId = `${clusterId}/agentPools/user`;
const group = {
  id: groupId,
  name: "store",
  location: "westeurope",
  tags,
  properties: { provisioningState: "Succeeded" },
};

function requestFor(type: string, inputs: ValueObject) {
  return { urn: ownership.urn, type, inputs, ownership };
}

const groupRequest = requestFor("azure:ResourceGroup", {
  name: "store",
  location: "westeurope",
  tags: { team: "web" },
});
const clusterRequest = requestFor("azure:ManagedCluster", {
  name: "store",
  resourceGroupName: "store",
  location: "westeurope",
  kubernetesVersion: "1.36",
  dnsPrefix: "store-dns",
  networkProfile: {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.0.0.0/16",
    dnsServiceIP: "10.0.0.10",
  },
  systemPool: {
    name: "system",
    vmSize: "Standard_D2s_v5",
    count: 2,
    vnetSubnetId: `${networkId}/subnets/nodes`,
  },
});
const poolRequest = requestFor("azure:NodePool", {
  name: "user",
  resourceGroupName: "store",
  clusterName: "store",
  location: "westeurope",
  kubernetesVersion: "1.36",
  networkPlugin: "azure",
  networkPluginMode: "overlay",
  mode: "User",
  scaleSetPriority: "Spot",
  vmSize: "Standard_D4s_v5",
  count: 2,
});

function recordOf(type: string, id: string): ResourceRecord {
  const rest = { inputs: {}, outputs: {}, assigned: {}, dependencies: [], references: {} };
  return { urn: ownership.urn, type, provider: "azure", id, protect: false, operationKey: "key-1", ...rest };
}

const missing = (to: string): Answer => ({
  to,
  status: 404,
  body: { error: { code: "ResourceNotFound", message: "no" } },
});
const operation = `${endpoint}/subscriptions/${subscriptionId}/operations/1`;

async function problemsOf(run: Promise<unknown>): Promise<readonly string[]> {
  const failure = await run.catch((each: unknown) => each);
  if (!BerthError.is(failure)) throw new Error("no coded error", { cause: failure });
  return failure.problems.map((each) => {
    expect(each.resource).toBe(ownership.urn);
    return `${each.code} ${each.message}`;
  });
}

describe("create", () => {
  test("looks first, then puts, with tags that say whose it is", async () => {
    const azure = scriptedAzure([
      missing("GET /resourceGroups/store"),
      { to: "PUT /resourceGroups/store", status: 201, body: group },
    ]);
    await expect(azure.provider.create(groupRequest)).resolves.toEqual({
      id: groupId,
      outputs: { id: groupId },
    });
    expect(azure.received.map((each) => each.apiVersion)).toEqual(["2025-04-01", "2025-04-01"]);
    expect(azure.received[1]?.body).toEqual({ location: "westeurope", tags: { team: "web", ...tags } });
    expect(azure.waits).toEqual([]);
  });

  test("refuses what is there already", async () => {
    const others = { ...group, tags: { ...tags, "berth-operation": "another" } };
    const azure = scriptedAzure([{ to: "GET /resourceGroups/store", body: others }]);
    await expect(problemsOf(azure.provider.create(groupRequest))).resolves.toEqual([
      `BERTH5001 ${groupId} exists already`,
    ]);
    expect(azure.received).toHaveLength(1);
  });

  test("takes over what is there where it is told to, over what it read, unless another stack made it", async () => {
    const { tags: _, ...foreign } = group;
    const azure = scriptedAzure([
      { to: "GET /resourceGroups/store", body: { ...foreign, etag: "7", tags: { cost: "shop" } } },
      { to: "PUT /resourceGroups/store", body: group },
    ]);
    await expect(azure.provider.create({ ...groupRequest, adopt: true })).resolves.toEqual({
      id: groupId,
      outputs: { id: groupId },
    });
    expect(azure.received[1]?.body).toEqual({ location: "westeurope", tags: { team: "web", ...tags } });
    expect(azure.received[1]?.headers.get("if-match")).toBe("7");

    const others = scriptedAzure([
      {
        to: "GET /resourceGroups/store",
        body: { ...group, tags: { ...tags, "berth-operation": "another", "berth-stack": "shop/prod" } },
      },
    ]);
    await expect(problemsOf(others.provider.create({ ...groupRequest, adopt: true }))).resolves.toEqual([
      `BERTH5014 ${groupId} belongs to another stack`,
    ]);
    expect(others.received).toHaveLength(1);
  });

  test("goes on with what its own lost request made", async () => {
    const azure = scriptedAzure([
      { to: "GET /resourceGroups/store", body: group },
      { to: "GET /resourceGroups/store", body: group },
      { to: "PUT /resourceGroups/store", body: group },
    ]);
    await expect(azure.provider.create(groupRequest)).resolves.toMatchObject({ id: groupId });
  });

  test("says that Azure cannot be reached where the answer is lost, and read finds what was made", async () => {
    const azure = scriptedAzure([
      missing("GET /resourceGroups/store"),
      { to: "PUT /resourceGroups/store", lost: true },
      { to: "GET /resourceGroups/store", body: group },
      { to: "GET /resourceGroups/store", body: group },
    ]);
    await expect(problemsOf(azure.provider.create(groupRequest))).resolves.toEqual([
      `BERTH5004 PUT ${groupId}: fetch failed`,
    ]);
    await expect(azure.provider.read(groupRequest)).resolves.toEqual({
      id: groupId,
      ours: true,
      outputs: { id: groupId },
      inputs: { name: "store", location: "westeurope", tags: null },
      markedFor: "shop/dev",
    });
  });

  test("asks for create-only where Azure honours it, and adopts its own where Azure was quicker", async () => {
    const done = {
      id: clusterId,
      tags,
      properties: { provisioningState: "Succeeded", fqdn: "store.azmk8s.io" },
    };
    const conflict = { error: { code: "PreconditionFailed", message: "it exists" } };
    const azure = scriptedAzure([
      missing("GET /managedClusters/store"),
      { to: "PUT /managedClusters/store", status: 412, body: conflict },
      { to: "GET /managedClusters/store", body: { ...done, properties: { provisioningState: "Creating" } } },
      { to: "GET /managedClusters/store", body: { ...done, properties: { provisioningState: "Creating" } } },
      { to: "GET /managedClusters/store", body: done },
    ]);
    await expect(azure.provider.create(clusterRequest)).resolves.toMatchObject({
      outputs: { fqdn: "store.azmk8s.io" },
    });
    expect(azure.received[1]?.headers.get("if-none-match")).toBe("*");
    expect(azure.waits).toEqual([10]);

    const others = scriptedAzure([
      missing("GET /managedClusters/store"),
      { to: "PUT /managedClusters/store", status: 412, body: conflict },
      { to: "GET /managedClusters/store", body: { ...done, tags: {} } },
    ]);
    await expect(problemsOf(others.provider.create(clusterRequest))).resolves.toEqual([
      `BERTH5001 ${clusterId} exists already`,
    ]);
  });

  test("sends a cluster in Azure's words", async () => {
    const azure = scriptedAzure([
      missing("GET /managedClusters/store"),
      { to: "PUT /managedClusters/store", body: { id: clusterId } },
    ]);
    const systemPods = { coredns: { replicas: 3 } };
    await azure.provider.create({ ...clusterRequest, inputs: { ...clusterRequest.inputs, systemPods } });
    expect(azure.received[1]?.body).toMatchInlineSnapshot(`
      {
        "identity": {
          "type": "SystemAssigned",
        },
        "location": "westeurope",
        "properties": {
          "agentPoolProfiles": [
            {
              "count": 2,
              "mode": "System",
              "name": "system",
              "orchestratorVersion": "1.36",
              "osType": "Linux",
              "type": "VirtualMachineScaleSets",
              "vmSize": "Standard_D2s_v5",
              "vnetSubnetID": "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/store/providers/Microsoft.Network/virtualNetworks/net/subnets/nodes",
            },
          ],
          "dnsPrefix": "store-dns",
          "enableRBAC": true,
          "kubernetesVersion": "1.36",
          "networkProfile": {
            "dnsServiceIP": "10.0.0.10",
            "loadBalancerSku": "standard",
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "podCidr": "10.244.0.0/16",
            "serviceCidr": "10.0.0.0/16",
          },
        },
        "sku": {
          "name": "Base",
          "tier": "Free",
        },
        "tags": {
          "berth-operation": "key-1",
          "berth-stack": "shop/dev",
          "berth-urn": "urn:berth:dev:shop::azure:ResourceGroup::store",
        },
      }
    `);
    expect(azure.received[1]?.headers.get("berth-system-pods")).toBe(
      encodeURIComponent(JSON.stringify(systemPods)),
    );
  });

  test("sends a pool in Azure's words, its tags in its properties", async () => {
    const azure = scriptedAzure([
      missing("GET /agentPools/user"),
      { to: "PUT /agentPools/user", body: { id: poolId } },
    ]);
    await azure.provider.create(poolRequest);
    expect(azure.received[1]?.body).toEqual({
      properties: {
        type: "VirtualMachineScaleSets",
        osType: "Linux",
        mode: "User",
        vmSize: "Standard_D4s_v5",
        count: 2,
        orchestratorVersion: "1.36",
        scaleSetPriority: "Spot",
        scaleSetEvictionPolicy: "Delete",
        spotMaxPrice: -1,
        tags,
      },
    });
  });

  test("a subnet has no tags: it is ours where its network is our stack's", async () => {
    const subnet = {
      id: `${networkId}/subnets/nodes`,
      properties: { provisioningState: "Succeeded", addressPrefix: "10.224.0.0/16" },
    };
    const request = requestFor("azure:Subnet", {
      name: "nodes",
      resourceGroupName: "store",
      virtualNetworkName: "net",
      addressPrefix: "10.224.0.0/16",
    });
    const ours = { id: networkId, tags: { ...tags, "berth-operation": "the network's own" } };
    const azure = scriptedAzure([
      { to: "GET /subnets/nodes", body: subnet },
      { to: "GET /virtualNetworks/net", body: ours },
      { to: "GET /subnets/nodes", body: subnet },
    ]);
    await expect(azure.provider.read(request)).resolves.toMatchObject({
      ours: true,
      inputs: {
        name: "nodes",
        resourceGroupName: "store",
        virtualNetworkName: "net",
        addressPrefix: "10.224.0.0/16",
      },
    });
    const foreign = scriptedAzure([
      { to: "GET /subnets/nodes", body: subnet },
      { to: "GET /virtualNetworks/net", body: { ...ours, tags: { "berth-stack": "shop/production" } } },
    ]);
    await expect(problemsOf(foreign.provider.create(request))).resolves.toEqual([
      `BERTH5001 ${networkId}/subnets/nodes exists already`,
    ]);
  });

  test("reveals secrets only in what it sends", async () => {
    const azure = scriptedAzure([
      missing("GET /resourceGroups/store"),
      { to: "PUT /resourceGroups/store", body: group },
    ]);
    const inputs = { ...groupRequest.inputs, tags: { owner: new Secret("ann") } };
    await azure.provider.create({ ...groupRequest, inputs });
    expect(azure.received[1]?.body).toMatchObject({ tags: { owner: "ann" } });
  });
});

describe("asynchronous operations", () => {
  const put = { to: "PUT /agentPools/user" };
  const look = missing("GET /agentPools/user");
  const done = {
    id: poolId,
    properties: { provisioningState: "Succeeded", currentOrchestratorVersion: "1.36.2" },
  };
  const creating = { id: poolId, properties: { provisioningState: "Creating" } };

  test("Azure-AsyncOperation: polled at Azure's pace, then the resource is read", async () => {
    const azure = scriptedAzure([
      look,
      {
        ...put,
        status: 201,
        headers: { "azure-asyncoperation": operation, "retry-after": "7", location: `${endpoint}/no` },
        body: creating,
      },
      {
        to: "GET /operations/1",
        headers: { "retry-after": "3" },
        body: { status: "InProgress", percentComplete: 40 },
      },
      { to: "GET /operations/1", body: { status: "Succeeded" } },
      { to: "GET /agentPools/user", body: done },
    ]);
    const told: string[] = [];
    const request = { ...poolRequest, progress: (message: string) => void told.push(message) };
    await expect(azure.provider.create(request)).resolves.toEqual({
      id: poolId,
      outputs: { id: poolId, currentKubernetesVersion: "1.36.2" },
    });
    expect(azure.waits).toEqual([7, 3]);
    expect(told).toEqual(["Azure says InProgress, 40 %"]);
  });

  test("Location of a 202: polled until it is none", async () => {
    const azure = scriptedAzure([
      { to: "GET /agentPools/user", body: { id: poolId, properties: { tags } } },
      { to: "DELETE /agentPools/user", status: 202, headers: { location: operation } },
      { to: "GET /operations/1", status: 202, headers: { "retry-after": "0" } },
      { to: "GET /operations/1", status: 204 },
    ]);
    await azure.provider.delete({
      urn: ownership.urn,
      type: "azure:NodePool",
      id: poolId,
      recorded: recordOf("azure:NodePool", poolId),
    });
    expect(azure.left()).toEqual([]);
    expect(azure.waits).toEqual([10, 0]);
  });

  test("without headers, the resource's own state is polled", async () => {
    const azure = scriptedAzure([
      look,
      { ...put, status: 201, body: creating },
      { to: "GET /agentPools/user", body: creating },
      { to: "GET /agentPools/user", body: done },
    ]);
    await expect(azure.provider.create(poolRequest)).resolves.toMatchObject({ id: poolId });
    expect(azure.left()).toEqual([]);
  });

  test.each([
    ["Failed", { error: { code: "SkuNotAvailable", message: "none left" } }, "SkuNotAvailable: none left"],
    ["Canceled", {}, "Canceled"],
  ])("one that %s is an error in Azure's words", async (status, more, words) => {
    const azure = scriptedAzure([
      look,
      { ...put, status: 201, headers: { "azure-asyncoperation": operation }, body: creating },
      { to: "GET /operations/1", body: { status, ...more } },
    ]);
    await expect(problemsOf(azure.provider.create(poolRequest))).resolves.toEqual([
      `BERTH5003 put ${poolId}: ${words}`,
    ]);
  });

  test("a state that failed, and a resource that vanished", async () => {
    const failed = scriptedAzure([
      look,
      { ...put, body: { id: poolId, properties: { provisioningState: "Failed" } } },
    ]);
    await expect(problemsOf(failed.provider.create(poolRequest))).resolves.toEqual([
      `BERTH5003 put ${poolId}: Failed`,
    ]);
    const vanished = scriptedAzure([look, { ...put, body: creating }, missing("GET /agentPools/user")]);
    await expect(problemsOf(vanished.provider.create(poolRequest))).resolves.toEqual([
      `BERTH5003 put ${poolId}: it is not there after the operation`,
    ]);
  });

  test("a poll that could not be answered is asked again", async () => {
    const azure = scriptedAzure([
      look,
      { ...put, status: 201, headers: { "azure-asyncoperation": operation }, body: creating },
      { to: "GET /operations/1", status: 503 },
      { to: "GET /operations/1", body: { status: "Succeeded" } },
      { to: "GET /agentPools/user", body: done },
    ]);
    await expect(azure.provider.create(poolRequest)).resolves.toMatchObject({ id: poolId });
    expect(azure.waits).toEqual([10, 2]);
  });
});

describe("refusals", () => {
  test("throttling is waited for as long as Azure says, five times", async () => {
    const busy = {
      to: "GET /resourceGroups/store",
      status: 429,
      headers: { "retry-after": "17" },
      body: { error: { code: "TooManyRequests", message: "slow down" } },
    };
    const patient = scriptedAzure([
      busy,
      missing("GET /resourceGroups/store"),
      { to: "PUT /resourceGroups/store", body: group },
    ]);
    await expect(patient.provider.create(groupRequest)).resolves.toMatchObject({ id: groupId });
    expect(patient.waits).toEqual([17]);
    const tired = scriptedAzure([busy, busy, busy, busy, busy]);
    await expect(problemsOf(tired.provider.create(groupRequest))).resolves.toEqual([
      `BERTH5005 get ${groupId}: TooManyRequests: slow down`,
    ]);
    expect(tired.waits).toEqual([17, 17, 17, 17]);
  });

  test("a network takes one write at a time", async () => {
    const busy = {
      to: "PUT /virtualNetworks/net",
      status: 409,
      body: { error: { code: "AnotherOperationInProgress", message: "wait" } },
    };
    const azure = scriptedAzure([
      missing("GET /virtualNetworks/net"),
      busy,
      { to: "PUT /virtualNetworks/net", body: { id: networkId } },
    ]);
    const inputs = {
      name: "net",
      resourceGroupName: "store",
      location: "westeurope",
      addressPrefixes: ["10.224.0.0/12"],
    };
    await expect(azure.provider.create(requestFor("azure:VirtualNetwork", inputs))).resolves.toMatchObject({
      id: networkId,
    });
    expect(azure.received[2]?.body).toEqual({
      location: "westeurope",
      tags,
      properties: { addressSpace: { addressPrefixes: ["10.224.0.0/12"] } },
    });
  });

  test("are told in Azure's words, with details and the correlation id", async () => {
    const error = {
      code: "InvalidParameter",
      message: "wrong",
      details: [{ code: "X", message: "the size" }, { message: "wrong" }],
    };
    const azure = scriptedAzure([
      missing("GET /resourceGroups/store"),
      {
        to: "PUT /resourceGroups/store",
        status: 400,
        headers: { "x-ms-correlation-request-id": "c-1" },
        body: { error },
      },
    ]);
    await expect(problemsOf(azure.provider.create(groupRequest))).resolves.toEqual([
      `BERTH5002 put ${groupId}: InvalidParameter: wrong the size (correlation id c-1)`,
    ]);
  });

  test("an answer that is not Azure's", async () => {
    const azure = scriptedAzure([{ to: "GET /resourceGroups/store", status: 200 }]);
    await expect(problemsOf(azure.provider.create(groupRequest))).resolves.toEqual([
      `BERTH5004 get ${groupId}: the answer is no resource`,
    ]);
  });

  test("a cancelled operation starts no request", async () => {
    const azure = scriptedAzure([]);
    await expect(
      azure.provider.create({ ...groupRequest, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: "AbortError" });
    expect(azure.received).toEqual([]);
  });
});

describe("update and delete", () => {
  test("an update of a cluster keeps pools that are not its own, as they were read", async () => {
    const other = { name: "user", mode: "User", count: 3 };
    const live = {
      id: clusterId,
      eTag: "7",
      tags,
      properties: { agentPoolProfiles: [{ name: "system", mode: "System", count: 1 }, other] },
    };
    const azure = scriptedAzure([
      { to: "GET /managedClusters/store", body: live },
      { to: "PUT /managedClusters/store", body: live },
    ]);
    await azure.provider.update({
      ...clusterRequest,
      id: clusterId,
      recorded: recordOf("azure:ManagedCluster", clusterId),
    });
    expect(azure.received[1]?.headers.get("if-match")).toBe("7");
    expect(azure.received[1]?.body).toMatchObject({
      properties: { agentPoolProfiles: [{ name: "system", count: 2 }, other] },
    });
  });

  test("an update that comes after somebody else's is refused", async () => {
    const live = { id: clusterId, eTag: "7", tags };
    const azure = scriptedAzure([
      { to: "GET /managedClusters/store", body: live },
      {
        to: "PUT /managedClusters/store",
        status: 412,
        body: { error: { code: "PreconditionFailed", message: "etag 8" } },
      },
    ]);
    const update = azure.provider.update({
      ...clusterRequest,
      id: clusterId,
      recorded: recordOf("azure:ManagedCluster", clusterId),
    });
    await expect(problemsOf(update)).resolves.toEqual([
      `BERTH5006 put ${clusterId}: PreconditionFailed: etag 8`,
    ]);
  });

  test("an update of what is gone creates nothing", async () => {
    const azure = scriptedAzure([missing("GET /agentPools/user")]);
    const update = azure.provider.update({
      ...poolRequest,
      id: poolId,
      recorded: recordOf("azure:NodePool", poolId),
    });
    await expect(problemsOf(update)).resolves.toEqual([`BERTH5013 ${poolId} is gone`]);
  });

  test("a group is deleted only when it is empty", async () => {
    const request = {
      urn: ownership.urn,
      type: "azure:ResourceGroup",
      id: groupId,
      recorded: recordOf("azure:ResourceGroup", groupId),
    };
    const full = scriptedAzure([
      { to: "GET /resourceGroups/store", body: group },
      {
        to: "GET /resourceGroups/store/resources",
        body: { value: [{ id: "b" }], nextLink: `${endpoint}/more/resources` },
      },
      { to: "GET /more/resources", body: { value: [{ id: "a" }] } },
    ]);
    await expect(problemsOf(full.provider.delete(request))).resolves.toEqual([
      `BERTH5008 ${groupId} still contains a, b`,
    ]);
    const leaving = scriptedAzure([
      { to: "GET /resourceGroups/store", body: group },
      missing("GET /resourceGroups/store/resources"),
      missing("DELETE /resourceGroups/store"),
    ]);
    await expect(leaving.provider.delete(request)).resolves.toBeUndefined();
    const gone = scriptedAzure([missing("GET /resourceGroups/store")]);
    await expect(gone.provider.delete(request)).resolves.toBeUndefined();
  });

  test("what was made anew under the name by somebody else is neither deleted nor changed", async () => {
    const recorded = recordOf("azure:ResourceGroup", groupId);
    const request = { urn: ownership.urn, type: "azure:ResourceGroup", id: groupId, recorded };
    const theirs = { ...group, tags: { ...tags, "berth-operation": "another" } };
    for (const body of [theirs, { ...group, tags: {} }]) {
      const azure = scriptedAzure([{ to: "GET /resourceGroups/store", body }]);
      await expect(problemsOf(azure.provider.delete(request))).resolves.toEqual([
        `BERTH5014 ${groupId} does not carry the mark of this resource`,
      ]);
    }
    const azure = scriptedAzure([{ to: "GET /resourceGroups/store", body: theirs }]);
    await expect(
      problemsOf(azure.provider.update({ ...groupRequest, id: groupId, recorded })),
    ).resolves.toEqual([`BERTH5014 ${groupId} does not carry the mark of this resource`]);
    const adopting = scriptedAzure([
      { to: "GET /resourceGroups/store", body: theirs },
      { to: "PUT /resourceGroups/store", body: group },
    ]);
    await adopting.provider.update({ ...groupRequest, id: groupId, recorded, adopt: true });
    expect(adopting.received[1]?.body).toMatchObject({ tags: { "berth-operation": "key-1" } });
  });

  test("what was moved carries its old URN, and is ours by its operation key", async () => {
    const moved = { ...group, tags: { ...tags, "berth-urn": "urn:of:before", "berth-stack": "shop/old" } };
    const azure = scriptedAzure([{ to: "GET /resourceGroups/store", body: moved }]);
    await expect(azure.provider.read({ ...groupRequest, id: groupId })).resolves.toMatchObject({
      ours: true,
    });
  });

  test("a subscription out of sight is not a resource that is gone", async () => {
    const body = { error: { code: "SubscriptionNotFound", message: "no" } };
    const azure = scriptedAzure([{ to: "GET /resourceGroups/store", status: 404, body }]);
    const [problem] = await problemsOf(azure.provider.read({ ...groupRequest, id: groupId }));
    expect(problem).toContain("SubscriptionNotFound");
  });

  test("a read says what is not there, and leaves an autoscaler its count", async () => {
    const properties = { provisioningState: "Succeeded", vmSize: "Standard_D4s_v5", count: 7, tags };
    const read = async (more: object) => {
      const body = { id: poolId, properties: { ...properties, ...more } };
      const azure = scriptedAzure([{ to: "GET /agentPools/user", body }]);
      return (await azure.provider.read({ ...poolRequest, id: poolId }))?.inputs;
    };
    expect(await read({})).toMatchObject({ count: 7, nodeTaints: null, tags: null });
    expect(await read({ enableAutoScaling: true })).not.toHaveProperty("count");
  });
});

describe("an explicit provider", () => {
  const other = "11111111-1111-4111-8111-111111111111";

  test("says in which subscription resources are made", async () => {
    const elsewhere = { ...group, id: groupId.replace(subscriptionId, other) };
    const azure = scriptedAzure([
      missing(`GET /subscriptions/${other}/resourceGroups/store`),
      { to: `PUT /subscriptions/${other}/resourceGroups/store`, body: elsewhere },
    ]);
    const configuration = { subscriptionId: other };
    await expect(azure.provider.create({ ...groupRequest, configuration })).resolves.toMatchObject({
      id: elsewhere.id,
    });
  });
});

describe("connect", () => {
  const kubeconfig = (text: string): object => ({
    kubeconfigs: [{ name: "clusterUser", value: btoa(text) }],
  });
  const record = recordOf("azure:ManagedCluster", clusterId);

  test("takes the server from the kubeconfig", async () => {
    const text =
      'clusters:\n- cluster:\n    certificate-authority-data: Y2E=\n    server: https://store.azmk8s.io:443/\n  name: store\nusers:\n- name: u\n  user:\n    token: "t: 1"\n';
    const azure = scriptedAzure([
      { to: "POST /managedClusters/store/listClusterUserCredential", body: kubeconfig(text) },
    ]);
    await expect(azure.provider.connect?.(record)).resolves.toMatchObject({
      server: "https://store.azmk8s.io:443",
    });
  });

  test.each([{}, { kubeconfigs: [] }, kubeconfig("users: []"), kubeconfig("server: nowhere"), []])(
    "refuses %j",
    async (body) => {
      const azure = scriptedAzure([{ to: "POST /listClusterUserCredential", body }]);
      const problems = await problemsOf(Promise.resolve(azure.provider.connect?.(record)));
      expect(problems.join()).toContain("BERTH5007");
    },
  );
});
