import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Json, type JsonObject, objectAt, objectsAt } from "../json.ts";
import { deployments } from "../testing/random-objects.ts";
import type { ServiceAddresses } from "./service-addresses.ts";
import type { WriteContext, WriteRequest, WriteVerb } from "./request.ts";
import { writeObject } from "./write-object.ts";

const context: WriteContext = { time: "2026-01-31T12:00:00Z" };
const template = {
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "web", image: "web:1" }] },
};
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { selector: { matchLabels: { app: "web" } }, template },
};
const service = (spec: JsonObject): JsonObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { ports: [{ port: 80 }], ...spec },
});

function request(verb: WriteVerb, body: Json, more: Partial<WriteRequest> = {}): WriteRequest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    namespace: "shop",
    name: "web",
    verb,
    body,
    manager: "test",
    ...more,
  };
}

const ofService: Partial<WriteRequest> = { apiVersion: "v1", kind: "Service" };

function stored(
  live: JsonObject | undefined,
  wanted: WriteRequest,
  given: WriteContext = context,
): JsonObject {
  const result = writeObject(live, wanted, given);
  if (result.kind === "refused") throw new Error(result.status.message);
  return result.object;
}

function refusal(live: JsonObject | undefined, wanted: WriteRequest, given: WriteContext = context) {
  const result = writeObject(live, wanted, given);
  return result.kind === "refused" ? result.status : result;
}

const live = stored(undefined, request("create", deployment), {
  ...context,
  identity: { uid: "u1", creationTimestamp: "2026-01-01T00:00:00Z" },
});
const versioned: JsonObject = { ...live, metadata: { ...objectAt(live, "metadata"), resourceVersion: "7" } };

describe("creating", () => {
  test("fills in identity, generation and owners", () => {
    expect(objectAt(live, "metadata")).toMatchObject({
      namespace: "shop",
      uid: "u1",
      creationTimestamp: "2026-01-01T00:00:00Z",
      generation: 1,
      managedFields: [{ manager: "test", operation: "Update", time: context.time }],
    });
    expect(live["status"]).toEqual({});
  });

  test("starts without status, but nodes say theirs", () => {
    const body = { ...deployment, status: { replicas: 3 } };
    expect(stored(undefined, request("create", body))["status"]).toEqual({});
    const node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n" },
      status: { capacity: { cpu: "4" } },
    };
    const created = stored(undefined, {
      apiVersion: "v1",
      kind: "Node",
      name: "n",
      verb: "create",
      body: node,
      manager: "kubelet",
    });
    expect(created["status"]).toMatchObject({ capacity: { cpu: "4" }, allocatable: { cpu: "4" } });
  });

  test("pods get a priority, tolerations and a class of service", () => {
    const body = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web" },
      spec: { ...template.spec, priorityClassName: "high" },
    };
    const ofPod = request("create", body, { apiVersion: "v1", kind: "Pod" });
    const high = { name: "high", value: 1000, preemptionPolicy: "Never" };
    const pod = stored(undefined, ofPod, {
      ...context,
      priorityClass: (name) => (name === "high" ? high : undefined),
    });
    expect(pod).toMatchObject({
      spec: { priority: 1000, preemptionPolicy: "Never" },
      status: { phase: "Pending", qosClass: "BestEffort" },
    });
    expect(objectsAt(objectAt(pod, "spec"), "tolerations").map((each) => each["tolerationSeconds"])).toEqual([
      300, 300,
    ]);
    const status = refusal(undefined, ofPod, { ...context, priorityClass: () => undefined });
    expect(status).toMatchObject({
      code: 403,
      message: 'pods "web" is forbidden: no PriorityClass with name high was found',
    });
  });

  test("secrets given as text are stored in base64", () => {
    const body = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      data: { a: "MQ==" },
      stringData: { b: "ü" },
    };
    const secret = stored(
      undefined,
      request("create", body, { apiVersion: "v1", kind: "Secret", name: "s" }),
    );
    expect(secret["data"]).toEqual({ a: "MQ==", b: "w7w=" });
    expect(secret).not.toHaveProperty("stringData");
  });
});

describe("refusals", () => {
  test.each<[string, JsonObject | undefined, WriteRequest, object]>([
    [
      "a create of what is there",
      live,
      request("create", deployment),
      { code: 409, reason: "AlreadyExists", message: 'deployments.apps "web" already exists' },
    ],
    [
      "a patch of nothing",
      undefined,
      request("merge-patch", {}),
      { code: 404, reason: "NotFound", message: 'deployments.apps "web" not found' },
    ],
    [
      "a write to the status of nothing",
      undefined,
      request("apply", deployment, { subresource: "status" }),
      { code: 404 },
    ],
    [
      "another kind",
      undefined,
      request("apply", { ...deployment, kind: "StatefulSet" }),
      { code: 400, message: "invalid object type: apps/v1, Kind=StatefulSet" },
    ],
    [
      "another name",
      undefined,
      request("apply", deployment, { name: "api" }),
      { code: 400, message: "the name of the object (web) does not match the name on the URL (api)" },
    ],
    [
      "another namespace",
      undefined,
      request("create", { ...deployment, metadata: { name: "web", namespace: "x" } }),
      {
        code: 400,
        message: "the namespace of the object (x) does not match the namespace on the request (shop)",
      },
    ],
    [
      "managed fields in an apply",
      undefined,
      request("apply", { ...deployment, metadata: { name: "web", managedFields: [] } }),
      { code: 400, message: "metadata.managedFields must be nil" },
    ],
    [
      "an unknown field in an apply",
      undefined,
      request("apply", { ...deployment, spec: { replica: 1 } }),
      {
        code: 500,
        message:
          "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema",
      },
    ],
    [
      "an unknown field, strictly",
      live,
      request("merge-patch", { spec: { replica: 1 } }, { strict: true }),
      { code: 400, message: 'strict decoding error: unknown field "spec.replica"' },
    ],
    [
      "a wrong type in a patch",
      live,
      request("merge-patch", { spec: { replicas: "many" } }),
      { code: 422, reason: "Invalid", details: { causes: [{ field: "patch" }] } },
    ],
    [
      "a wrong type in an object",
      undefined,
      request("create", { ...deployment, spec: { replicas: "many" } }),
      { code: 400, reason: "BadRequest" },
    ],
    [
      "an amount that is none in an apply",
      undefined,
      request("apply", {
        ...deployment,
        spec: { template: { spec: { containers: [{ name: "a", resources: { limits: { cpu: "x" } } }] } } },
      }),
      { code: 500 },
    ],
    [
      "a stale version",
      versioned,
      request("replace", { ...deployment, metadata: { name: "web", resourceVersion: "6" } }),
      {
        code: 409,
        reason: "Conflict",
        message:
          'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
      },
    ],
    ["no object", undefined, request("create", []), { code: 400 }],
    ["a malformed patch", live, request("json-patch", {}), { code: 400 }],
    [
      "too many operations",
      live,
      request(
        "json-patch",
        Array.from({ length: 10_001 }, () => ({})),
      ),
      { code: 413 },
    ],
  ])("%s", (_, before, wanted, expected) => expect(refusal(before, wanted)).toMatchObject(expected));

  test("a kind that is not built in is a coded error", () => {
    expect(() => writeObject(undefined, request("create", {}, { kind: "Deploy" }), context)).toThrow(
      /BERTH2004/,
    );
  });
});

describe("updating", () => {
  test("a replacement keeps identity and status, and counts a changed spec", () => {
    const withStatus = { ...live, status: { replicas: 1 } };
    const replaced = stored(
      withStatus,
      request("replace", {
        ...deployment,
        spec: { ...deployment.spec, replicas: 5 },
        status: { replicas: 9 },
      }),
    );
    expect(replaced).toMatchObject({
      metadata: { uid: "u1", generation: 2 },
      spec: { replicas: 5 },
      status: { replicas: 1 },
    });
    const labelled = stored(live, request("merge-patch", { metadata: { labels: { a: "1" } } }));
    expect(objectAt(labelled, "metadata")).toMatchObject({ generation: 1, labels: { a: "1" } });
  });

  test("the same again changes nothing, and says so", () => {
    const result = writeObject(live, request("replace", deployment), { time: "2027-01-01T00:00:00Z" });
    expect(result).toEqual({ kind: "stored", object: live, created: false, changed: false });
  });

  test("an empty list of managed fields makes an object untracked, and it stays so", () => {
    const untracked = stored(live, request("merge-patch", { metadata: { managedFields: [] } }));
    expect(objectAt(untracked, "metadata")).not.toHaveProperty("managedFields");
    expect(
      objectAt(stored(untracked, request("merge-patch", { spec: { replicas: 4 } })), "metadata"),
    ).not.toHaveProperty("managedFields");
  });

  test("a write to the status changes nothing else", () => {
    const written = stored(
      live,
      request(
        "merge-patch",
        { metadata: { labels: { a: "1" } }, spec: { replicas: 9 }, status: { replicas: 2 } },
        { subresource: "status", manager: "controller" },
      ),
    );
    expect(written).toMatchObject({
      spec: { replicas: 1 },
      status: { replicas: 2 },
      metadata: { generation: 1 },
    });
    expect(objectAt(written, "metadata")).not.toHaveProperty("labels");
    expect(objectsAt(objectAt(written, "metadata"), "managedFields")).toContainEqual(
      expect.objectContaining({
        manager: "controller",
        subresource: "status",
        fieldsV1: { "f:metadata": { "f:labels": { ".": {}, "f:a": {} } }, "f:status": { "f:replicas": {} } },
      }),
    );
  });

  test.each<[string, JsonObject, JsonObject, string]>([
    ["v1 Secret", { type: "Opaque" }, { type: "other" }, 'type: Invalid value: "other": field is immutable'],
    [
      "scheduling.k8s.io/v1 PriorityClass",
      { value: 1 },
      { value: 2 },
      "value: Forbidden: may not be changed in an update.",
    ],
    [
      "storage.k8s.io/v1 StorageClass",
      { provisioner: "a" },
      { provisioner: "b" },
      "provisioner: Forbidden: updates to provisioner are forbidden.",
    ],
    [
      "rbac.authorization.k8s.io/v1 RoleBinding",
      { roleRef: { kind: "Role", name: "a" } },
      { roleRef: { kind: "Role", name: "b" } },
      "cannot change roleRef",
    ],
    [
      "batch/v1 Job",
      { spec: { template } },
      { spec: { template: { spec: { hostname: "x" } } } },
      "spec.template: Invalid value",
    ],
    [
      "v1 PersistentVolumeClaim",
      { spec: { storageClassName: "a" } },
      { spec: { storageClassName: "b" } },
      "spec: Forbidden: spec is immutable after creation",
    ],
    [
      "discovery.k8s.io/v1 EndpointSlice",
      { addressType: "IPv4", endpoints: [] },
      { addressType: "IPv6" },
      'addressType: Invalid value: "IPv6": field is immutable',
    ],
  ])("%s: %j cannot become %j", (key, before, change, message) => {
    const [apiVersion = "", kind = ""] = key.split(" ");
    const of = { apiVersion, kind };
    const cluster = ["PriorityClass", "StorageClass"].includes(kind);
    const wanted = (verb: WriteVerb, body: Json): WriteRequest => {
      const { namespace: _namespace, ...rest } = request(verb, body, of);
      return cluster ? rest : { ...rest, namespace: "shop" };
    };
    const object = stored(undefined, wanted("create", { ...of, metadata: { name: "web" }, ...before }));
    expect(refusal(object, wanted("merge-patch", change))).toMatchObject({
      code: 422,
      message: expect.stringContaining(message),
    });
  });
});

describe("service addresses", () => {
  const free: ServiceAddresses = {
    refuseClusterIp: (address) => (address === "10.0.0.1" ? "provided IP is already allocated" : undefined),
    nextClusterIp: () => "10.0.0.9",
    refuseNodePort: (port) => (port === 30000 ? "provided port is already allocated" : undefined),
    nextNodePort: (taken) => [30001, 30002, 30003].find((each) => !taken.has(each)),
  };
  const given = { ...context, addresses: free };
  const create = (spec: JsonObject) => stored(undefined, request("create", service(spec), ofService), given);

  test("are given to what asks for none, and kept when an update leaves them out", () => {
    const created = create({ type: "LoadBalancer", externalTrafficPolicy: "Local" });
    expect(created["spec"]).toMatchObject({
      clusterIP: "10.0.0.9",
      clusterIPs: ["10.0.0.9"],
      ports: [{ nodePort: 30001 }],
      healthCheckNodePort: 30002,
      ipFamilies: ["IPv4"],
    });
    const replaced = stored(
      created,
      request("replace", service({ type: "LoadBalancer", externalTrafficPolicy: "Local" }), ofService),
      { ...context, addresses: { ...free, nextClusterIp: () => "10.0.0.10" } },
    );
    expect(replaced["spec"]).toEqual(created["spec"]);
  });

  test("go where the type has no use for them", () => {
    const created = create({ type: "NodePort" });
    const inner = stored(created, request("merge-patch", { spec: { type: "ClusterIP" } }, ofService), given);
    expect(inner["spec"]).toMatchObject({ clusterIP: "10.0.0.9" });
    expect(objectsAt(objectAt(inner, "spec"), "ports")[0]).not.toHaveProperty("nodePort");
    expect(objectAt(inner, "spec")).not.toHaveProperty("externalTrafficPolicy");
    const named = stored(
      created,
      request(
        "merge-patch",
        { spec: { type: "ExternalName", externalName: "example.com", ports: null } },
        ofService,
      ),
      given,
    );
    expect(objectAt(named, "spec")).not.toHaveProperty("clusterIP");
    expect(
      stored(
        named,
        request(
          "merge-patch",
          { spec: { type: "ClusterIP", externalName: null, ports: [{ port: 80 }] } },
          ofService,
        ),
        given,
      )["spec"],
    ).toMatchObject({ clusterIP: "10.0.0.9" });
  });

  test("one port under two protocols has one node port", () => {
    const ports = [
      { name: "a", port: 53, protocol: "UDP" },
      { name: "b", port: 53, protocol: "TCP" },
    ];
    expect(
      objectsAt(objectAt(create({ type: "NodePort", ports }), "spec"), "ports").map(
        (port) => port["nodePort"],
      ),
    ).toEqual([30001, 30001]);
  });

  test("headless services without a selector are dual-stack by default, and have no address", () => {
    expect(create({ clusterIP: "None" })["spec"]).toMatchObject({
      clusterIPs: ["None"],
      ipFamilyPolicy: "RequireDualStack",
      ipFamilies: ["IPv4", "IPv6"],
    });
    expect(create({ clusterIP: "None", selector: { a: "1" } })["spec"]).toMatchObject({
      ipFamilyPolicy: "SingleStack",
    });
  });

  test.each<[JsonObject, object]>([
    [
      { clusterIP: "10.0.0.1" },
      {
        code: 422,
        message:
          'Service "web" is invalid: spec.clusterIPs: Invalid value: ["10.0.0.1"]: failed to allocate IP 10.0.0.1: provided IP is already allocated',
      },
    ],
    [
      { type: "NodePort", ports: [{ port: 80, nodePort: 30000 }] },
      {
        code: 422,
        message:
          'Service "web" is invalid: spec.ports[0].nodePort: Invalid value: 30000: provided port is already allocated',
      },
    ],
    [
      { ipFamilyPolicy: "RequireDualStack", selector: { a: "1" } },
      {
        code: 422,
        message: expect.stringContaining("this cluster is not configured for dual-stack services"),
      },
    ],
    [
      { ipFamilies: ["IPv6"] },
      { code: 422, message: expect.stringContaining("not configured on this cluster") },
    ],
  ])("%j is refused", (spec, expected) => {
    expect(refusal(undefined, request("create", service(spec), ofService), given)).toMatchObject(expected);
  });

  test("run out", () => {
    const none = { ...context, addresses: { ...free, nextClusterIp: () => undefined } };
    expect(refusal(undefined, request("create", service({}), ofService), none)).toMatchObject({
      code: 500,
      message: "Internal error occurred: failed to allocate a serviceIP: range is full",
    });
  });
});

describe("whatever comes", () => {
  const verbs = fc.constantFrom<WriteVerb>(
    "create",
    "replace",
    "apply",
    "merge-patch",
    "json-patch",
    "strategic-merge-patch",
  );

  test("a write answers, and changes neither what is stored nor the body", () => {
    fc.assert(
      fc.property(verbs, fc.oneof(deployments, fc.jsonValue()), fc.boolean(), (verb, value, exists) => {
        const body: Json = JSON.parse(JSON.stringify(value));
        const [before, given] = [JSON.stringify(live), JSON.stringify(body)];
        const result = writeObject(exists ? live : undefined, request(verb, body), context);
        expect(["stored", "refused"]).toContain(result.kind);
        expect([JSON.stringify(live), JSON.stringify(body)]).toEqual([before, given]);
      }),
    );
  });

  test("what is stored, stored again, changes nothing", () => {
    fc.assert(
      fc.property(deployments, (object) => {
        const body = {
          ...object,
          spec: { ...deployment.spec, replicas: objectAt(object, "spec")?.["replicas"] ?? 1 },
        };
        const first = writeObject(undefined, request("apply", body), context);
        if (first.kind === "refused") return;
        expect(writeObject(first.object, request("replace", first.object), context)).toMatchObject({
          changed: false,
        });
        expect(writeObject(first.object, request("apply", body), context)).toMatchObject({ changed: false });
      }),
    );
  });
});
