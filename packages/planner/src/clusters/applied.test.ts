import type { JsonObject } from "@berth/core";
import type { KubernetesObject } from "@berth/objects";
import { expect, test } from "vitest";
import { reapplied } from "./applied.ts";

const container = (image: string): JsonObject => ({ name: "web", image });
const program = (image: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", labels: { app: "web" } },
  spec: { replicas: 2, template: { spec: { containers: [container(image)] } }, ...spec },
});
/** As the API server keeps it, with defaults, and with what others wrote. */
const live: KubernetesObject & JsonObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", uid: "1", labels: { app: "web", "example.com/by": "others" } },
  spec: {
    replicas: 2,
    revisionHistoryLimit: 10,
    template: {
      spec: {
        containers: [
          { name: "web", image: "web:1", imagePullPolicy: "IfNotPresent" },
          { name: "injected", image: "proxy:1" },
        ],
        dnsPolicy: "ClusterFirst",
      },
    },
  },
  status: { replicas: 2 },
};

test("what did not change in the program stays as it is, whatever that is", () => {
  expect(reapplied(live, program("web:1"), program("web:1"))).toEqual(live);
});

test("what changed is changed, and everything beside it stays", () => {
  const after = reapplied(live, program("web:1"), program("web:2", { replicas: 3 }));
  expect(after).toEqual({
    ...live,
    spec: {
      replicas: 3,
      revisionHistoryLimit: 10,
      template: {
        spec: {
          containers: [
            { name: "web", image: "web:2", imagePullPolicy: "IfNotPresent" },
            { name: "injected", image: "proxy:1" },
          ],
          dnsPolicy: "ClusterFirst",
        },
      },
    },
  });
});

test("what the program no longer says goes, in objects and in lists", () => {
  const before = program("web:1", { paused: true });
  const withPaused = { ...live, spec: { ...(live["spec"] as JsonObject), paused: true } };
  expect(reapplied(withPaused, before, program("web:1"))).toEqual(live);
  const renamed = program("web:1", {
    template: { spec: { containers: [{ name: "shop", image: "web:1" }] } },
  });
  const { spec } = reapplied(live, program("web:1"), renamed) as { spec: { template: { spec: JsonObject } } };
  expect(spec.template.spec["containers"]).toEqual([
    { name: "shop", image: "web:1" },
    { name: "injected", image: "proxy:1" },
  ]);
});

test("a list without names is the program's", () => {
  const args = (...list: string[]): JsonObject => ({ ...program("web:1"), args: list });
  expect(reapplied({ ...live, ...args("a", "b") }, args("a", "b"), args("b"))).toMatchObject({ args: ["b"] });
});
