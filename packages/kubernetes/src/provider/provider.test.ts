import { type JsonObject, Secret, type ResourceRecord, type Transport, type ValueObject } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { openLocalCloud } from "@berth/local";
import { describe, expect, test } from "vitest";
import { fieldManager } from "./api-client.ts";
import { kubernetesProvider } from "./provider.ts";

const cluster = "urn:berth:dev:shop::azure:ManagedCluster::store";
const urn = "urn:berth:dev:shop::kubernetes:ConfigMap::settings";
const type = "kubernetes:ConfigMap";
const id = "v1 ConfigMap default/settings";
const path = "/api/v1/namespaces/default/configmaps/settings";

const ownership = { project: "shop", stack: "dev", urn, operationKey: "key-1" };
const settings = (data: ValueObject, metadata: ValueObject = {}): ValueObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", ...metadata },
  data,
});
const record: ResourceRecord = {
  urn,
  type,
  provider: "kubernetes",
  id,
  inputs: {},
  outputs: {},
  operationKey: "key-1",
  assigned: {},
  dependencies: [],
  references: {},
  protect: false,
};
const createOf = (inputs: ValueObject, operationKey = "key-1") => ({
  urn,
  type,
  inputs,
  ownership: { ...ownership, operationKey },
  cluster,
});
const updateOf = (inputs: ValueObject) => ({ ...createOf(inputs), id, recorded: record });

/** The provider over a local cluster; `meddle` stands between the two, as a network does. */
async function start(
  meddle: (request: Request, send: Transport) => Promise<Response> = (r, send) => send(r),
) {
  const cloud = await openLocalCloud({ memory: true });
  const { server, token } = cloud.startCluster({
    id: "store",
    host: "store.example",
    kubernetes: "1.36",
    flavour: "upstream",
    serviceRange: "10.0.0.0/16",
  });
  const send: Transport = (request) => {
    request.headers.set("authorization", `Bearer ${token}`);
    return cloud.transport(request);
  };
  const requests: string[] = [];
  const transport: Transport = (request) => {
    requests.push(`${request.method} ${request.url.slice(server.length)}`);
    return meddle(request, send);
  };
  const waits: number[] = [];
  const provider = kubernetesProvider({
    connect: async (of) => (of === cluster ? { server, transport } : undefined),
    wait: async (seconds) => void waits.push(seconds),
  });
  const answer = async (method: string, to: string, body?: object, contentType = "application/json") => {
    const headers = { "content-type": contentType };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await send(new Request(server + to, { method, headers, ...content }));
    return (await response.json()) as { readonly [key: string]: unknown };
  };
  /** Server-side apply by somebody else. */
  const applyAs = (manager: string, to: string, body: object) =>
    answer("PATCH", `${to}?fieldManager=${manager}&force=true`, body, "application/apply-patch+yaml");
  return { provider, requests, waits, answer, applyAs };
}

async function problemOf(run: Promise<unknown>) {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!BerthError.is(error)) throw new Error(`no coded error but ${String(error)}`);
  expect(error.problems).toHaveLength(1);
  return error.problems[0];
}

describe("create", () => {
  test("looks, then applies without force, and says whose it is", async () => {
    const { provider, requests, answer } = await start();
    expect(await provider.create(createOf(settings({ colour: "red" })))).toEqual({ id, outputs: {} });
    expect(requests).toEqual([
      `GET ${path}`,
      `PATCH ${path}?fieldManager=${fieldManager}&fieldValidation=Strict`,
    ]);
    expect(await answer("GET", path)).toMatchObject({
      data: { colour: "red" },
      metadata: {
        annotations: {
          "berth.dev/owner": JSON.stringify({ operation: "key-1", project: "shop", stack: "dev", urn }),
        },
        managedFields: [{ manager: "berth", operation: "Apply" }],
      },
    });
  });

  test("sends a secret, which only the request sees", async () => {
    const { provider, answer } = await start();
    const created = await provider.create(createOf(settings({ password: new Secret("hunter2") })));
    expect(JSON.stringify(created)).not.toContain("hunter2");
    expect(await answer("GET", path)).toMatchObject({ data: { password: "hunter2" } });
  });

  test.each<[string, (provider: Awaited<ReturnType<typeof start>>) => Promise<unknown>]>([
    ["somebody else", ({ applyAs }) => applyAs("helm", path, settings({ colour: "blue" }))],
    [
      "another create of this stack",
      ({ provider }) => provider.create(createOf(settings({ colour: "blue" }), "key-0")),
    ],
  ])("refuses what %s made, and leaves it alone", async (_, make) => {
    const cloud = await start();
    await make(cloud);
    const before = await cloud.answer("GET", path);
    expect(await problemOf(cloud.provider.create(createOf(settings({ colour: "red" }))))).toMatchObject({
      code: "BERTH5101",
      resource: urn,
      message: expect.stringContaining(id),
    });
    expect(await cloud.answer("GET", path)).toEqual(before);
  });

  test("takes over what somebody else made where it is told to, whoever owns the fields", async () => {
    const { provider, answer, applyAs } = await start();
    await applyAs("helm", path, settings({ colour: "blue", size: "1" }));
    const result = await provider.create({ ...createOf(settings({ colour: "red" })), adopt: true });
    expect(result.id).toBe(id);
    expect(await answer("GET", path)).toMatchObject({
      data: { colour: "red", size: "1" },
      metadata: { annotations: { "berth.dev/owner": expect.stringContaining("key-1") as string } },
    });
    await provider.delete({ urn, type, id, cluster, recorded: record });
  });

  test("takes over nothing that another stack made", async () => {
    const { provider, answer } = await start();
    const theirs = createOf(settings({ colour: "blue" }), "key-0");
    await provider.create({ ...theirs, ownership: { ...theirs.ownership, stack: "prod" } });
    const attempt = provider.create({ ...createOf(settings({ colour: "red" })), adopt: true });
    expect(await problemOf(attempt)).toMatchObject({
      code: "BERTH5111",
      message: `${id} belongs to another stack`,
    });
    expect(await answer("GET", path)).toMatchObject({ data: { colour: "blue" } });
  });

  test("whose answer was lost is made once: asked again, it finds its own", async () => {
    let lost = false;
    const { provider, answer } = await start(async (request, send) => {
      const response = await send(request);
      if (request.method !== "PATCH" || lost) return response;
      lost = true;
      throw new TypeError("fetch failed");
    });
    const request = createOf(settings({ colour: "red" }));
    expect(await problemOf(provider.create(request))).toMatchObject({ code: "BERTH5104", resource: urn });
    const first = await answer("GET", path);
    const { id: _, ...search } = updateOf(request.inputs);
    expect(await provider.read(search)).toMatchObject({ id, ours: true });
    expect(await provider.create(request)).toEqual({ id, outputs: {} });
    expect((await answer("GET", path))["metadata"]).toMatchObject({
      uid: (first["metadata"] as { uid: string }).uid,
    });
  });

  test("says so where somebody comes between its look and its write", async () => {
    const cloud = await start(async (request, send) => {
      if (request.method === "PATCH") await cloud.applyAs("helm", path, settings({ size: "1" }));
      return send(request);
    });
    expect(await problemOf(cloud.provider.create(createOf(settings({ colour: "red" }))))).toMatchObject({
      code: "BERTH5106",
      resource: urn,
    });
  });

  test("of an object that the API server refuses names the field in its words", async () => {
    const { provider } = await start();
    const wrong = settings({ colour: "red" }, { name: "Not a name" });
    expect(await problemOf(provider.create(createOf(wrong)))).toMatchObject({
      code: "BERTH5103",
      resource: urn,
      path: "metadata.name",
      message: expect.stringContaining("is invalid"),
    });
  });

  test("of a load balancer waits for its address, which is its output", async () => {
    const { provider, waits } = await start();
    const inputs = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }] },
    };
    const { outputs } = await provider.create(createOf(inputs));
    expect(outputs).toEqual({
      status: { loadBalancer: { ingress: [{ ip: expect.any(String), ipMode: "VIP" }] } },
    });
    expect(waits).toEqual([]);
  });
});

describe("update", () => {
  test("of a load balancer gives up once the address is ten minutes late", async () => {
    const { provider, waits } = await start(async (request, send) => {
      const response = await send(request);
      const body = (await response.json()) as object;
      return Response.json({ ...body, status: { loadBalancer: {} } }, { status: response.status });
    });
    const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
    const inputs = { apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec };
    expect(await problemOf(provider.create(createOf(inputs)))).toMatchObject({ code: "BERTH5107" });
    waits.length = 0;
    const problem = await problemOf(provider.update({ ...updateOf(inputs), id: "v1 Service default/web" }));
    expect(problem).toMatchObject({ code: "BERTH5107", resource: urn });
    expect(waits.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(600);

    waits.length = 0;
    await problemOf(provider.update({ ...updateOf(inputs), id: "v1 Service default/web", timeout: 20 }));
    expect(waits, "or once the program's own time is over").toEqual([5, 5, 5]);
  });

  test("changes what differs and takes away what is left out", async () => {
    const { provider, answer } = await start();
    await provider.create(createOf(settings({ colour: "red", size: "1" })));
    expect(await provider.update(updateOf(settings({ colour: "blue" })))).toEqual({ id, outputs: {} });
    expect((await answer("GET", path))["data"]).toEqual({ colour: "blue" });
  });

  test("a field of somebody else is named with its owner, and never forced", async () => {
    const { provider, requests, applyAs, answer } = await start();
    await provider.create(createOf(settings({ colour: "red" })));
    await applyAs("gardener", path, { apiVersion: "v1", kind: "ConfigMap", data: { colour: "green" } });
    expect(await problemOf(provider.update(updateOf(settings({ colour: "blue" }))))).toMatchObject({
      code: "BERTH5102",
      resource: urn,
      path: "data.colour",
      message: expect.stringContaining("gardener"),
    });
    expect((await answer("GET", path))["data"]).toEqual({ colour: "green" });
    expect(requests.filter((each) => each.includes("force"))).toEqual([]);
  });

  test("a field of somebody else is taken back where the record says what they wrote: it was shown", async () => {
    const { provider, applyAs, answer } = await start();
    await provider.create(createOf(settings({ colour: "red" })));
    await applyAs("gardener", path, { apiVersion: "v1", kind: "ConfigMap", data: { colour: "green" } });
    const seen = (colour: string) => ({
      ...updateOf(settings({ colour: "blue" })),
      recorded: { ...record, inputs: settings({ colour }) as JsonObject },
    });
    expect(await problemOf(provider.update(seen("red")))).toMatchObject({ code: "BERTH5102" });
    await provider.update(seen("green"));
    expect((await answer("GET", path))["data"]).toEqual({ colour: "blue" });
  });

  test("a field that the program newly sets is not taken from whoever has it", async () => {
    const { provider, applyAs } = await start();
    await provider.create(createOf(settings({ colour: "red" })));
    await applyAs("gardener", path, { apiVersion: "v1", kind: "ConfigMap", data: { flower: "rose" } });
    const recorded = { ...record, inputs: settings({ colour: "red" }) as JsonObject };
    const update = { ...updateOf(settings({ colour: "red", flower: "tulip" })), recorded };
    expect(await problemOf(provider.update(update))).toMatchObject({ code: "BERTH5102" });
  });

  test("makes nothing of what is gone, also where it goes at this very moment", async () => {
    const { provider, answer, requests } = await start();
    expect(await problemOf(provider.update(updateOf(settings({}))))).toMatchObject({ code: "BERTH5110" });
    expect(requests).toEqual([`GET ${path}`]);
    expect(await answer("GET", path)).toMatchObject({ reason: "NotFound" });

    let vanish = async (): Promise<unknown> => undefined;
    const racing = await start(async (request, send) => {
      if (request.method === "PATCH" && request.url.includes("fieldManager=berth")) await vanish();
      return send(request);
    });
    await racing.provider.create(createOf(settings({ colour: "red" })));
    vanish = () => racing.answer("DELETE", path);
    const update = racing.provider.update(updateOf(settings({ colour: "blue" })));
    expect(await problemOf(update)).toMatchObject({ code: "BERTH5106" });
    expect(await racing.answer("GET", path)).toMatchObject({ reason: "NotFound" });
  });

  test("what others own beside ours stays", async () => {
    const { provider, applyAs, answer } = await start();
    await provider.create(createOf(settings({ colour: "red" })));
    await applyAs("gardener", path, { apiVersion: "v1", kind: "ConfigMap", data: { flower: "rose" } });
    await provider.update(updateOf(settings({ colour: "blue" })));
    expect((await answer("GET", path))["data"]).toEqual({ colour: "blue", flower: "rose" });
  });
});

test("delete is done once: what is gone already is fine", async () => {
  const { provider, answer } = await start();
  await provider.create(createOf(settings({})));
  const request = { urn, type, id, recorded: record, cluster };
  await provider.delete(request);
  expect(await answer("GET", path)).toMatchObject({ reason: "NotFound" });
  await provider.delete(request);
});

describe("what was made anew under the name", () => {
  const anew = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { by: "hand" } };
  const collection = "/api/v1/namespaces/default/configmaps";
  const request = { urn, type, id, recorded: record, cluster };

  test("is not deleted, whether it carries no mark or another's", async () => {
    const { provider, answer } = await start();
    await provider.create(createOf(settings({ colour: "red" })));
    await answer("DELETE", path);
    await answer("POST", collection, anew);
    expect(await problemOf(provider.delete(request))).toMatchObject({ code: "BERTH5111", resource: urn });
    await answer("DELETE", path);
    await provider.create(createOf(settings({ colour: "green" }), "another"));
    expect(await problemOf(provider.delete(request))).toMatchObject({ code: "BERTH5111" });
    expect((await answer("GET", path))["data"]).toEqual({ colour: "green" });
  });

  test("is not deleted where it comes between the look and the deletion", async () => {
    let replace = async (): Promise<unknown> => undefined;
    const { provider, answer } = await start(async (each, send) => {
      if (each.method === "DELETE") await replace();
      return send(each);
    });
    await provider.create(createOf(settings({ colour: "red" })));
    replace = async () => {
      await answer("DELETE", path);
      await answer("POST", collection, anew);
    };
    expect(await problemOf(provider.delete(request))).toMatchObject({ code: "BERTH5106" });
    expect((await answer("GET", path))["data"]).toEqual({ by: "hand" });
  });

  test("is not updated where it is another stack's, unless it is taken over", async () => {
    const { provider, answer } = await start();
    await provider.create(createOf(settings({ colour: "red" }), "another"));
    const update = updateOf(settings({ colour: "red" }));
    expect(await problemOf(provider.update(update))).toMatchObject({ code: "BERTH5111" });
    await provider.update({ ...update, adopt: true });
    expect(await provider.read(update)).toMatchObject({ ours: true });
    expect((await answer("GET", path))["data"]).toEqual({ colour: "red" });
  });
});

test("what was moved carries its old URN, and is ours by its operation key", async () => {
  const { provider } = await start();
  await provider.create(createOf(settings({})));
  const moved = {
    ...updateOf(settings({})),
    ownership: { ...ownership, urn: "urn:elsewhere", stack: "new" },
  };
  expect(await provider.read(moved)).toMatchObject({ ours: true });
  await provider.update(moved);
});

test("read tells whose an object is by its operation key, and nothing of what is not there", async () => {
  const { provider } = await start();
  const request = updateOf(settings({ colour: "red" }));
  expect(await provider.read(request)).toBeUndefined();
  await provider.create(createOf(settings({ colour: "red" })));
  expect(await provider.read(request)).toMatchObject({ id, ours: true, inputs: { data: { colour: "red" } } });
  const other = { ...request, ownership: { ...ownership, operationKey: "key-2" } };
  expect(await provider.read(other)).toMatchObject({ id, ours: false });
});

test("a cluster that nothing knows is named", async () => {
  const { provider } = await start();
  const request = { ...createOf(settings({})), cluster: "urn:elsewhere" };
  expect(await problemOf(provider.create(request))).toMatchObject({
    code: "BERTH5105",
    resource: urn,
    message: expect.stringContaining("urn:elsewhere"),
  });
});

test("a proxy's page is no answer of a cluster", async () => {
  const { provider } = await start(async () => new Response("<html>", { status: 200 }));
  expect(await problemOf(provider.create(createOf(settings({}))))).toMatchObject({ code: "BERTH5104" });
});

describe("observe", () => {
  const { cluster: _, ...clusterRecord } = { ...record, urn: cluster, cluster: undefined };

  test("lists by kind in order of creation, with the parts of a stateful set that only it knows", async () => {
    const { provider, applyAs } = await start();
    for (const name of ["zebra", "apple"]) {
      const labels = { app: name };
      const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "c:1" }] } };
      const claim = {
        metadata: { name: "disk" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      };
      await applyAs("test", `/apis/apps/v1/namespaces/default/statefulsets/${name}`, {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name },
        spec: {
          serviceName: name,
          selector: { matchLabels: labels },
          template,
          volumeClaimTemplates: [claim],
        },
      });
    }
    const snapshot = await provider.observe?.(clusterRecord);
    expect(snapshot?.cluster).toBe(cluster);
    const namesOf = (kind: string) =>
      snapshot?.objects
        .filter((each) => each["kind"] === kind)
        .map((each) => (each["metadata"] as { name: string }).name.replace(/-\w{8,10}$/, "-#"));
    expect(namesOf("StatefulSet")).toEqual(["zebra", "apple"]);
    expect(namesOf("Pod")).toEqual(["zebra-0", "apple-0"]);
    expect(namesOf("ControllerRevision")).toEqual(["zebra-#", "apple-#"]);
    expect(namesOf("PersistentVolumeClaim")).toEqual(["disk-zebra-0", "disk-apple-0"]);
  });

  test("holds neither config maps nor what changes without meaning, and is the same again", async () => {
    const { provider } = await start();
    await provider.create(createOf(settings({ password: "hunter2" })));
    const snapshot = JSON.stringify(await provider.observe?.(clusterRecord));
    expect(snapshot).not.toMatch(/hunter2|resourceVersion|managedFields|creationTimestamp/);
    expect(JSON.stringify(await provider.observe?.(clusterRecord))).toBe(snapshot);
  });
});
