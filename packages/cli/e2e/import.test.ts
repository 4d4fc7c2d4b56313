import { afterAll, beforeAll, expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { webShop } from "./programs.ts";

// What one stack made is let go, and imported by another with the text that berth writes.

let project: ProjectFolder;
beforeAll(async () => {
  project = ProjectFolder.of({ "main.ts": webShop });
  await project.succeed("up", "--yes", "--stack", "old");
  // The other stack knows nothing of the first one.
  project.remove(".berth/state");
  project.write("main.ts", "export {};\n");
});
afterAll(() => project[Symbol.dispose]());

/** Adds what berth wrote: imports first, as a person would. */
function add(text: string): void {
  const all = `${project.read("main.ts")}\n${text}`.split("\n");
  const imports = new Set(all.filter((line) => line.startsWith("import ")));
  project.write("main.ts", [...imports, ...all.filter((line) => !line.startsWith("import "))].join("\n"));
}

test("a resource group, then what stands on its cluster", async () => {
  const group = await project.succeed("import", "--resource-group", "shop", "--stack", "new");
  expect(group.stdout).toContain('new azure.ResourceGroup("shop"');
  expect(group.stderr).toContain("2 resources.");
  add(group.stdout);
  const { stdout } = await project.succeed("preview", "--stack", "new");
  expect(stdout).toContain("> azure:ManagedCluster shop");
  await project.succeed("up", "--yes", "--stack", "new");

  const cluster = await project.succeed("import", "--cluster", "shop", "--stack", "new");
  expect(cluster.stdout).toContain('new k8s.Deployment("web"');
  add(cluster.stdout);
  await project.succeed("up", "--yes", "--stack", "new");
  const after = await project.berth("preview", "--drift", "--detailed-exitcode", "--stack", "new");
  expect([after.code, after.stdout]).toEqual([0, expect.stringContaining("no changes")]);
  const nothing = await project.succeed("import", "--cluster", "shop", "--stack", "new");
  expect([nothing.stdout, nothing.stderr]).toEqual([
    "",
    "Nothing to import. 2 more are in the stack already.\n",
  ]);
});

test("one by its words, many from a file, and nothing that is not there", async () => {
  const id = "v1 Service default/none";
  const missing = await project.berth("import", "kubernetes:Service", "none", id, "--stack", "new");
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("BERTH6036")]);
  project.write(
    "some.json",
    JSON.stringify([
      { type: "kubernetes:Service", id },
      { type: "azure:None", id: "x" },
    ]),
  );
  const many = await project.berth("import", "--from", "some.json", "--stack", "new");
  expect(many.stderr).toMatch(/BERTH6036.*\n[^]*BERTH6035/);
  const words = await project.berth("import", "kubernetes:Service", "none", "--stack", "new");
  expect([words.code, words.stderr]).toEqual([1, expect.stringContaining("TYPE NAME ID")]);
  const none = await project.berth("import", "--stack", "new");
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("say what to import")]);
});
