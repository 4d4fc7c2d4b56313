import { afterAll, beforeAll, expect, test } from "vitest";
import { applyEdits } from "../../bench/src/demo/store-edits.ts";
import { ProjectFolder } from "./harness.ts";
import { clusterObjects, collectionsOf } from "./local-cloud.ts";

/** The store in a cluster whose name counts, so that another one can stand beside it, and what only another one can be. */
const named = 'name: "store{generation}",';
const edits = [
  {
    what: "the name",
    from: 'new azure.ManagedCluster("store", {',
    to: `new azure.ManagedCluster("store", {\n  ${named}`,
  },
  {
    what: "the network",
    from: named,
    to: `${named}\n  networkProfile: { serviceCidr: "10.1.0.0/16", dnsServiceIP: "10.1.0.10" },`,
  },
] as const;

let before: ProjectFolder;
beforeAll(async () => {
  before = ProjectFolder.store();
  before.write("store.ts", applyEdits(before.read("store.ts"), [edits[0]]));
  await before.succeed("up", "--yes");
});
afterAll(() => before[Symbol.dispose]());

/** The program asks for another cluster. */
function edited(): ProjectFolder {
  const project = ProjectFolder.copy(before.path);
  project.write("store.ts", applyEdits(project.read("store.ts"), [edits[1]]));
  return project;
}

async function expectOnlyTheNewOne(project: ProjectFolder): Promise<void> {
  const cloud = JSON.stringify(
    [...collectionsOf(project)].map(([name, values]) => [name, [...values.keys()]]),
  );
  expect(cloud).toContain("managedclusters/store2");
  expect(cloud).not.toContain("managedclusters/store1");
  const deployments = clusterObjects(project).filter(({ kind }) => kind === "Deployment");
  expect(deployments.map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining(["order-service", "product-service", "store-front"]),
  );
  const { code, stdout } = await project.berth("preview", "--detailed-exitcode");
  expect(code, stdout).toBe(0);
  const state = JSON.parse((await project.succeed("stack", "show", "--json")).stdout) as {
    readonly pending: object[];
  };
  expect(state).toMatchObject({ pending: [] });
}

test("a cluster is made beside the old one, filled, and then the old one goes with all that is on it", async () => {
  using project = edited();
  const { stdout } = await project.succeed("preview");
  expect(stdout).toContain("10 to replace");
  expect(stdout).toContain("pods: 4 new, 4 gone");
  expect(stdout).toContain("because its cluster store is replaced");
  expect(stdout).toContain("the old one goes with azure:ManagedCluster store");
  await project.succeed("up", "--yes");
  await expectOnlyTheNewOne(project);
});

test("killed on the way, it goes on", { timeout: 600_000 }, async () => {
  const step = process.env["BERTH_LONG"] === "1" ? 1 : 9;
  let met = 0;
  for (let at = 2; ; at += step) {
    using project = edited();
    const first = await project.run(["up", "--yes"], { fault: { kind: "kill", path: "dev/journal.", at } });
    if (first.code === 0) break;
    met++;
    await project.succeed("up", "--yes");
    await expectOnlyTheNewOne(project);
  }
  expect(met).toBeGreaterThan(3);
});
