import type { JsonObject, Urn, ValueObject } from "@berth/core";
import { Secret } from "@berth/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LiveResource, PlanRequest } from "../request.ts";
import { Cluster, KubernetesObject, Machine, Network, Subnet } from "../testing/cloud.ts";
import { graphOf, planned, TestStack } from "../testing/stack.ts";

const urn = (type: string, name: string): Urn => `urn:berth:dev:shop::acme:${type}::${name}`;

function program(): void {
  const network = new Network("network", { name: "net" });
  const subnet = new Subnet("subnet", { network: network.id });
  new Machine("machine", {
    size: 3,
    subnet: subnet.id,
    password: "hidden-text",
    tags: { team: "web" },
    zones: ["1", "2"],
  });
}

/** The request of a stack that is up, and what its resources are now. */
async function live(changes: Readonly<Record<Urn, JsonObject | "gone">> = {}) {
  const stack = new TestStack();
  await stack.up(program);
  const found = new Map<Urn, LiveResource>();
  for (const { urn, id, outputs } of stack.state.resources) {
    const changed = changes[urn];
    if (changed === "gone") found.set(urn, { kind: "gone" });
    else found.set(urn, { kind: "found", id, inputs: changed ?? {}, outputs: plain(outputs) });
  }
  return { stack, request: { ...stack.request(await graphOf(program)), live: found } };
}

/** Outputs as a provider answers them: here those that are recorded, but for secrets. */
function plain(outputs: JsonObject): ValueObject {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => name !== "token"));
}

const lines = (request: PlanRequest): readonly string[] =>
  (planned(request).plan.drift ?? []).flatMap(({ name, kind, properties }) =>
    kind === "gone"
      ? [`${name} is gone`]
      : properties.map(
          ({ path, before, after }) =>
            `${name}.${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
        ),
  );
const steps = (request: PlanRequest): readonly string[] =>
  planned(request).plan.changes.map(({ action, name, reason }) => `${action} ${name} (${reason.kind})`);

describe("drift", () => {
  test("is empty where nothing was looked at, and where all is as it was", async () => {
    const { request } = await live();
    expect([lines(request), steps(request), planned(request).refreshed]).toEqual([[], [], []]);
    expect(planned({ ...request, live: new Map() }).plan.drift).toEqual([]);
    const { live: _, ...blind } = request;
    expect(planned(blind).plan.drift).toBeUndefined();
  });

  test("is what was changed of what is set, and the plan takes it back", async () => {
    const { request } = await live({ [urn("Machine", "machine")]: { size: 4, note: "by hand" } });
    expect(lines(request)).toEqual(["machine.size: 3 → 4"]);
    expect(steps(request)).toEqual(["update machine (inputs-changed)"]);
    const [change] = planned(request).plan.changes;
    expect(change?.properties).toMatchObject([{ path: "size", before: 4, after: 3 }]);
    expect(planned(request).refreshed).toMatchObject([{ kind: "changed", inputs: { size: 4 } }]);
  });

  test("of a map is only what is set in it; a set is one value", async () => {
    const tags = { team: "web", owner: "policy" };
    const added = await live({ [urn("Machine", "machine")]: { tags, zones: ["2", "1"] } });
    expect(lines(added.request)).toEqual([]);
    const taken = await live({
      [urn("Machine", "machine")]: { tags: { owner: "policy" }, zones: ["1", "2", "3"] },
    });
    expect(lines(taken.request)).toEqual([
      'machine.tags.team: "web" → undefined',
      'machine.zones["3"]: undefined → "3"',
    ]);
  });

  test("null says that there is none, silence says nothing", async () => {
    const { request } = await live({ [urn("Machine", "machine")]: { tags: null } });
    expect(lines(request)).toEqual(['machine.tags: {"team":"web"} → undefined']);
  });

  test("of a secret is told by its digest and never shown", async () => {
    const same = await live({ [urn("Machine", "machine")]: { password: "hidden-text" } });
    expect(lines(same.request)).toEqual([]);
    const { request } = await live({ [urn("Machine", "machine")]: { password: "other-text" } });
    const mark = JSON.stringify({ $berth: "secret" });
    expect(lines(request)).toEqual([`machine.password: ${mark} → ${mark}`]);
    const result = planned(request);
    expect(JSON.stringify(result.plan)).not.toMatch(/other-text|hidden-text/);
    expect(steps(request)).toEqual(["update machine (inputs-changed)"]);
    const [refreshed] = result.refreshed;
    const password = refreshed?.kind === "changed" ? refreshed.inputs["password"] : undefined;
    expect(password instanceof Secret && password.reveal()).toBe("other-text");
    const { secrets: _, ...keyless } = request;
    expect(lines(keyless), "without the key nothing can be told of it").toEqual([]);
  });

  test("of what is gone makes it anew, and what took values from it follows", async () => {
    const { request } = await live({ [urn("Network", "network")]: "gone" });
    expect(lines(request)).toEqual(["network is gone"]);
    expect(steps(request)[0]).toBe("create network (gone)");
    expect(planned(request).refreshed).toEqual([{ kind: "gone", urn: urn("Network", "network") }]);
  });

  test("an answer that moved is not drift, and is recorded", async () => {
    const { request } = await live();
    const found = request.live.get(urn("Network", "network"));
    if (found?.kind !== "found") throw new Error("it is there");
    const moved = { ...found, outputs: { ...found.outputs, address: "10.9.9.9" } };
    const result = planned({
      ...request,
      live: new Map([...request.live, [urn("Network", "network"), moved]]),
    });
    expect(result.plan.drift).toEqual([]);
    expect(result.refreshed).toMatchObject([{ kind: "changed", outputs: { address: "10.9.9.9" } }]);
  });
});

describe("a cluster that is gone", () => {
  const onCluster = (): void => {
    const cluster = new Cluster("cluster", { name: "store" });
    new KubernetesObject(
      "web",
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web" } },
      { cluster },
    );
  };

  test("takes with it what stood on it", async () => {
    const stack = new TestStack();
    await stack.up(onCluster);
    const found = new Map<Urn, LiveResource>([[urn("Cluster", "cluster"), { kind: "gone" }]]);
    const request = { ...stack.request(await graphOf(onCluster)), live: found };
    expect(steps(request)).toEqual(["create cluster (gone)", "create web (gone)"]);
    expect(lines(request)).toEqual(["cluster is gone", "web is gone"]);
    const leaving = planned({ ...request, operation: "destroy" });
    expect([leaving.plan.steps, leaving.refreshed.map((each) => each.kind)]).toEqual([[], ["gone", "gone"]]);
  });
});

test("a refresh has no steps, and leaves nothing to refresh", async () => {
  const { request } = await live({
    [urn("Machine", "machine")]: { size: 4 },
    [urn("Network", "network")]: "gone",
  });
  const { plan, refreshed } = planned({ ...request, operation: "refresh" });
  expect([plan.steps, plan.changes, plan.outputs]).toEqual([[], [], []]);
  expect(refreshed.map(({ kind, urn }) => `${kind} ${urn.split("::").at(-1)}`).toSorted()).toEqual([
    "changed machine",
    "gone network",
  ]);
});

test("whatever an API adds to what is recorded is no drift", async () => {
  const extra = fc.dictionary(
    fc.string({ minLength: 1 }).map((key) => `x${key}`),
    fc.jsonValue(),
  );
  await fc.assert(
    fc.asyncProperty(extra, async (added) => {
      const { stack, request } = await live();
      const found = new Map(
        stack.state.resources.map(({ urn, id, inputs, outputs }): [Urn, LiveResource] => {
          const { password: _, ...own } = inputs;
          return [
            urn,
            { kind: "found", id, inputs: { ...(added as JsonObject), ...own }, outputs: plain(outputs) },
          ];
        }),
      );
      expect(lines({ ...request, live: found })).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
