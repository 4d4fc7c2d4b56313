import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../json.ts";
import { requireKind } from "../schema/kind.ts";
import { writeObject } from "../write/write-object.ts";
import { compareObjects } from "./compare-objects.ts";

const template = { metadata: { labels: { a: "1" } }, spec: { containers: [{ name: "c", image: "c:1" }] } };
const workload = { selector: { matchLabels: { a: "1" } }, template };
const jobSpec = { template: { spec: { ...template.spec, restartPolicy: "Never" } } };

/** An object and what is to become of it, as a merge patch; whether the API server lets it. */
const CHANGES: readonly (readonly [string, JsonObject, JsonObject, "refused" | "stored"])[] = [
  ["apps/v1 Deployment", { spec: workload }, { spec: { selector: { matchLabels: { b: "1" } } } }, "refused"],
  ["apps/v1 Deployment", { spec: workload }, { spec: { replicas: 3 } }, "stored"],
  ["apps/v1 ReplicaSet", { spec: workload }, { spec: { selector: { matchLabels: { b: "1" } } } }, "refused"],
  ["apps/v1 DaemonSet", { spec: workload }, { spec: { selector: { matchLabels: { b: "1" } } } }, "refused"],
  ["apps/v1 DaemonSet", { spec: workload }, { spec: { minReadySeconds: 3 } }, "stored"],
  [
    "apps/v1 StatefulSet",
    { spec: { ...workload, serviceName: "a" } },
    { spec: { serviceName: "b" } },
    "refused",
  ],
  ["apps/v1 StatefulSet", { spec: workload }, { spec: { podManagementPolicy: "Parallel" } }, "refused"],
  ["apps/v1 StatefulSet", { spec: workload }, { spec: { replicas: 2, minReadySeconds: 1 } }, "stored"],
  ["batch/v1 Job", { spec: jobSpec }, { spec: { completionMode: "Indexed" } }, "refused"],
  ["batch/v1 Job", { spec: jobSpec }, { spec: { template: { spec: { hostname: "x" } } } }, "refused"],
  ["batch/v1 Job", { spec: jobSpec }, { spec: { suspend: true } }, "stored"],
  [
    "discovery.k8s.io/v1 EndpointSlice",
    { addressType: "IPv4", endpoints: [] },
    { addressType: "IPv6" },
    "refused",
  ],
  [
    "networking.k8s.io/v1 IngressClass",
    { spec: { controller: "a.b/c" } },
    { spec: { controller: "a.b/d" } },
    "refused",
  ],
  [
    "rbac.authorization.k8s.io/v1 RoleBinding",
    { roleRef: { kind: "Role", name: "a" } },
    { roleRef: { name: "b" } },
    "refused",
  ],
  [
    "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
    { roleRef: { kind: "Role", name: "a" } },
    { roleRef: { name: "b" } },
    "refused",
  ],
  [
    "rbac.authorization.k8s.io/v1 RoleBinding",
    { roleRef: { kind: "Role", name: "a" } },
    { subjects: [{ kind: "User", name: "u" }] },
    "stored",
  ],
  ["scheduling.k8s.io/v1 PriorityClass", { value: 1 }, { value: 2 }, "refused"],
  ["scheduling.k8s.io/v1 PriorityClass", { value: 1 }, { preemptionPolicy: "Never" }, "refused"],
  ["scheduling.k8s.io/v1 PriorityClass", { value: 1 }, { description: "x" }, "stored"],
  ["storage.k8s.io/v1 StorageClass", { provisioner: "a" }, { provisioner: "b" }, "refused"],
  ["storage.k8s.io/v1 StorageClass", { provisioner: "a" }, { parameters: { a: "1" } }, "refused"],
  [
    "storage.k8s.io/v1 StorageClass",
    { provisioner: "a" },
    { volumeBindingMode: "WaitForFirstConsumer" },
    "refused",
  ],
  ["storage.k8s.io/v1 StorageClass", { provisioner: "a" }, { allowVolumeExpansion: true }, "stored"],
  ["v1 ConfigMap", { data: { a: "1" }, immutable: true }, { data: { a: "2" } }, "refused"],
  ["v1 ConfigMap", { data: { a: "1" }, immutable: true }, { immutable: null }, "refused"],
  ["v1 ConfigMap", { data: { a: "1" } }, { data: { a: "2" }, immutable: true }, "stored"],
  [
    "v1 PersistentVolumeClaim",
    { spec: { storageClassName: "a" } },
    { spec: { storageClassName: "b" } },
    "refused",
  ],
  [
    "v1 PersistentVolumeClaim",
    { spec: { resources: { requests: { storage: "1Gi" } } } },
    { spec: { resources: { requests: { storage: "2Gi" } } } },
    "stored",
  ],
  ["v1 Pod", template, { spec: { hostname: "x" } }, "refused"],
  ["v1 Pod", template, { spec: { containers: [{ name: "c", image: "c:1", args: ["-v"] }] } }, "refused"],
  ["v1 Pod", template, { spec: { containers: [{ name: "c", image: "c:2" }] } }, "stored"],
  ["v1 Secret", { type: "Opaque" }, { type: "other" }, "refused"],
  ["v1 Secret", { data: { a: "MQ==" }, immutable: true }, { data: { a: "Mg==" } }, "refused"],
  [
    "v1 Service",
    { spec: { clusterIP: "10.0.0.4", ports: [{ port: 80 }] } },
    { spec: { clusterIP: "10.0.0.5", clusterIPs: ["10.0.0.5"] } },
    "refused",
  ],
  [
    "v1 Service",
    { spec: { clusterIP: "10.0.0.4", ports: [{ port: 80 }] } },
    { spec: { type: "NodePort" } },
    "stored",
  ],
];

describe("what the API server refuses to change, and only that, forces a replacement", () => {
  test.each(CHANGES)("%s %j with %j is %s", (key, content, change, expected) => {
    const [apiVersion = "", kind = ""] = key.split(" ");
    const { metadata = {}, ...rest } = content;
    const object = { apiVersion, kind, metadata: { ...Object(metadata), name: "x" }, ...rest };
    const request = {
      apiVersion,
      kind,
      name: "x",
      manager: "test",
      ...(requireKind(apiVersion, kind).namespaced && { namespace: "a" }),
    };
    const write = (live: JsonObject | undefined, verb: "create" | "merge-patch", body: Json) =>
      writeObject(live, { ...request, verb, body }, { time: "2026-01-31T12:00:00Z" });
    const created = write(undefined, "create", object);
    if (created.kind === "refused") throw new Error(created.status.message);
    const changed = write(created.object, "merge-patch", change);
    expect([changed.kind, changed.kind === "refused" ? changed.status.code : 422]).toEqual([expected, 422]);

    const wanted = write(undefined, "create", merged(object, change));
    if (wanted.kind === "refused") return;
    const differences = compareObjects(
      withoutServerFields(created.object),
      withoutServerFields(wanted.object),
    );
    expect(differences.some((each) => each.forcesReplacement !== undefined)).toBe(expected === "refused");
  });
});

function merged(target: JsonObject, patch: JsonObject): JsonObject {
  const isObject = (value: Json | undefined): value is JsonObject =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = Object.entries(patch).map(([name, value]) => {
    const current = target[name];
    return [name, isObject(value) && isObject(current) ? merged(current, value) : value] as const;
  });
  return { ...target, ...Object.fromEntries(entries) };
}

function withoutServerFields(object: JsonObject): JsonObject {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}
