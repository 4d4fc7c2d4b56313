import { afterAll, beforeAll, expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { onCluster } from "./programs.ts";

// One stack has a cluster; another only reads it, and the first one's outputs.

const program = `import { currentStack, StackReference } from "@berth/core";
import * as azure from "@berth/azure";
import * as k8s from "@berth/kubernetes";

const base = new StackReference<{ clusterId: string; greeting: string }>("base", { stack: "base" });
const cluster = azure.ManagedCluster.get("shared", base.requireOutput("clusterId"));
new k8s.ConfigMap("settings", { data: { greeting: base.requireOutput("greeting") } }, { cluster });
export const version = cluster.kubernetesVersion;
export const stack = currentStack().stack;
`;

let project: ProjectFolder;
beforeAll(async () => {
  const base = onCluster('export const clusterId = cluster.id;\nexport const greeting = "hello";\n');
  project = ProjectFolder.of({ "main.ts": base });
  await project.succeed("up", "--yes", "--stack", "base");
  project.write("main.ts", program);
});
afterAll(() => project[Symbol.dispose]());

test("what is read is shown, used, recorded, and let go without being deleted", async () => {
  const { stdout } = await project.succeed("preview", "--stack", "app");
  expect(stdout).toContain("< berth:StackReference base");
  expect(stdout).toContain("< azure:ManagedCluster shared");
  await project.succeed("up", "--yes", "--stack", "app");
  const outputs = JSON.parse((await project.succeed("stack", "outputs", "--json", "--stack", "app")).stdout);
  expect(outputs).toEqual({ version: "1.36", stack: "app" });
  expect((await project.berth("preview", "--detailed-exitcode", "--stack", "app")).code).toBe(0);
  expect((await project.berth("preview", "--detailed-exitcode", "--offline", "--stack", "app")).code).toBe(0);
  await project.succeed("destroy", "--yes", "--stack", "app");
  const left = await project.succeed("stack", "show", "--stack", "base");
  expect(left.stdout).toContain("azure:ManagedCluster");
});

test("an output that is not there is an error at its line", async () => {
  project.edit("main.ts", 'requireOutput("greeting")', 'requireOutput("greting" as "greeting")');
  const { code, stdout } = await project.berth("preview", "--stack", "app");
  expect([code, stdout]).toEqual([1, expect.stringMatching(/BERTH1046 main\.ts:7:\d+/)]);
  expect(stdout).toContain('did you mean "greeting"?');
});
