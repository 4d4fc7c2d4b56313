import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json.ts";
import { type ApplyTrace, fixture, sharedTraces } from "../testing/traces.ts";
import { applyDefaults } from "./apply-defaults.ts";
import { imageTag } from "./image.ts";

const shared = sharedTraces();

/** What only the server knows, and what the preparation of a write adds. */
function comparable(object: JsonObject): unknown {
  const { status: _status, ...rest } = JSON.parse(JSON.stringify(object));
  for (const name of ["uid", "resourceVersion", "creationTimestamp", "managedFields", "generation"])
    delete rest.metadata[name];
  for (const name of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]) delete rest.spec?.[name];
  for (const port of rest.spec?.ports ?? []) delete port.nodePort;
  return rest;
}

describe("recordings of a real API server", () => {
  test.each(fixture<ApplyTrace[]>("apply-aks-store-quickstart.json"))(
    "$input.kind $input.metadata.name",
    ({ input, stored }) => {
      expect(comparable(applyDefaults(input))).toEqual(comparable(stored));
      expect(applyDefaults(stored)).toEqual(stored);
    },
  );

  test.skipIf(!shared)("the whole store (skipped where ../shared is absent)", () => {
    const traces: ApplyTrace[] = JSON.parse(readFileSync(join(shared!, "apply-aks-store.json"), "utf8"));
    expect(traces).toHaveLength(19);
    for (const { input, stored } of traces)
      expect(comparable(applyDefaults(input))).toEqual(comparable(stored));
  });
});

const pod = (spec: object) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web" },
  spec: { containers: [], ...spec },
});
const specOf = (object: object): JsonObject => applyDefaults(JSON.parse(JSON.stringify(object))).spec;

describe("rules that the recordings do not exercise", () => {
  test("a pod's requests come from its limits, a template's do not", () => {
    const containers = [
      { name: "a", resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } } },
    ];
    expect(specOf(pod({ containers }))["containers"]).toMatchObject([
      { resources: { requests: { cpu: "500m", memory: "1Gi" } } },
    ]);
    const template = { spec: { containers } };
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {},
      spec: { selector: {}, template },
    };
    expect(specOf(deployment)["template"]).toMatchObject({
      spec: { containers: [{ resources: { requests: { cpu: "500m" } } }] },
    });
  });

  test("resources are rounded up to thousandths", () => {
    const containers = [{ name: "a", resources: { requests: { cpu: "100u", memory: 0.0001 } } }];
    expect(specOf(pod({ containers }))["containers"]).toMatchObject([
      { resources: { requests: { cpu: "1m", memory: "1m" } } },
    ]);
  });

  test("pod level requests are those of the containers, else the limit", () => {
    const initContainers = [
      { name: "s", restartPolicy: "Always", resources: { requests: { cpu: "100m" } } },
      { name: "i", resources: { requests: { cpu: "2" } } },
    ];
    const containers = [{ name: "a", resources: { requests: { cpu: "1" } } }];
    expect(
      specOf(pod({ resources: { limits: { cpu: "4", memory: "1Gi" } }, containers, initContainers }))[
        "resources"
      ],
    ).toEqual({
      limits: { cpu: "4", memory: "1Gi" },
      requests: { cpu: "2100m", memory: "1Gi" },
    });
  });

  test("host network takes host ports", () => {
    const containers = [{ name: "a", ports: [{ containerPort: 80 }] }];
    expect(specOf(pod({ hostNetwork: true, containers }))["containers"]).toMatchObject([
      { ports: [{ hostPort: 80 }] },
    ]);
  });

  test.each([
    ["web", "Always"],
    ["web:latest", "Always"],
    ["web:1", "IfNotPresent"],
    ["registry:5000/shop/web", "Always"],
    [`web@sha256:${"a".repeat(64)}`, "IfNotPresent"],
    ["WEB", "IfNotPresent"],
    ["", "IfNotPresent"],
  ])("image %j is pulled %s", (image, policy) => {
    expect(specOf(pod({ containers: [{ name: "a", image }] }))["containers"]).toMatchObject([
      { imagePullPolicy: policy },
    ]);
  });

  test("OnDelete stateful sets get no rolling update; daemon sets get both bounds", () => {
    const set = (kind: string, updateStrategy: object) => ({
      apiVersion: "apps/v1",
      kind,
      metadata: {},
      spec: { selector: {}, template: {}, updateStrategy },
    });
    expect(specOf(set("StatefulSet", { type: "OnDelete" }))["updateStrategy"]).toEqual({ type: "OnDelete" });
    expect(specOf(set("DaemonSet", {}))["updateStrategy"]).toEqual({
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
    });
  });

  test("explicit zeros survive where Kubernetes tells them from absent ones, and go where it does not", () => {
    const spec = specOf({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {},
      spec: { replicas: 0, minReadySeconds: 0, paused: false, selector: {}, template: {} },
    });
    expect(spec).toMatchObject({ replicas: 0 });
    expect(spec).not.toHaveProperty("minReadySeconds");
    expect(spec).not.toHaveProperty("paused");
  });

  test("an autoscaler's behaviour is filled from both sides", () => {
    const spec = specOf({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: {},
      spec: {
        maxReplicas: 3,
        scaleTargetRef: {},
        behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
      },
    });
    expect(spec).toMatchObject({
      minReplicas: 1,
      behavior: {
        scaleUp: {
          selectPolicy: "Max",
          stabilizationWindowSeconds: 0,
          policies: [{ type: "Pods" }, { type: "Percent" }],
        },
        scaleDown: { selectPolicy: "Max", stabilizationWindowSeconds: 60, policies: [{ type: "Percent" }] },
      },
    });
  });
});

test("image references: no text takes long", () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z0-9._\-/:@]{0,300}$/), (text) => void imageTag(text)));
  expect(imageTag(`${"a-".repeat(500)}!`)).toBeUndefined();
});

test("objects of unknown kinds come back as they are, and the input is never changed", () => {
  const custom = { apiVersion: "example.com/v1", kind: "Thing", spec: {} };
  expect(applyDefaults(custom)).toBe(custom);
  const frozen = Object.freeze({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: Object.freeze({ name: "a", labels: Object.freeze({}) }),
    data: Object.freeze({ a: "" }),
  });
  expect(applyDefaults(frozen)).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a" },
    data: { a: "" },
  });
});
