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

  test("writes by POST, PUT and the four patches, and refuses what has changed meanwhile", async () => {
    const path = "/api/v1/namespaces/default/configmaps/a";
    const map = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "default" },
      data: { x: "1" },
    };
    await client.create(map);
    expect(await client.send("POST", "/api/v1/namespaces/default/configmaps", map)).toMatchObject({
      status: 409,
      body: { reason: "AlreadyExists" },
    });
    const { body: live } = await client.send("GET", path);
    expect(await client.send("PUT", path, { ...live, data: { x: "2" } })).toMatchObject({
      status: 200,
      body: { data: { x: "2" } },
    });
    expect(await client.send("PUT", path, { ...live, data: { x: "3" } })).toMatchObject({
      status: 409,
      body: { reason: "Conflict" },
    });
    const patched = async (type: string, body: unknown) =>
      (await client.send("PATCH", path, body, `application/${type}`)).body.data;
    expect(await patched("merge-patch+json", { data: { y: "4" } })).toEqual({ x: "2", y: "4" });
    expect(await patched("strategic-merge-patch+json", { data: { y: null } })).toEqual({ x: "2" });
    expect(await patched("json-patch+json", [{ op: "add", path: "/data/z", value: "5" }])).toEqual({
      x: "2",
      z: "5",
    });
    const applied = await client.send(
      "PATCH",
      `${path}?fieldManager=berth`,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { w: "6" }\n',
      "application/apply-patch+yaml",
    );
    expect(applied).toMatchObject({ status: 200, body: { data: { w: "6", x: "2", z: "5" } } });
    expect(await client.send("PATCH", path, {}, "application/apply-patch+cbor")).toMatchObject({
      status: 415,
      body: { reason: "UnsupportedMediaType" },
    });
    expect(await client.send("PATCH", path, map, "application/apply-patch+yaml")).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining("fieldManager: Required value") },
    });
  });

  test("a dry run answers what would be, and keeps nothing", async () => {
    const before = (await client.send("GET", "/api/v1/services")).body;
    expect(
      await client.send("POST", "/api/v1/namespaces/default/services?dryRun=All", testService("web")),
    ).toMatchObject({ status: 201, body: { spec: { clusterIP: "10.0.1.1" } } });
    expect((await client.send("GET", "/api/v1/services")).body).toEqual(before);
    expect(
      await client.send("POST", "/api/v1/namespaces/default/services?dryRun=Some", testService("web")),
    ).toMatchObject({ status: 422 });
  });

  test("refuses unknown fields where it is asked to be strict", async () => {
    const misspelt = testService("web", { selectr: {} });
    const path = "/api/v1/namespaces/default/services";
    expect(await client.send("POST", `${path}?fieldValidation=Strict`, misspelt)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("selectr") },
    });
    expect(await client.send("POST", path, misspelt)).toMatchObject({ status: 201 });
  });

  test("writes to a status leave the rest alone, and writes to the rest leave the status", async () => {
    await client.create(testNode("n1"));
    const status = {
      status: { allocatable: { cpu: "2", memory: "1Gi", pods: "10" } },
      spec: { unschedulable: true },
    };
    await client.send("PATCH", "/api/v1/nodes/n1/status", status, "application/merge-patch+json");
    const { body: node } = await client.send("GET", "/api/v1/nodes/n1");
    expect(node.status.allocatable.cpu).toBe("2");
    expect(node.spec.unschedulable).toBeUndefined();
    await client.send(
      "PATCH",
      "/api/v1/nodes/n1",
      { status: { allocatable: { cpu: "9" } }, spec: { unschedulable: true } },
      "application/merge-patch+json",
    );
    const { body: cordoned } = await client.send("GET", "/api/v1/nodes/n1");
    expect(cordoned).toMatchObject({ spec: { unschedulable: true }, status: { allocatable: { cpu: "2" } } });
  });

  test("an object with finalizers goes when the last of them does", async () => {
    const path = "/api/v1/namespaces/default/configmaps/a";
    await client.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "default", finalizers: ["example.org/wait"] },
    });
    expect(await client.send("DELETE", path)).toMatchObject({
      status: 200,
      body: { metadata: { deletionTimestamp: expect.any(String) } },
    });
    expect(await client.send("GET", path)).toMatchObject({ status: 200 });
    await client.send("PATCH", path, { metadata: { finalizers: null } }, "application/merge-patch+json");
    expect(await client.send("GET", path)).toMatchObject({ status: 404 });
  });

  test("a rolling update replaces the pods, and a stuck one says why", async () => {
    await client.create(testNode("n1", "500m"), testDeployment("web", 2));
    const path = "/apis/apps/v1/namespaces/default/deployments/web";
    const image = (version: string, cpu: string) => ({
      spec: {
        template: { spec: { containers: [{ name: "c", image: version, resources: { requests: { cpu } } }] } },
      },
    });
    await client.send("PATCH", path, image("web:v2", "100m"), "application/strategic-merge-patch+json");
    const images = async () =>
      (await client.send("GET", "/api/v1/pods")).body.items.map(
        (pod: { spec: { containers: [{ image: string }] } }) => pod.spec.containers[0].image,
      );
    expect(await images()).toEqual(["web:v2", "web:v2"]);
    await client.send("PATCH", path, image("web:v3", "400m"), "application/strategic-merge-patch+json");
    expect(await images()).toEqual(["web:v2", "web:v2", "web:v3"]);
    const { items } = (await client.send("GET", "/api/v1/pods?fieldSelector=status.phase=Pending")).body;
    expect(items[0].status.conditions[0]).toMatchObject({
      type: "PodScheduled",
      reason: "Unschedulable",
      message: expect.stringContaining("1 Insufficient cpu"),
    });
  });

  test("a pod gets the priority of its class", async () => {
    const high = Object.assign(
      { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "high" } },
      { value: 1000 },
    );
    await client.send("POST", "/apis/scheduling.k8s.io/v1/priorityclasses", high);
    const spec = { priorityClassName: "high", containers: [{ name: "c", image: "c" }] };
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { generateName: "one-", namespace: "default" },
      spec,
    };
    expect(await client.send("POST", "/api/v1/namespaces/default/pods", pod)).toMatchObject({
      status: 201,
      body: {
        metadata: { name: expect.stringMatching(/^one-[a-z0-9]{5}$/) },
        spec: { priority: 1000 },
        status: { phase: "Pending", qosClass: "BestEffort" },
      },
    });
  });
});
