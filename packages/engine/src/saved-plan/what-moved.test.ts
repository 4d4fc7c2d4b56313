import type { ClusterSnapshot, JsonObject } from "@berth/core";
import { expect, test } from "vitest";
import { graphOf, openTestSecrets } from "../fixtures/stack.ts";
import { bindingsOf } from "./bindings.ts";
import type { Bindings } from "./saved-plan.ts";
import { whatMoved } from "./what-moved.ts";

const cluster = "urn:berth:dev:test::acme:Cluster::main";
const node = (name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, uid: `uid of ${name}`, resourceVersion: "1", ...more },
  status: { conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: "2026-01-01T00:00:00Z" }] },
});
const pod = (name: string): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "shop" },
});

async function bindings(objects: readonly JsonObject[]): Promise<Bindings> {
  const snapshot: ClusterSnapshot = { cluster, objects };
  return bindingsOf({
    graph: await graphOf([]),
    state: { project: "test", stack: "dev", serial: 1, resources: [], outputs: {}, pending: [] },
    secrets: openTestSecrets(undefined),
    clusters: new Map([[cluster, { snapshot, how: "live" }]]),
    surroundings: { berth: "1", configuration: { source: "berth.dev.yaml", values: {} }, catalogue: {} },
    policies: [],
  });
}

test("what a cluster holds is told by its objects, whatever moves by itself", async () => {
  const before = await bindings([node("user-000000"), node("user-000001"), pod("web-1")]);
  const beats = node("user-000000", {
    resourceVersion: "2",
    managedFields: [{ time: "now" }],
    generation: 3,
  });
  const status = {
    conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: "2026-01-01T00:05:00Z" }],
  };
  expect(
    whatMoved(before, await bindings([{ ...beats, status }, node("user-000001"), pod("web-1")])),
  ).toEqual([]);

  const cordoned = { ...node("user-000000"), spec: { unschedulable: true } };
  expect(whatMoved(before, await bindings([cordoned, pod("web-2")]))).toEqual([
    "node user-000000 is not as it was",
    "node user-000001 is gone",
    "pod shop/web-1 is gone",
    "pod shop/web-2 is new",
  ]);
});

test("much of one kind is counted", async () => {
  const many = Array.from({ length: 9 }, (_, n) => node(`user-${n}`));
  const lines = whatMoved(await bindings(many), await bindings([]));
  expect(lines).toEqual([
    ...["0", "1", "2", "3", "4"].map((n) => `node user-${n} is gone`),
    "and 4 more of the kind",
  ]);
});

test("what the file says of itself and nobody can tell is not believed", async () => {
  const before = await bindings([]);
  const other = { ...before, configuration: { ...before.configuration, source: "elsewhere.yaml" } };
  expect(whatMoved(other, before)).toEqual([
    "what the file says that it rests on is not what a plan that is made now rests on",
  ]);
});
