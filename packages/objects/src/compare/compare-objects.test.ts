import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json.ts";
import { compareObjects, immutableFields } from "../index.ts";

const deployment = (
  change: (object: { spec: JsonObject & { [key: string]: unknown } }) => void = () => undefined,
): JsonObject => {
  const object = structuredClone({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", labels: { app: "web" } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: {
          containers: [
            {
              name: "web",
              image: "nginx:1",
              args: ["-v"],
              resources: { requests: { cpu: "1000m" } },
              env: [
                { name: "A", value: "1" },
                { name: "B", value: "2" },
              ],
              ports: [{ containerPort: 80 }],
            },
          ],
        },
      },
    },
  });
  change(object);
  return object;
};

const container = (object: { spec: JsonObject }): Record<string, unknown> =>
  (object.spec as never as { template: { spec: { containers: Record<string, unknown>[] } } }).template.spec
    .containers[0]!;

describe("one change of meaning is one difference", () => {
  test.each<[string, Parameters<typeof deployment>[0], string[]]>([
    ["nothing", undefined, []],
    ["replicas", (o) => void ((o.spec as Record<string, unknown>)["replicas"] = 3), ["change spec.replicas"]],
    [
      "one environment variable in front",
      (o) => void (container(o)["env"] = [{ name: "Z", value: "0" }, ...(container(o)["env"] as object[])]),
      ["add spec.template.spec.containers[name=web].env[name=Z]"],
    ],
    [
      "one value",
      (o) => void ((container(o)["env"] as { value: string }[])[1]!.value = "3"),
      ["change spec.template.spec.containers[name=web].env[name=B].value"],
    ],
    ["another order", (o) => void (container(o)["env"] = (container(o)["env"] as object[]).toReversed()), []],
    ["the same quantity", (o) => void (container(o)["resources"] = { requests: { cpu: 1 } }), []],
    ["null for absence", (o) => void (container(o)["command"] = null), []],
    [
      "a default key",
      (o) => void (container(o)["ports"] = [{ containerPort: 80, protocol: "TCP" }]),
      ["add spec.template.spec.containers[name=web].ports[containerPort=80,protocol=TCP].protocol"],
    ],
    [
      "an atomic list",
      (o) => void (container(o)["args"] = ["-v", "-x"]),
      ["change spec.template.spec.containers[name=web].args"],
    ],
    [
      "another container",
      (o) => void (container(o)["name"] = "app"),
      ["remove spec.template.spec.containers[name=web]", "add spec.template.spec.containers[name=app]"],
    ],
  ])("%s", (_, change, expected) => {
    expect(
      compareObjects(deployment(), deployment(change)).map(({ kind, path }) => `${kind} ${path}`),
    ).toEqual(expected);
  });
});

describe("what can't change says by which rule", () => {
  test("a deployment's selector", () => {
    const after = deployment(
      (o) => void ((o.spec as Record<string, unknown>)["selector"] = { matchLabels: { app: "shop" } }),
    );
    expect(compareObjects(deployment(), after)).toEqual([
      expect.objectContaining({
        path: "spec.selector",
        forcesReplacement: expect.stringContaining("immutable"),
      }),
    ]);
  });

  test("a stateful set: all but some fields", () => {
    const set = (spec: JsonObject): JsonObject => ({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "q" },
      spec,
    });
    const differences = compareObjects(
      set({ serviceName: "a", replicas: 1 }),
      set({ serviceName: "b", replicas: 2 }),
    );
    expect(differences.map(({ path, forcesReplacement }) => [path, forcesReplacement !== undefined])).toEqual(
      expect.arrayContaining([
        ["spec.serviceName", true],
        ["spec.replicas", false],
      ]),
    );
  });

  test("data of a config map only where it is marked", () => {
    const map = (value: string, immutable: boolean): JsonObject => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      data: { a: value },
      immutable,
    });
    expect(compareObjects(map("1", false), map("2", false))[0]?.forcesReplacement).toBeUndefined();
    expect(compareObjects(map("1", true), map("2", true))[0]?.forcesReplacement).toBeDefined();
  });

  test("every kind keeps its name", () => {
    expect(immutableFields("v1", "Namespace").map(({ path }) => path.join("."))).toContain("metadata.name");
  });
});

test("opaque values are compared by who knows them", () => {
  const unknown = { unknown: true };
  const after = deployment((o) => void (container(o)["image"] = unknown));
  const isOpaque = (value: unknown): boolean =>
    typeof value === "object" && value !== null && "unknown" in value;
  expect(compareObjects(deployment(), after, { isOpaque })).toHaveLength(1);
  expect(compareObjects(deployment(), after, { isOpaque, isSame: () => true })).toEqual([]);
});

test("an object equals itself, whatever it holds", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (spec) => {
      const object = { apiVersion: "v1", kind: "Pod", spec } as unknown as JsonObject;
      expect(compareObjects(object, structuredClone(object))).toEqual([]);
    }),
  );
});
