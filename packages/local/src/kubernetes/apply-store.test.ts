import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "@berth/objects";
import { describe, expect, test } from "vitest";
import { openLocalCloud, openStillCloud } from "../local-cloud.ts";
import { collectionOf, openTestClient, type TestClient, testNode } from "../testing.ts";

/** An object as it was applied to a real kube-apiserver, and what that stored. */
interface Applied {
  readonly input: KubernetesObject;
  readonly status: number;
  readonly stored: KubernetesObject;
  readonly managedFields: readonly object[];
}

const objects = join(import.meta.dirname, "../../../objects/src/fixtures");
const shared = join(
  process.env["BERTH_SHARED"] ?? join(import.meta.dirname, "../../../../../shared"),
  "traces",
);
const quickstart = join(objects, "apply-aks-store-quickstart.json");
const wholeStore = join(shared, "apply-aks-store.json");

function read(path: string): Applied[] {
  return JSON.parse(readFileSync(path, "utf8")) as Applied[];
}

async function apply(client: TestClient, input: KubernetesObject) {
  const path = `${collectionOf(input)}/${input.metadata?.name}?fieldManager=berth`;
  return client.send("PATCH", path, input, "application/apply-patch+yaml");
}

async function applyAll(client: TestClient, recorded: readonly Applied[]) {
  const namespaces = new Set(recorded.map(({ input }) => input.metadata?.namespace ?? "default"));
  for (const name of namespaces)
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const answers = [];
  for (const { input } of recorded) answers.push(await apply(client, input));
  return answers;
}

/** Without exactly what traces/README.md says: "apply-aks-store.json, what agreement means". */
// oxlint-disable-next-line typescript/no-explicit-any -- objects are taken apart by path
function comparable(object: any): unknown {
  const { status: _status, ...copy } = structuredClone(object);
  for (const name of ["namespace", "uid", "resourceVersion", "creationTimestamp"]) delete copy.metadata[name];
  for (const name of ["clusterIP", "clusterIPs"]) delete copy.spec?.[name];
  for (const port of copy.spec?.ports ?? []) delete port.nodePort;
  for (const entry of copy.metadata.managedFields ?? []) delete entry.time;
  return copy;
}

function withManagedFields({ stored, managedFields }: Applied): object {
  return { ...stored, metadata: { ...stored.metadata, managedFields } };
}

const recordings = [quickstart, wholeStore].map((path) => [path.split("/").at(-1) ?? "", path] as const);

describe.each(recordings)("%s (skipped where it is absent)", (_, path) => {
  test.skipIf(!existsSync(path))("is stored as a real API server stored it", async () => {
    const recorded = read(path);
    const answers = await applyAll(await openTestClient(await openStillCloud()), recorded);
    for (const [index, { status, body }] of answers.entries()) {
      const expected = recorded[index];
      if (!expected) throw new TypeError("an answer for each");
      expect({ status, stored: comparable(body) }).toEqual({
        status: expected.status,
        stored: comparable(withManagedFields(expected)),
      });
    }
  });

  test.skipIf(!existsSync(path))(
    "runs: every pod ready, every service with endpoints, and applying again changes nothing",
    async () => {
      const recorded = read(path);
      const client = await openTestClient(await openLocalCloud({ memory: true }));
      await client.create(testNode("n1"), testNode("n2"));
      await applyAll(client, recorded);
      const { items: pods } = (await client.send("GET", "/api/v1/pods")).body;
      expect(pods.length).toBeGreaterThan(0);
      for (const pod of pods)
        expect(pod.status.conditions).toContainEqual(
          expect.objectContaining({ type: "Ready", status: "True" }),
        );
      const { items: slices } = (await client.send("GET", "/apis/discovery.k8s.io/v1/endpointslices")).body;
      for (const slice of slices) expect(slice.endpoints.length).toBeGreaterThan(0);
      const before = (await client.send("GET", "/apis/apps/v1/deployments")).body;
      for (const { input } of recorded) expect((await apply(client, input)).status).toBe(200);
      expect((await client.send("GET", "/apis/apps/v1/deployments")).body).toEqual(before);
    },
  );
});
