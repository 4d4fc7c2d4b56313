import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import type { Drive } from "./fixtures/drive-stack.ts";

const folder = mkdtempSync(join(tmpdir(), "berth-stack-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = `import * as azure from "@berth/azure";
import { Config } from "@berth/core";
import * as k8s from "@berth/kubernetes";

const group = new azure.ResourceGroup("shop", { location: "westeurope" });
new azure.ManagedCluster("shop", {
  resourceGroupName: group.name,
  location: "westeurope",
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
export const groupName = group.name;
`;

test("a program previews, applies, edits and destroys a stack", async () => {
  writeFileSync(join(folder, "berth.yaml"), "name: shop\nentry: main.ts\n");
  writeFileSync(join(folder, "main.ts"), program);
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=@berth/source",
    "--import",
    join(import.meta.dirname, "loader/register.ts"),
    join(import.meta.dirname, "fixtures/drive-stack.ts"),
    folder,
  ]);
  const drive = JSON.parse(stdout) as Drive;
  expect(drive).toEqual({
    first: expect.objectContaining({ create: 3, unchanged: 0, predictedFailures: 0 }),
    refused: "refused",
    asked: ["first"],
    stacksAfterRefusal: [],
    up: "succeeded",
    events: expect.arrayContaining(["planning", "planned"]),
    outputs: { groupName: "shop" },
    second: expect.objectContaining({ create: 0, update: 0, replace: 0, delete: 0, unchanged: 3 }),
    offline: "saved",
    edit: ["update web spec.replicas"],
    destroyed: "succeeded",
    left: 0,
  });
}, 60_000);
