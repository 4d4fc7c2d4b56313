import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as azure from "@berth/azure";
import { Config, currentStack, Secret } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import type { EngineEvent } from "@berth/engine";
import * as k8s from "@berth/kubernetes";
import { expect, test } from "vitest";
import { inlineProject, type InlineProjectOptions } from "./inline-project.ts";

const location = "westeurope";

const cluster = (): object => {
  const { stack } = currentStack();
  const group = new azure.ResourceGroup(stack, { location });
  new azure.ManagedCluster(stack, {
    resourceGroupName: group.name,
    location,
    kubernetesVersion: "1.36",
    systemPool: { vmSize: "Standard_D2s_v5", count: 1 },
  });
  const labels = { app: "web" };
  new k8s.Deployment("web", {
    spec: {
      replicas: new Config().getNumber("replicas") ?? 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "nginx:1.29" }] } },
    },
  });
  return { group: group.name };
};

const failure = async (run: PromiseLike<unknown>): Promise<readonly string[]> =>
  run.then(
    () => ["nothing"],
    (error: unknown) => {
      if (!BerthError.is(error)) throw error;
      return error.problems.map((each) => each.code);
    },
  );

test.each([
  ["in memory", async (): Promise<Partial<InlineProjectOptions>> => ({})],
  ["in a folder", async () => ({ dataFolder: await mkdtemp(join(tmpdir(), "berth-inline-")) })],
])(
  "ten stacks side by side, %s: each has its own program, configuration, state and outputs",
  async (_, where) => {
    const names = Array.from({ length: 10 }, (_, index) => `stack-${index}`);
    const project = inlineProject({
      name: "shop",
      config: (stack) => ({ replicas: names.indexOf(stack) + 1 }),
      program: async () => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
        return cluster();
      },
      ...(await where()),
    });
    const events = new Map<string, EngineEvent[]>();
    const results = await Promise.all(
      names.map((name) => {
        const own: EngineEvent[] = [];
        events.set(name, own);
        return project.stack(name).up({ onEvent: (event) => void own.push(event) });
      }),
    );
    expect(results.map(({ status, problems }) => [status, problems])).toEqual(
      names.map(() => ["succeeded", []]),
    );
    expect(await project.stacks()).toEqual(names);
    for (const [index, name] of names.entries()) {
      const stack = project.stack(name);
      expect(await stack.outputs()).toEqual({ group: name });
      for (const event of events.get(name) ?? [])
        if ("urn" in event) expect(event.urn).toContain(`:${name}:`);
      const { plan } = await stack.preview();
      expect(plan.changes).toEqual([]);
      const running = plan.clusters[0]?.placement.filter(
        ({ workload }) => workload === "default/Deployment/web",
      );
      expect(running?.flatMap(({ pods }) => pods)).toHaveLength(index + 1);
    }
    const gone = await Promise.all(names.map((name) => project.stack(name).destroy()));
    expect(gone.map(({ status }) => status)).toEqual(names.map(() => "succeeded"));
  },
);

test("events come one by one while it runs, to as many as listen, and end with it", async () => {
  const stack = inlineProject({ name: "shop", program: cluster }).stack("dev");
  const heard: string[] = [];
  const run = stack.up({ onEvent: ({ kind }) => void heard.push(kind) });
  const [first, second] = [new Array<string>(), new Array<string>()];
  for await (const { kind } of run) first.push(kind);
  for await (const { kind } of run) second.push(kind);
  expect(first).toEqual(heard);
  expect(second).toEqual(heard);
  expect([heard[0], heard.at(-1)]).toEqual(["planning", "finished"]);
  expect((await run).status).toBe("succeeded");
});

test("an iteration throws what awaiting throws, after the last event", async () => {
  const project = inlineProject({
    name: "shop",
    program: () => {
      throw new RangeError("no such shop");
    },
  });
  const run = project.stack("dev").preview();
  const listened = async (): Promise<void> => {
    for await (const _ of run);
  };
  expect(await failure(listened())).toEqual(["BERTH7104"]);
  expect(await failure(run)).toEqual(["BERTH7104"]);
  await expect(run).rejects.toThrow(/RangeError: no such shop/);
  await expect(run).rejects.toThrow(/inline-project\.test\.ts:\d+:\d+/);
});

test("who listens badly does not stop an operation", async () => {
  const stack = inlineProject({ name: "shop", program: cluster }).stack("dev");
  const run = stack.up({
    onEvent: () => {
      throw new Error("listener");
    },
  });
  await expect(run).rejects.toThrow("listener");
  expect((await stack.state()).resources).toHaveLength(3);
  expect((await stack.preview()).plan.changes).toEqual([]);
});

test.each(["preview", "up", "destroy"] as const)("%s hears an abort before it begins", async (operation) => {
  const stack = inlineProject({ name: "shop", program: cluster }).stack("dev");
  expect(await failure(stack[operation]({ signal: AbortSignal.abort() }))).toEqual(["BERTH6009"]);
});

test("a program that waits for ever can be aborted; so can a why", async () => {
  const stack = inlineProject({ name: "shop", program: () => new Promise(() => {}) }).stack("dev");
  expect(await failure(stack.preview({ signal: AbortSignal.timeout(10) }))).toEqual(["BERTH6009"]);
  expect(await failure(stack.why("web#1", undefined, { signal: AbortSignal.timeout(10) }))).toEqual([
    "BERTH6009",
  ]);
});

test("an abort in the middle finishes the running step and starts no other", async () => {
  const stack = inlineProject({ name: "shop", program: cluster }).stack("dev");
  const controller = new AbortController();
  const run = stack.up({ signal: controller.signal });
  for await (const event of run) if (event.kind === "step-started") controller.abort();
  const { status, steps } = await run;
  expect(status).toBe("cancelled");
  expect(steps.map(({ outcome }) => outcome)).toEqual(["done", "not-started", "not-started"]);
  expect((await stack.up()).status).toBe("succeeded");
});

test("secrets are on no disk in plaintext, and a folder keeps its key", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "berth-inline-"));
  const project = inlineProject({
    name: "shop",
    dataFolder,
    config: { token: new Secret("hunter2-marker") },
    program: () => ({ token: new Config().requireSecret("token") }),
  });
  await project.stack("dev").up();
  const files = (await readdir(dataFolder, { recursive: true, withFileTypes: true })).filter((each) =>
    each.isFile(),
  );
  expect(files.length).toBeGreaterThan(1);
  for (const { parentPath, name } of files)
    expect(await readFile(join(parentPath, name), "utf8")).not.toContain("hunter2-marker");
  expect(await project.stack("dev").outputs()).toEqual({
    token: expect.objectContaining({ $berth: "secret" }),
  });
});
