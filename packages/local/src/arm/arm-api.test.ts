import { describe, expect, test } from "vitest";
import { openLocalCloud } from "../index.ts";
import {
  armClient,
  clusterBody,
  clusterId,
  groupId,
  location,
  networkBody,
  networkId,
  poolId,
  prepared,
  subnetId,
  subscription,
} from "../testing/arm-client.ts";

const memory = { memory: true } as const;

describe("every request", () => {
  test.each([
    [`${groupId}?x=1`, 400, "MissingApiVersionParameter"],
    [`${groupId}?api-version=latest`, 400, "InvalidApiVersionParameter"],
    ["/subscriptions/mine/resourceGroups/store", 400, "InvalidSubscriptionId"],
    ["/tenants", 404, "NotFound"],
    [`${groupId}/providers/Microsoft.Nothing/things/one`, 404, "InvalidResourceNamespace"],
    [`${groupId}/providers/Microsoft.Network/loadBalancers/one`, 404, "InvalidResourceType"],
    [`${groupId}/providers/Microsoft.Network`, 404, "NotFound"],
    [`${groupId}//providers`, 404, "NotFound"],
    ["/%E0%A4%A", 400, "BadRequest"],
    [groupId, 404, "ResourceGroupNotFound"],
    [clusterId, 404, "ResourceGroupNotFound"],
  ])("GET %s is refused: %i %s", async (path, status, code) => {
    const arm = armClient(await openLocalCloud(memory));
    expect(await arm.get(path)).toMatchObject({ status, code });
  });

  test("names what is missing: the group, the parent, the resource", async () => {
    const arm = await prepared(await openLocalCloud(memory), false);
    expect(await arm.get(clusterId)).toMatchObject({
      status: 404,
      code: "ResourceNotFound",
      message: expect.stringContaining("Microsoft.ContainerService/managedClusters/store"),
    });
    expect(await arm.get(poolId)).toMatchObject({ status: 404, code: "ParentResourceNotFound" });
    expect(await arm.put(poolId, { properties: {} })).toMatchObject({
      status: 404,
      code: "ParentResourceNotFound",
    });
    expect(await arm.put(`${networkId}x/subnets/nodes`, {})).toMatchObject({
      status: 404,
      code: "ParentResourceNotFound",
    });
    expect(await arm.put(networkId.replace("store", "other"), networkBody("10.0.0.0/8"))).toMatchObject({
      code: "ResourceGroupNotFound",
    });
  });

  test("has a method and a body that fit", async () => {
    const arm = await prepared(await openLocalCloud(memory), false);
    expect(await arm.send("PATCH", networkId, {})).toMatchObject({ status: 405 });
    expect(await arm.put(networkId, "{")).toMatchObject({ status: 400, code: "InvalidRequestContent" });
    expect(await arm.put(networkId, [])).toMatchObject({ status: 400, code: "InvalidRequestContent" });
    expect(await arm.put(networkId, { location, properties: 3 })).toMatchObject({
      status: 400,
      code: "InvalidParameter",
    });
    expect(await arm.put(networkId, { location, properties: { adressSpace: {} } })).toMatchObject({
      code: "UnmarshalError",
    });
    expect(await arm.put(networkId, { properties: {} })).toMatchObject({ code: "LocationRequired" });
    expect(await arm.put(networkId, networkBody("10.224.0.0/12"), { "if-match": '"1"' })).toMatchObject({
      status: 412,
      code: "PreconditionFailed",
    });
  });
});

describe("a resource group", () => {
  test("is created and replaced at once, in any spelling of its id", async () => {
    const arm = armClient(await openLocalCloud(memory));
    const tags = { team: "web" };
    const created = await arm.put(groupId.replace("store", "Store"), { location: "West Europe", tags });
    expect(created).toMatchObject({
      status: 201,
      body: { name: "Store", location: "westeurope", tags, properties: { provisioningState: "Succeeded" } },
    });
    expect(created.headers.get("azure-asyncoperation")).toBeNull();
    expect((await arm.get(groupId.toUpperCase())).body["id"]).toBe(groupId.replace("store", "Store"));
    expect(await arm.put(groupId, { location, tags: {} })).toMatchObject({
      status: 200,
      body: { name: "Store", tags: {} },
    });
    expect((await arm.get(`/subscriptions/${subscription}/resourcegroups`)).body).toMatchObject({
      value: [{ name: "Store" }],
    });
  });

  test("stays in its region, which must be one, and has a name and tags that Azure takes", async () => {
    const arm = await prepared(await openLocalCloud(memory), false);
    expect(await arm.put(groupId, { location: "northeurope" })).toMatchObject({
      status: 409,
      code: "InvalidResourceGroupLocation",
    });
    expect(
      await arm.put(networkId, { ...networkBody("10.224.0.0/12"), location: "northeurope" }),
    ).toMatchObject({ status: 409, code: "InvalidResourceLocation" });
    expect(await arm.put(`${groupId}2`, { location: "mars" })).toMatchObject({
      code: "LocationNotAvailableForResourceGroup",
    });
    expect(await arm.put(`${networkId}2`, { location: "mars" })).toMatchObject({
      code: "LocationNotAvailableForResourceType",
    });
    expect(await arm.put(`${groupId}.`, { location })).toMatchObject({ code: "InvalidResourceGroup" });
    expect(await arm.put(`${groupId}2`, { location, tags: { long: "x".repeat(257) } })).toMatchObject({
      code: "InvalidTagValueLength",
    });
    expect(await arm.put(`${groupId}2`, { location, tags: { n: 3 } })).toMatchObject({
      code: "InvalidParameter",
    });
  });

  test("takes everything in it along, and is gone when its operation says so", async () => {
    const arm = await prepared(await openLocalCloud(memory));
    expect((await arm.get(`${groupId}/resources`)).body).toMatchObject({
      value: [{ name: "net" }, { name: "store" }],
    });
    const deleted = await arm.delete(groupId);
    expect(deleted.status).toBe(202);
    expect((await arm.get(deleted.headers.get("location") ?? "")).status).toBe(204);
    expect((await arm.get(deleted.headers.get("azure-asyncoperation") ?? "")).body).toMatchObject({
      status: "Succeeded",
    });
    for (const id of [groupId, networkId, subnetId, clusterId])
      expect(await arm.get(id)).toMatchObject({ code: "ResourceGroupNotFound" });
    expect(await arm.get(`/subscriptions/${subscription}/resourcegroups`)).toMatchObject({
      body: { value: [] },
    });
    expect(await arm.delete(groupId)).toMatchObject({ status: 404 });
  });

  test("stays while others use its network", async () => {
    const arm = await prepared(await openLocalCloud(memory), false);
    const other = groupId.replace("store", "other");
    await arm.put(other, { location });
    const elsewhere = clusterId.replace("/store/", "/other/");
    expect(await arm.put(elsewhere, clusterBody())).toMatchObject({ status: 201 });
    expect(await arm.delete(groupId)).toMatchObject({ status: 409, code: "ResourceGroupDeletionBlocked" });
    expect(await arm.delete(other)).toMatchObject({ status: 202 });
    expect(await arm.delete(groupId)).toMatchObject({ status: 202 });
  });
});

test("an operation that nobody started is not found", async () => {
  const arm = armClient(await openLocalCloud(memory));
  const base = `/subscriptions/${subscription}/providers/Microsoft.Network/locations/westeurope`;
  for (const name of ["00000000-0000-4000-9000-000000000001", "x"]) {
    expect(await arm.get(`${base}/operations/${name}`)).toMatchObject({
      status: 404,
      code: "OperationNotFound",
    });
  }
  expect(await arm.get(`${base}/usages`)).toMatchObject({ code: "InvalidResourceType" });
});
