import {
  type ClusterSnapshot,
  declare,
  defineResource,
  definitionOf,
  type Provider,
  type ResourceDefinition,
} from "@berth/core";
import { planStack, type PlanRequest, type PlanResult } from "@berth/planner";
import { fileBackend, memoryBackend } from "@berth/state";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { ApplyOperation } from "./operation.ts";
import { preview } from "./preview.ts";
import { openTestSecrets } from "./fixtures/stack.ts";
import { destroy, up } from "./up.ts";

const Cluster = defineResource<{ name: string }, { id: string }>({
  type: "test:Cluster",
  provider: "test",
  isCluster: true,
  inputs: { name: { type: "string" } },
  outputs: { id: { type: "string" } },
  facets: ({ urn }) => [
    { kind: "Cluster", cluster: urn, kubernetes: "1.36", flavour: "upstream", systemObjects: [] },
  ],
});

const urn = "urn:berth:dev:test::test:Cluster::main";
let nodes: number;
let reachable: boolean;
let gone: boolean;
let asked: PlanRequest[];
let operation: ApplyOperation;

const provider: Provider = {
  name: "test",
  create: async () => ({ id: "main", outputs: { id: "main" } }),
  update: async () => ({ id: "main", outputs: { id: "main" } }),
  delete: async () => {},
  read: async () => (gone ? undefined : { id: "main", outputs: { id: "main" }, ours: true, inputs: {} }),
  observe: async (cluster): Promise<ClusterSnapshot> => {
    if (!reachable) throw new Error("connect ETIMEDOUT");
    return {
      cluster: cluster.urn,
      objects: Array.from({ length: nodes }, (_, i) => ({
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: `n${i}` },
      })),
    };
  },
};

beforeEach(async () => {
  [nodes, reachable, gone, asked] = [2, true, false, []];
  const known: ResourceDefinition = definitionOf(Cluster);
  operation = {
    graph: await declare({ project: "test", stack: "dev" }, () => void new Cluster("main", { name: "main" })),
    definition: (type) => (type === known.type ? known : undefined),
    providers: () => new Map([["test", provider]]),
    backend: memoryBackend({ project: "test" }),
    secrets: openTestSecrets,
    plan: (request) => {
      asked.push(request);
      return planStack(request);
    },
  };
});

const seen = () => {
  const observed = asked.at(-1)?.observed.get(urn);
  return observed && `${observed.how} ${observed.snapshot.objects.length}`;
};

describe("what a cluster holds", () => {
  test("is made up before it exists, observed live after, and saved by up", async () => {
    await preview(operation);
    expect(seen()).toBeUndefined();
    await up(operation);
    expect((await operation.backend.readClusterSnapshot("dev", urn))?.objects).toHaveLength(2);
    nodes = 3;
    await preview(operation);
    expect(seen()).toBe("live 3");
    expect(
      (await operation.backend.readClusterSnapshot("dev", urn))?.objects,
      "a preview writes nothing",
    ).toHaveLength(2);
  });

  test("is what was saved, offline or where it cannot be reached, and the plan warns", async () => {
    await up(operation);
    nodes = 3;
    const offline = await preview({ ...operation, offline: true });
    expect([seen(), offline.plan.problems]).toEqual(["saved 2", []]);
    reachable = false;
    const { plan } = await preview(operation);
    expect(seen()).toBe("saved 2");
    expect(plan.problems).toMatchObject([
      {
        code: "BERTH6008",
        severity: "warning",
        resource: urn,
        message: expect.stringContaining("ETIMEDOUT"),
      },
    ]);
  });

  test("that was saved and is damaged is made up, with a warning and not an error, and saved anew", async () => {
    const directory = mkdtempSync(join(tmpdir(), "berth-observe-"));
    const backend = fileBackend({ directory, project: "test" });
    const onDisk = { ...operation, backend };
    await up(onDisk);
    const [file = ""] = readdirSync(join(directory, "dev", "clusters"));
    const path = join(directory, "dev", "clusters", file);
    const text = readFileSync(path, "utf8");
    for (const damaged of [
      "",
      "{",
      text.slice(0, -9),
      text.replace("n0", "n7"),
      text.replace('"version":1', '"version":9'),
    ]) {
      writeFileSync(path, damaged);
      const { plan } = await preview({ ...onDisk, offline: true });
      expect(seen()).toBeUndefined();
      expect(plan.problems).toMatchObject([
        {
          code: "BERTH6008",
          severity: "warning",
          message: expect.stringContaining("what was saved of the cluster"),
        },
      ]);
    }
    await up(onDisk);
    await preview({ ...onDisk, offline: true });
    expect(seen()).toBe("saved 2");
    rmSync(directory, { recursive: true });
  });

  test("must be seen for an up, and is forgotten with the cluster", async () => {
    await up(operation);
    reachable = false;
    const before = await operation.backend.read("dev");
    await expect(up(operation)).rejects.toThrow("BERTH6008");
    expect(await operation.backend.read("dev")).toEqual(before);
    reachable = true;
    await destroy(operation);
    expect(await operation.backend.readClusterSnapshot("dev", urn)).toBeUndefined();
    expect((await operation.backend.read("dev")).resources).toEqual([]);
  });

  test("that moved after the plan was shown is asked about again", async () => {
    await up(operation);
    const shown = (await preview({ ...operation, plan: withNodes })).plan;
    nodes = 3;
    const asks: string[] = [];
    const approve = async (_: unknown, because: string) => asks.push(because) > 0;
    const result = await up({ ...operation, plan: withNodes, approved: shown, approve });
    expect([asks, result.status]).toEqual([["moved"], "succeeded"]);
  });
});

describe("a cluster that is gone", () => {
  const Widget = defineResource<{ name: string }>({
    type: "test:Widget",
    provider: "test",
    onCluster: true,
    inputs: { name: { type: "string" } },
  });
  const program = (): void => {
    const cluster = new Cluster("main", { name: "main" });
    new Widget("web", { name: "web" }, { cluster });
  };
  const disappear = async (): Promise<ApplyOperation> => {
    const definitions = new Map(
      [Cluster, Widget].map((each) => [definitionOf(each).type, definitionOf(each)]),
    );
    const graph = await declare({ project: "test", stack: "dev" }, program);
    const both: ApplyOperation = { ...operation, graph, definition: (type) => definitions.get(type) };
    await up(both);
    [reachable, gone] = [false, true];
    return both;
  };
  const lines = ({ changes, drift = [] }: PlanResult["plan"]) => [
    ...changes.map(({ action, name, reason }) => `${action} ${name} (${reason.kind})`),
    ...drift.map(({ kind, name }) => `${name} is ${kind}`),
  ];

  test("is no obstacle: the plan makes all of it again", async () => {
    const both = await disappear();
    const again = ["create main (gone)", "create web (gone)", "main is gone", "web is gone"];
    expect(lines((await preview(both)).plan)).toEqual(again);
    const offline = (await preview({ ...both, offline: true })).plan;
    expect(lines(offline), "what is not asked is not known").toEqual([]);

    const made: string[] = [];
    const recreating: Provider = {
      ...provider,
      create: async ({ urn: of }) => {
        made.push(of.split("::").at(-1) ?? "");
        [reachable, gone] = [true, false];
        return { id: "main", outputs: { id: "main" } };
      },
    };
    const result = await up({ ...both, providers: () => new Map([["test", recreating]]) });
    expect([result.status, made]).toEqual(["succeeded", ["main", "web"]]);
    expect((await preview(both)).plan.changes).toEqual([]);
  });

  test("is forgotten by a destroy, with what stood on it", async () => {
    const both = await disappear();
    const result = await destroy(both);
    expect([result.status, result.steps, lines(result.plan)]).toEqual([
      "succeeded",
      [],
      ["main is gone", "web is gone"],
    ]);
    expect((await both.backend.read("dev")).resources).toEqual([]);
  });

  test("is not gone while nobody can say so", async () => {
    const both = await disappear();
    const mute: Provider = { ...provider, read: async () => Promise.reject(new Error("403")) };
    const refused = up({ ...both, providers: () => new Map([["test", mute]]) });
    await expect(refused).rejects.toMatchObject({ problems: [{ code: "BERTH6008" }] });
    expect((await both.backend.read("dev")).resources).toHaveLength(2);
  });
});

/** The planner, with the number of nodes where people would see it. */
const withNodes: ApplyOperation["plan"] = (request) => {
  const { plan, ...rest } = planStack(request);
  const count = request.observed.get(urn)?.snapshot.objects.length ?? 0;
  return { plan: { ...plan, cost: { ...plan.cost, sources: [`${count} nodes`] } }, ...rest };
};
