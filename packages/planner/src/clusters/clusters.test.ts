import { describe, expect, test } from "vitest";
import { type JsonObject, secret } from "@berth/core";
import type { ClusterPlan, Plan } from "../plan.ts";
import { Cluster, KubernetesObject, Pool, service, workload } from "../testing/cloud.ts";
import { changeLines, graphOf, stepLines, TestStack } from "../testing/stack.ts";

const clusterUrn = "urn:berth:dev:shop::acme:Cluster::store";

interface Shape {
  readonly user?: number;
  readonly web?: number;
  readonly image?: string;
  readonly cpu?: string;
  readonly price?: number;
  readonly objects?: Readonly<Record<string, JsonObject>>;
}

const store =
  ({ user = 2, web = 2, image = "v1", cpu = "500m", price, objects = {} }: Shape = {}) =>
  () => {
    const cluster = new Cluster("store", { name: "store" });
    const pool = new Pool("user", {
      cluster: cluster.id,
      name: "user",
      count: user,
      zones: ["a", "b"],
      ...(price !== undefined && { price }),
    });
    const all = {
      web: workload("Deployment", "web", { replicas: web, image, cpu }),
      "web-service": service("web"),
      ...objects,
    };
    for (const [name, object] of Object.entries(all)) new KubernetesObject(name, object as never);
    return { pool: pool.id };
  };

const only = (plan: Plan): ClusterPlan => {
  expect(plan.clusters).toHaveLength(1);
  return plan.clusters[0]!;
};
const placementLines = (plan: Plan, system = false): readonly string[] =>
  only(plan)
    .placement.filter((each) => each.system === system)
    .map(({ change, pods, node, from, certainty }) =>
      [
        change,
        pods.join("+"),
        from === undefined ? "on" : `from ${from} to`,
        node,
        ...(certainty ? [certainty] : []),
      ].join(" "),
    );
const serviceLines = (plan: Plan): readonly string[] =>
  only(plan).services.map(
    ({ change, service: name, clusterIP, endpoints, endpointsBefore }) =>
      `${change} ${name} ${clusterIP} ${endpointsBefore}: ${endpoints.map((each) => `${each.change} ${each.pod}`).join(", ")}`,
  );
const problemLines = (plan: Plan): readonly string[] =>
  plan.problems.map(({ severity, code, path, message, hint }) =>
    [severity, code, path, message, hint].filter(Boolean).join(" | "),
  );

describe("a new cluster", () => {
  test("is planned offline: nodes, pods, services, addresses", async () => {
    const plan = await new TestStack().preview(store());
    expect(plan.problems).toEqual([]);
    expect(stepLines(plan)).toEqual([
      "1 create store",
      "2 create user after 1",
      "3 create web after 2",
      "4 create web-service after 3",
    ]);
    const cluster = only(plan);
    expect(cluster).toMatchObject({
      cluster: clusterUrn,
      name: "store",
      kubernetes: "1.36",
      flavour: "upstream",
      observed: "synthesised",
      change: "new",
      unknown: [],
      unplaced: [],
      stuck: [],
    });
    expect(
      cluster.nodes.map(({ name, pool, shape, zone, change, limiting, pods }) => [
        name,
        pool,
        shape,
        zone,
        change,
        limiting,
        pods.after,
      ]),
    ).toEqual([
      ["system#1", "system", "vm-2", "a", "new", "cpu", 1],
      ["user#1", "user", "vm-4", "a", "new", "cpu", 2],
      ["user#2", "user", "vm-4", "b", "new", "cpu", 2],
    ]);
    expect(placementLines(plan)).toEqual(["new web#1 on user#1 tied", "new web#2 on user#2 unique"]);
    expect(placementLines(plan, true)).toEqual([
      "new agent#1 on system#1 forced",
      "new agent#2 on user#1 forced",
      "new agent#3 on user#2 forced",
    ]);
    expect(cluster.placement[0]).toMatchObject({
      resource: "urn:berth:dev:shop::acme:KubernetesObject::web",
      workload: "default/Deployment/web",
      zone: "a",
      best: ["user#1", "user#2"],
    });
    expect(serviceLines(plan)).toEqual(["new default/web 10.0.0.2 0: new web#1, new web#2"]);
    expect(cluster.services[0]?.ports).toEqual([
      { protocol: "TCP", port: 80, targetPort: "http", resolved: [8080] },
    ]);
    expect(plan.changes.find((each) => each.name === "web-service")?.assigned).toEqual({
      "spec.clusterIP": "10.0.0.2",
    });
    expect(plan.summary).toMatchObject({
      pods: { new: 2, unplaced: 0 },
      systemPods: { new: 3 },
      predictedFailures: 0,
    });
  });

  test("that was applied and cannot be observed is synthesised from the record, and nothing changes", async () => {
    const stack = new TestStack();
    await stack.up(store());
    const plan = await stack.preview(store());
    expect(plan.changes).toEqual([]);
    expect(only(plan)).toMatchObject({ observed: "synthesised", change: "stays" });
    expect(placementLines(plan)).toEqual(["stays web#1 on user#1", "stays web#2 on user#2"]);
    expect(serviceLines(plan)).toEqual(["stays default/web 10.0.0.2 2: stays web#1, stays web#2"]);
    expect(plan.summary).toMatchObject({ pods: { new: 0, staying: 2 }, systemPods: { staying: 3 } });
  });

  test("goes with everything on it", async () => {
    const stack = new TestStack();
    await stack.up(store());
    const plan = stack.destroy(await graphOf(store()));
    expect(stepLines(plan)).toEqual([
      "1 delete web-service",
      "2 delete web after 1",
      "3 delete user after 2",
      "4 delete store after 3",
    ]);
    expect(only(plan)).toMatchObject({ change: "gone", placement: expect.any(Array) });
    expect(plan.summary).toMatchObject({ pods: { gone: 2, staying: 0 }, systemPods: { gone: 3 } });
    expect(serviceLines(plan)).toEqual(["gone default/web 10.0.0.2 2: gone web#1, gone web#2"]);
    expect(stack.state.resources).toEqual([]);
  });
});

describe("edits", () => {
  const edit = async (after: Shape, before: Shape = {}): Promise<Plan> => {
    const stack = new TestStack();
    await stack.up(store(before));
    return stack.preview(store(after));
  };

  test("more replicas: what runs stays, and new pods are counted from one", async () => {
    const plan = await edit({ web: 3 });
    expect(changeLines(plan)).toEqual(["will update web: spec.replicas"]);
    // In a cluster that is observed the pods that stay have their own names.
    expect(placementLines(plan)).toEqual([
      "stays web#1 on user#1",
      "stays web#2 on user#2",
      "new web#3 on system#1 unique",
    ]);
    expect(serviceLines(plan)).toEqual([
      "changed default/web 10.0.0.2 2: stays web#1, stays web#2, new web#3",
    ]);
  });

  test("a new image replaces pods one after the other", async () => {
    const plan = await edit({ image: "v2" });
    expect(changeLines(plan)).toEqual(["will update web: spec.template.spec.containers[0].image"]);
    expect(plan.summary.pods).toEqual({ new: 2, moved: 0, gone: 2, staying: 0, unplaced: 0 });
    expect(
      only(plan)
        .services[0]?.endpoints.map((each) => each.change)
        .toSorted(),
    ).toEqual(["gone", "gone", "new", "new"]);
  });

  test("pulumi-azure#467: another number of nodes changes that pool and nothing else", async () => {
    const plan = await edit({ user: 3 });
    expect(changeLines(plan)).toEqual(["will update user: count"]);
    expect(stepLines(plan)).toEqual(["1 update user"]);
    expect(placementLines(plan)).toEqual(["stays web#1 on user#1", "stays web#2 on user#2"]);
    expect(only(plan).nodes.map(({ name, change, zone }) => [name, change, zone])).toEqual([
      ["system#1", "stays", "a"],
      ["user#1", "stays", "a"],
      ["user#2", "stays", "b"],
      ["user#3", "new", "a"],
    ]);
  });

  test("fewer nodes move the pods of the one that goes, after everything else", async () => {
    const plan = await edit({ user: 1, web: 3 });
    expect(stepLines(plan)).toEqual(["1 update web", "2 update user after 1"]);
    expect(placementLines(plan)).toContainEqual(expect.stringMatching(/^moved web#\d from user#2 to /));
    expect(plan.summary.pods).toMatchObject({ moved: 1, gone: 0, unplaced: 0 });
    expect(only(plan).nodes.at(-1)).toMatchObject({
      name: "user#2",
      change: "gone",
      pods: { before: 2, after: 0 },
    });
  });

  test("one service more changes no other's address", async () => {
    const stack = new TestStack();
    await stack.up(store());
    // Sorted before the one that has its address already.
    const plan = await stack.preview(
      store({ objects: { api: workload("Deployment", "api"), "a-service": service("api") } }),
    );
    expect(changeLines(plan)).toEqual(["will create api", "will create a-service"]);
    expect(plan.changes[1]?.assigned).toEqual({ "spec.clusterIP": "10.0.0.3" });
  });

  test("an address that was written in the program stays when it is not written any more", async () => {
    const own = (address?: string) =>
      store({
        objects: {
          own: {
            ...service("web", address === undefined ? {} : { clusterIP: address }),
            metadata: { name: "own", namespace: "default" },
          },
        },
      });
    const stack = new TestStack();
    await stack.up(own("10.0.0.77"));
    expect((await stack.preview(own())).changes).toEqual([]);
    expect(changeLines(await stack.preview(own("10.0.0.78")))).toEqual(["will update own: spec.clusterIP"]);
  });

  test("a service that has its address from the cluster keeps it", async () => {
    const stack = new TestStack();
    await stack.up(store());
    const withoutAddresses = stack.state.resources.map((record) => {
      const { clusterIP: _, ...spec } = (record.inputs["spec"] ?? {}) as JsonObject;
      return record.inputs["kind"] === "Service"
        ? { ...record, assigned: {}, inputs: { ...record.inputs, spec } }
        : record;
    });
    stack.state = { ...stack.state, resources: withoutAddresses };
    expect((await stack.preview(store())).changes).toEqual([]);
  });

  test("a service's own address is not touched, and a headless one gets none", async () => {
    const plan = await new TestStack().preview(
      store({
        objects: {
          own: {
            ...service("web", { clusterIP: "10.0.0.2" }),
            metadata: { name: "own", namespace: "default" },
          },
          headless: {
            ...service("web", { clusterIP: "None" }),
            metadata: { name: "headless", namespace: "default" },
          },
        },
      }),
    );
    expect(plan.changes.map((each) => Object.values(each.assigned)).flat()).toEqual(["10.0.0.3"]);
  });

  test("a cluster that is replaced takes everything on it along", async () => {
    const stack = new TestStack();
    await stack.up(store());
    const other = () => {
      const cluster = new Cluster("store", { name: "store", range: "10.1.0.0/16" });
      new Pool("user", { cluster: cluster.id, name: "user", count: 2, zones: ["a", "b"] });
      new KubernetesObject("web", workload("Deployment", "web", { replicas: 2 }) as never);
      new KubernetesObject("web-service", service("web") as never);
    };
    const plan = await stack.preview(other);
    expect(changeLines(plan)).toEqual([
      "will replace web (cluster)",
      "will replace web-service (cluster): spec.clusterIP",
      "will replace user (upstream): ~cluster!",
      "will replace store: range!",
    ]);
    expect(stepLines(plan)).toEqual([
      "1 delete web",
      "2 delete web-service after 1",
      "3 delete user after 2",
      "4 delete store after 3",
      "5 create store after 4",
      "6 create user after 3 5",
      "7 create web after 1 6",
      "8 create web-service after 2 7",
    ]);
    expect(only(plan)).toMatchObject({ change: "replaced" });
    expect(plan.summary.pods).toMatchObject({ new: 2, gone: 2 });
    expect(plan.changes[1]?.assigned).toEqual({ "spec.clusterIP": "10.1.0.2" });
    await stack.up(other);
    expect((await stack.preview(other)).steps).toEqual([]);
  });
});

describe("what does not fit", () => {
  test("is told with the scheduler's message, node by node, and is a predicted failure", async () => {
    const plan = await new TestStack().preview(store({ web: 4, cpu: "3" }));
    const [group] = only(plan).unplaced;
    expect(group).toMatchObject({
      workload: "default/Deployment/web",
      system: false,
      pods: ["web#3", "web#4"],
      message: expect.stringContaining("0/3 nodes are available: 3 Insufficient cpu."),
    });
    expect(group?.nodes[0]).toMatchObject({
      node: "system#1",
      plugin: "NodeResourcesFit",
      reasons: ["Insufficient cpu"],
      shortages: [{ resource: "cpu", requested: 3000, used: 100, capacity: 2000, shortBy: 1100 }],
    });
    expect(plan.summary).toMatchObject({ predictedFailures: 1, pods: { new: 2, unplaced: 2 } });
    expect(plan.problems.map(({ code, severity, site }) => [code, severity, site?.file])).toEqual([
      ["BERTH3201", "warning", "shop.ts"],
    ]);
  });

  test("a pod that is larger than any node", async () => {
    const plan = await new TestStack().preview(store({ web: 1, cpu: "5" }));
    expect(problemLines(plan)).toEqual([
      expect.stringMatching(/^warning \| BERTH3201 \| web#1 without a node: 0\/3 nodes/),
      "warning | BERTH3203 | a pod of default/Deployment/web requests 5000m of cpu, and the largest node, user#1, gives 4000m",
    ]);
  });

  test("comes with the smallest change that places it, and its price", async () => {
    const remedyOf = async (shape: Shape) => {
      const plan = await new TestStack().preview(store(shape));
      return only(plan).unplaced.map(({ pods, remedy }) => [pods.join("+"), remedy]);
    };
    expect(await remedyOf({ web: 4, cpu: "3", price: 70.08 })).toEqual([
      ["web#3+web#4", { kind: "more-nodes", pool: "user", nodes: 2, pods: 2, monthly: 140.16 }],
    ]);
    // A new node runs a daemon pod of 100m first.
    expect(await remedyOf({ web: 1, cpu: "4" })).toEqual([
      [
        "web#1",
        {
          kind: "smaller-request",
          node: "user#1",
          less: [{ resource: "cpu", amount: 100 }],
          pods: 1,
        },
      ],
    ]);
    const objects = { gpu: workload("Deployment", "gpu", { pod: { nodeSelector: { gpu: "yes" } } }) };
    expect(await remedyOf({ objects })).toEqual([
      ["gpu#1", { kind: "refused", reasons: ["every node: has no label gpu=yes"] }],
    ]);
  });

  test("a rollout whose additional pod has no room gets stuck", async () => {
    const stack = new TestStack();
    await stack.up(store({ web: 2, cpu: "3" }));
    const plan = await stack.preview(store({ web: 2, cpu: "3", image: "v2" }));
    expect(problemLines(plan)).toEqual([
      expect.stringMatching(/BERTH3201/),
      "warning | BERTH3202 | the rollout of default/Deployment/web stops at 1 of 2 pods, waiting for web#3",
    ]);
    expect(only(plan).stuck).toEqual([
      {
        workload: "default/Deployment/web",
        system: false,
        resource: expect.any(String),
        desired: 2,
        updated: 1,
        ready: 2,
        unplaced: ["web#3"],
      },
    ]);
    expect(plan.summary.predictedFailures).toBe(2);
  });
});

describe("absurd input", () => {
  test("a quantity that nobody can read is a problem of the resource that has it", async () => {
    const plan = await new TestStack().preview(store({ cpu: "a lot" }));
    expect(plan.problems.map(({ severity, resource, site }) => [severity, resource, site?.file])).toEqual([
      ["error", "urn:berth:dev:shop::acme:KubernetesObject::web", "shop.ts"],
    ]);
    expect(plan.changes).toHaveLength(4);
  });

  test.each([
    [
      "a service without ports",
      {
        s: { apiVersion: "v1", kind: "Service", metadata: { name: "s" }, spec: { selector: { app: "web" } } },
      },
    ],
    ["a service without a spec", { s: { apiVersion: "v1", kind: "Service", metadata: { name: "s" } } }],
    ["an object without a name", { s: { apiVersion: "v1", kind: "ConfigMap", metadata: {} } }],
    [
      "a kind that nobody knows",
      {
        s: {
          apiVersion: "example.com/v1",
          kind: "Thing",
          metadata: { name: "s" },
          spec: { replicas: "three" },
        },
      },
    ],
    [
      "a workload without a template",
      { s: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "s" }, spec: { replicas: 0 } } },
    ],
  ] satisfies [string, Record<string, JsonObject>][])("%s", async (_, objects) => {
    const plan = await new TestStack().preview(store({ objects }));
    expect(plan.changes).toHaveLength(5);
    expect(only(plan).placement.length).toBeGreaterThan(0);
  });

  test("pools without nodes, and fewer than none", async () => {
    for (const user of [0, -1]) {
      const plan = await new TestStack().preview(store({ user }));
      expect(only(plan).nodes.map(({ name }) => name)).toEqual(["system#1"]);
    }
  });
});

describe("secrets", () => {
  const program = (password: string) => () => {
    store()();
    const env = {
      containers: [{ name: "db", image: "db:1", env: [{ name: "PASSWORD", value: secret(password) }] }],
    };
    const labels = { app: secret(password) };
    const spec = { selector: { matchLabels: { app: "db" } }, template: { metadata: { labels }, spec: env } };
    new KubernetesObject("db", {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "db" },
      spec,
    });
    const selecting = { selector: { app: secret(`${password}?`) }, ports: [{ port: 80 }] };
    new KubernetesObject("s", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s" },
      spec: selecting,
    });
  };

  test("roll pods out when they change, and nothing tells what they are", async () => {
    const stack = new TestStack();
    const first = await stack.up(program("hunter2"));
    expect((await stack.preview(program("hunter2"))).summary.pods).toMatchObject({ new: 0, gone: 0 });
    const second = await stack.preview(program("hunter3"));
    expect(second.summary.pods).toMatchObject({ new: 1, gone: 1 });
    expect(only(second).services.find((each) => each.service === "default/s")?.selector).toBe("app=[secret]");
    expect(JSON.stringify([first, second])).not.toMatch(/hunter|\[secret [0-9a-f]/);
  });
});

describe("wiring", () => {
  const wired = async (
    spec: JsonObject,
    options: { silence?: string[] } = {},
  ): Promise<readonly string[]> => {
    const plan = await new TestStack().preview(() => {
      store()();
      new KubernetesObject("s", { ...service("web", spec), metadata: { name: "s" } } as never, options);
    });
    return problemLines(plan);
  };

  test("a service that selects nothing", async () => {
    expect(await wired({ selector: { app: "wbe" } })).toEqual([
      "error | BERTH3101 | spec.selector | no pod in namespace default has the labels app=wbe | Deployment web has app=web",
    ]);
    expect(await wired({ selector: { app: "wbe" } }, { silence: ["BERTH3101"] })).toEqual([]);
  });

  test("a named target port that no container has", async () => {
    expect(await wired({ ports: [{ port: 80, targetPort: "htp" }] })).toEqual([
      'error | BERTH3102 | spec.ports[0].targetPort | no container of Deployment web has a TCP port named "htp" | did you mean "http"?',
    ]);
    expect(await wired({ ports: [{ port: 80, targetPort: "http", protocol: "UDP" }] })).toHaveLength(1);
  });

  test("a numeric target port that no container declares", async () => {
    expect(await wired({ ports: [{ port: 80 }] })).toEqual([
      "warning | BERTH3103 | spec.ports[0].targetPort | no container of Deployment web declares TCP port 80 | declared: 8080",
    ]);
    expect(await wired({ ports: [{ port: 80 }] }, { silence: ["BERTH3103"] })).toEqual([]);
    expect(await wired({ ports: [{ port: 8080 }] })).toEqual([]);
  });

  test("two services that want one address", async () => {
    const plan = await new TestStack().preview(() => {
      store()();
      for (const name of ["x", "y"])
        new KubernetesObject(name, {
          ...service("web", { clusterIP: "10.0.0.9" }),
          metadata: { name },
        } as never);
    });
    expect(problemLines(plan)).toEqual([
      "error | BERTH3104 | spec.clusterIP | y asks for 10.0.0.9, which x has",
    ]);
  });

  test("a selector that is not known yet is not judged", async () => {
    const plan = await new TestStack().preview(() => {
      const cluster = new Cluster("store", { name: "store" });
      new KubernetesObject("s", {
        ...service("web"),
        spec: { selector: { app: cluster.id }, ports: [{ port: 80 }] },
      } as never);
    });
    expect(problemLines(plan)).toEqual([]);
    expect(only(plan).unknown).toEqual(["spec.selector.app of Service web"]);
  });
});
