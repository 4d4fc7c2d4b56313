import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasTerminals, ProjectFolder } from "./harness.ts";
import { outside } from "./outside.ts";
import { webShop } from "./programs.ts";

// A story of a project on whose cloud others work, too.

const web = "/apis/apps/v1/namespaces/default/deployments/web";
const cluster = "shop/providers/Microsoft.ContainerService/managedClusters/shop";

let project: ProjectFolder;
beforeEach(async () => {
  project = ProjectFolder.of({ "main.ts": webShop });
  await project.succeed("up", "--yes");
});
afterEach(() => project[Symbol.dispose]());

const scale = (replicas: number): Promise<void> =>
  outside(project, ({ kubectl }) => kubectl("shop/shop", web, { spec: { replicas } }));

describe("drift", () => {
  test("is shown on demand, as a report and for scripts", async () => {
    expect((await project.berth("preview", "--drift", "--detailed-exitcode")).code).toBe(0);
    await scale(5);
    expect((await project.berth("preview", "--detailed-exitcode")).code, "unread, nothing is known").toBe(0);
    const { code, stdout } = await project.berth("preview", "--drift", "--detailed-exitcode");
    expect(code).toBe(2);
    expect(stdout).toContain("outside of berth: 1 changed");
    expect(stdout).toContain("Changed outside of berth\n  ~ kubernetes:Deployment web  1 property\n");
    expect(stdout).toContain("~ spec.replicas: 2 → 5");
    expect(stdout).toContain("~ spec.replicas: 5 → 2");
    const markdown = (await project.succeed("preview", "--drift", "--format", "markdown")).stdout;
    expect(markdown).toContain("Changed outside of berth");
    const plan = await project.plan("--drift");
    expect(plan.drift).toMatchObject([
      { name: "web", kind: "changed", properties: [{ before: 2, after: 5 }] },
    ]);
  });

  test("is taken back by up --refresh, which shows what the preview showed", async () => {
    await scale(5);
    const shown = (await project.succeed("preview", "--refresh")).stdout;
    const { stderr } = await project.succeed("up", "--refresh", "--yes");
    expect(stderr).toContain(shown);
    expect((await project.berth("preview", "--drift", "--detailed-exitcode")).code).toBe(0);
  });

  test("is recorded by refresh, which changes nothing else and leaves the rest to up", async () => {
    await scale(5);
    await outside(project, ({ kubectl }) => kubectl("shop/shop", "/api/v1/namespaces/default/services/web"));
    const refused = await project.berth("refresh");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("BERTH8002")]);
    const { stderr } = await project.succeed("refresh", "--yes");
    expect(stderr).toContain("test/dev (refresh): outside of berth: 1 changed, 1 gone");
    expect(stderr).toContain("- kubernetes:Service web  is gone");
    expect(stderr).toContain("Recorded as it is now.");
    const again = await project.succeed("refresh");
    expect(again.stderr).toContain("as recorded");
    const plan = await project.plan();
    expect(plan.changes.map(({ action, name }) => `${action} ${name}`)).toEqual(["update web", "create web"]);
    await project.succeed("up", "--yes");
    expect((await project.berth("preview", "--drift", "--detailed-exitcode")).code).toBe(0);
  });

  test("that a run without a look at it meets is not overwritten", async () => {
    await scale(5);
    project.edit("main.ts", "replicas: 2", "replicas: 3");
    const blind = await project.berth("up", "--yes");
    expect([blind.code, blind.stderr]).toEqual([1, expect.stringContaining("BERTH5102")]);
    await project.succeed("up", "--yes", "--refresh");
    expect((await project.berth("preview", "--drift", "--detailed-exitcode")).code).toBe(0);
  });

  test("and offline are not asked for together", async () => {
    const { code, stderr } = await project.berth("preview", "--drift", "--offline");
    expect([code, stderr]).toEqual([1, expect.stringContaining("BERTH8001")]);
  });

  test.runIf(hasTerminals)("is asked about before it is recorded", async () => {
    await scale(5);
    const answer = { to: "Record this?", with: "n\n" };
    const { stdout } = await project.run(["refresh"], { answer });
    expect(stdout).toContain("Nothing was applied.");
    expect((await project.plan("--drift")).drift).toHaveLength(1);
  });
});

describe("a cluster deleted outside", () => {
  beforeEach(() => outside(project, ({ az }) => az(cluster)));

  test("is made again by up, with what stood on it, without any state surgery", async () => {
    const { code, stdout } = await project.berth("preview", "--detailed-exitcode");
    expect([code, stdout]).toEqual([2, expect.stringContaining("outside of berth: 3 gone")]);
    await project.succeed("up", "--yes");
    expect((await project.berth("preview", "--drift", "--detailed-exitcode")).code).toBe(0);
  });

  test("is forgotten by destroy", async () => {
    await project.succeed("destroy", "--yes");
    expect((await project.succeed("stack", "show", "--stack", "dev")).stdout).toContain("has no resources");
  });
});

test("an object deleted outside and then edited fails once, and the next run creates it", async () => {
  await outside(project, ({ kubectl }) => kubectl("shop/shop", web));
  project.edit("main.ts", "replicas: 2", "replicas: 3");
  const failed = await project.berth("up", "--yes");
  expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining("BERTH5110")]);
  const { stderr } = await project.succeed("up", "--yes");
  expect(stderr).toContain("settled an interrupted update of kubernetes:Deployment web: gone");
  expect((await project.berth("preview", "--drift", "--detailed-exitcode")).code).toBe(0);
});
