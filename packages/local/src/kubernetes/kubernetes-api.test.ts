import { beforeEach, describe, expect, test } from "vitest";
import {
  openTestClient,
  type TestClient,
  testCluster,
  testDeployment,
  testNode,
  testService,
} from "../testing.ts";

let client: TestClient;
beforeEach(async () => {
  client = await openTestClient();
});

describe("the Kubernetes API of a local cluster", () => {
  test("tells its version, groups and resources", async () => {
    expect(await client.send("GET", "/version")).toMatchObject({
      status: 200,
      body: { gitVersion: "v1.36.2", minor: "36" },
    });
    expect((await client.send("GET", "/api")).body).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
    const { groups } = (await client.send("GET", "/apis")).body;
    expect(groups.map((each: { name: string }) => each.name)).toContain("apps");
    expect((await client.send("GET", "/apis/apps")).body).toMatchObject({
      kind: "APIGroup",
      preferredVersion: { groupVersion: "apps/v1" },
    });
    const { resources } = (await client.send("GET", "/apis/apps/v1")).body;
    expect(resources).toContainEqual({
      name: "deployments/scale",
      singularName: "",
      namespaced: true,
      kind: "Deployment",
      verbs: ["get", "patch", "update"],
    });
  });

  test("wants the cluster's token", async () => {
    const response = await client.cloud.transport(new Request(`https://${testCluster.host}/api/v1/pods`));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ kind: "Status", reason: "Unauthorized" });
  });

  test("refuses in Kubernetes' words what is not there", async () => {
    expect(await client.send("GET", "/apis/apps/v1/namespaces/default/deployments/web")).toMatchObject({
      status: 404,
      body: {
        kind: "Status",
        status: "Failure",
        message: 'deployments.apps "web" not found',
        reason: "NotFound",
        details: { name: "web", group: "apps", kind: "deployments" },
        code: 404,
      },
    });
    expect(await client.send("GET", "/apis/apps/v1/bananas")).toMatchObject({
      status: 404,
      body: { message: "the server could not find the requested resource" },
    });
    expect(
      await client.send("POST", "/api/v1/namespaces/nowhere/services", testService("web")),
    ).toMatchObject({ status: 400 });
    const elsewhere = { ...testService("web"), metadata: { name: "web", namespace: "nowhere" } };
    expect(await client.send("POST", "/api/v1/namespaces/nowhere/services", elsewhere)).toMatchObject({
      status: 404,
      body: { message: 'namespaces "nowhere" not found' },
    });
    expect(await client.send("GET", "/api/v1/pods?watch=true")).toMatchObject({ status: 501 });
  });

  test("runs what is applied: pods on nodes, endpoints, an address for the load balancer", async () => {
    await client.create(
      testNode("n1"),
      testNode("n2"),
      testService("web", { type: "LoadBalancer" }),
      testDeployment("web", 3),
    );
    const { items: pods } = (
      await client.send("GET", "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb")
    ).body;
    expect(pods).toHaveLength(3);
    expect(pods[0]).toMatchObject({
      spec: { nodeName: "n1" },
      status: { phase: "Running", podIP: expect.any(String) },
    });
    expect(pods[0].metadata.name).toMatch(
      /^web-[bcdfghjklmnpqrstvwxz2456789]{10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/,
    );
    expect(pods[0]).not.toHaveProperty("kind");
    const { body: service } = await client.send("GET", "/api/v1/namespaces/default/services/web");
    expect(service.status).toEqual({ loadBalancer: { ingress: [{ ip: "198.18.0.1", ipMode: "VIP" }] } });
    expect(service.spec).toMatchObject({ clusterIP: "10.0.1.1", ports: [{ nodePort: 30086 }] });
    const { items: slices } = (await client.send("GET", "/apis/discovery.k8s.io/v1/endpointslices")).body;
    expect(slices[0].endpoints).toHaveLength(3);
    const { body: deployment } = await client.send("GET", "/apis/apps/v1/namespaces/default/deployments/web");
    expect(deployment.status).toMatchObject({ availableReplicas: 3, observedGeneration: 1 });
  });

  test("selects by labels and fields, and gives long lists in pages", async () => {
    await client.create(testNode("n1"), testNode("n2"), testDeployment("a", 2), testDeployment("b", 3));
    const count = async (query: string) =>
      (await client.send("GET", `/api/v1/pods?${query}`)).body.items.length;
    expect(await count("labelSelector=app%20in%20(a,b),!legacy")).toBe(5);
    expect(await count("labelSelector=app!=a")).toBe(3);
    expect(
      (await count("fieldSelector=spec.nodeName=n1")) + (await count("fieldSelector=spec.nodeName!=n1")),
    ).toBe(5);
    expect(await count("fieldSelector=status.phase=Failed")).toBe(0);
    expect(await client.send("GET", "/api/v1/pods?labelSelector=(((")).toMatchObject({ status: 400 });
    const names: string[] = [];
    let next = "";
    do {
      const { body } = await client.send("GET", `/api/v1/pods?limit=2&continue=${next}`);
      names.push(...body.items.map((each: { metadata: { name: string } }) => each.metadata.name));
      next = body.metadata.continue ?? "";
    } while (next);
    expect(new Set(names).size).toBe(5);
  });

  test("deletes what was made, with what belongs to it, and nothing in a dry run", async () => {
    await client.create(testNode("n1"), testDeployment("web", 2));
    const path = "/apis/apps/v1/namespaces/default/deployments/web";
    expect(await client.send("DELETE", `${path}?dryRun=All`)).toMatchObject({ status: 200 });
    expect(await client.send("DELETE", path, { preconditions: { uid: "other" } })).toMatchObject({
      status: 409,
      body: { reason: "Conflict" },
    });
    expect((await client.send("GET", "/api/v1/pods")).body.items).toHaveLength(2);
    expect(await client.send("DELETE", path)).toMatchObject({
      status: 200,
      body: { status: "Success", details: { name: "web", group: "apps", kind: "deployments" } },
    });
    expect((await client.send("GET", "/api/v1/pods")).body.items).toEqual([]);
    expect((await client.send("GET", "/apis/apps/v1/replicasets")).body.items).toEqual([]);
    expect(await client.send("DELETE", path)).toMatchObject({ status: 404 });
  });

  test("a namespace goes with everything in it; those of the system stay", async () => {
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    await client.create({ ...testDeployment("web"), metadata: { name: "web", namespace: "shop" } });
    expect(await client.send("DELETE", "/api/v1/namespaces/shop")).toMatchObject({ status: 200 });
    expect((await client.send("GET", "/api/v1/namespaces/shop/pods")).body.items).toEqual([]);
    expect(await client.send("DELETE", "/api/v1/namespaces/kube-system")).toMatchObject({
      status: 403,
      body: { reason: "Forbidden" },
    });
  });

  test("moves the pods of a node that is deleted", async () => {
    await client.create(testNode("n1"), testNode("n2"), testDeployment("web", 2));
    await client.send("DELETE", "/api/v1/nodes/n1");
    const { items } = (await client.send("GET", "/api/v1/pods")).body;
    expect(items.map((pod: { spec: { nodeName: string } }) => pod.spec.nodeName)).toEqual(["n2", "n2"]);
  });
});
