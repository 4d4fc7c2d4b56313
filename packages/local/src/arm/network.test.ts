import { expect, test } from "vitest";
import { openLocalCloud } from "../index.ts";
import {
  clusterId,
  location,
  networkBody,
  networkId,
  prepared,
  subnetBody,
  subnetId,
} from "../testing/arm-client.ts";

async function network() {
  return prepared(await openLocalCloud({ memory: true }), false);
}

test("a network is made asynchronously, has an etag, and shows its subnets", async () => {
  const arm = await network();
  const updated = await arm.put(networkId, networkBody("10.224.0.0/12", "10.9.0.0/16"));
  expect(updated).toMatchObject({
    status: 200,
    body: { properties: { provisioningState: "Updating", subnets: [{ name: "nodes" }] } },
  });
  expect(updated.headers.get("retry-after")).toBe("0");
  expect(await arm.get(updated.headers.get("azure-asyncoperation") ?? "")).toMatchObject({
    status: 200,
    body: { status: "Succeeded" },
  });
  const { body } = await arm.get(networkId);
  expect(body).toMatchObject({
    etag: expect.stringMatching(/^W\/"\d+"$/),
    properties: { provisioningState: "Succeeded" },
  });
  const put = (etag: unknown) =>
    arm.put(networkId, networkBody("10.224.0.0/12"), { "if-match": String(etag) });
  expect(await put(body["etag"])).toMatchObject({ status: 200 });
  expect(await put(body["etag"])).toMatchObject({ status: 412, code: "PreconditionFailed" });
  expect(await arm.put(networkId, networkBody("10.224.0.0/12"), { "if-none-match": "*" })).toMatchObject({
    status: 412,
  });
});

test("ranges are ranges", async () => {
  const arm = await network();
  expect(await arm.put(networkId, networkBody("10.0.0.1/16"))).toMatchObject({
    code: "InvalidCIDRNotation",
    message: expect.stringContaining("10.0.0.0/16"),
  });
  expect(await arm.put(networkId, networkBody("everything"))).toMatchObject({
    code: "InvalidAddressPrefixFormat",
  });
  expect(await arm.put(networkId, networkBody())).toMatchObject({ code: "InvalidParameter" });
  expect(await arm.put(networkId, networkBody("10.0.0.0/16"))).toMatchObject({
    code: "InUsePrefixCannotBeDeleted",
  });
});

test("subnets are inside their network, and apart", async () => {
  const arm = await network();
  const other = `${networkId}/subnets/other`;
  expect(await arm.put(other, subnetBody("10.224.1.0/24"))).toMatchObject({
    code: "NetcfgSubnetRangesOverlap",
  });
  expect(await arm.put(other, subnetBody("192.168.0.0/24"))).toMatchObject({ code: "NetcfgInvalidSubnet" });
  expect(await arm.put(other, subnetBody("10.225.0.0/30"))).toMatchObject({ code: "NetcfgInvalidSubnet" });
  expect(await arm.put(other, { properties: {} })).toMatchObject({ code: "InvalidParameter" });
  expect(await arm.put(other, subnetBody("10.225.0.0/24"))).toMatchObject({
    status: 201,
    body: { properties: { provisioningState: "Updating" } },
  });
  expect(await arm.put(other.replace("other", "OTHER"), subnetBody("10.225.0.0/23"))).toMatchObject({
    status: 200,
    body: { name: "other" },
  });
  expect((await arm.get(`${networkId}/subnets`)).body["value"]).toHaveLength(2);
});

test("an inline list is all the subnets that there are", async () => {
  const arm = await network();
  const withSubnets = (...subnets: object[]) => ({
    location,
    properties: { addressSpace: { addressPrefixes: ["10.224.0.0/12"] }, subnets },
  });
  const list = withSubnets(
    { name: "a", properties: { addressPrefix: "10.230.0.0/24" } },
    { name: "b", properties: { addressPrefix: "10.230.1.0/24" } },
  );
  expect(await arm.put(networkId, list)).toMatchObject({
    status: 200,
    body: { properties: { subnets: [{ name: "a" }, { name: "b" }] } },
  });
  expect(await arm.get(subnetId)).toMatchObject({ status: 404 });
  expect(await arm.put(networkId, networkBody("10.224.0.0/12"))).toMatchObject({
    body: { properties: { subnets: [{ name: "a" }, { name: "b" }] } },
  });
});

test("what is in use stays", async () => {
  const arm = await prepared(await openLocalCloud({ memory: true }));
  for (const id of [subnetId, networkId]) {
    expect(await arm.delete(id)).toMatchObject({
      status: 400,
      code: "InUseSubnetCannotBeDeleted",
      message: expect.stringContaining("agentPools/system"),
    });
  }
  expect(await arm.put(subnetId, subnetBody("10.224.0.0/17"))).toMatchObject({
    code: "InUseSubnetCannotBeUpdated",
  });
  expect(
    await arm.put(networkId, {
      location,
      properties: { addressSpace: { addressPrefixes: ["10.224.0.0/12"] }, subnets: [] },
    }),
  ).toMatchObject({ code: "InUseSubnetCannotBeDeleted" });
  await arm.delete(clusterId);
  expect(await arm.delete(networkId)).toMatchObject({ status: 202 });
  expect(await arm.delete(networkId)).toMatchObject({ status: 204 });
  expect(await arm.get(subnetId)).toMatchObject({ code: "ParentResourceNotFound" });
});
