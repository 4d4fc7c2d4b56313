import { describe, expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { webShop } from "./programs.ts";

const config = `import { Config, secret } from "@berth/core";
export const greeting = new Config().get("greeting") ?? "nobody";
export const token = secret("hunter2");
`;

describe("stacks come and go", () => {
  test("init, list, select, outputs, rm", async () => {
    using project = ProjectFolder.of({ "main.ts": config });
    expect((await project.succeed("stack", "list")).stdout).toBe("");
    await project.succeed("stack", "init", "dev");
    await project.succeed("config", "set", "greeting", "hello dev", "--stack", "dev");
    await project.succeed("stack", "init", "prod", "--copy-config-from", "dev");
    expect(project.read("berth.prod.yaml")).toBe(project.read("berth.dev.yaml"));
    const again = await project.berth("stack", "init", "dev");
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining("BERTH7003 there is a stack dev already"),
    ]);

    const unclear = await project.berth("preview");
    expect(unclear.stderr).toContain("BERTH7002 the project has the stacks dev, prod");
    const misspelt = await project.berth("stack", "select", "prdo");
    expect(misspelt.stderr).toContain("did you mean prod?");
    await project.succeed("stack", "select", "prod");
    expect((await project.succeed("stack", "select")).stdout).toBe("prod\n");
    expect((await project.succeed("stack", "list")).stdout).toBe("dev\nprod  (selected)\n");
    expect(JSON.parse((await project.succeed("stack", "list", "--json")).stdout)).toEqual([
      { name: "dev", selected: false },
      { name: "prod", selected: true },
    ]);
    expect((await project.plan()).stack).toBe("prod");
    expect((await project.plan("--stack", "dev")).stack).toBe("dev");
    const environment = await project.run(["preview", "--json"], { env: { BERTH_STACK: "dev" } });
    expect(JSON.parse(environment.stdout)).toMatchObject({ stack: "dev" });

    await project.succeed("up", "--yes");
    expect((await project.succeed("stack", "outputs")).stdout).toBe("greeting: hello dev\ntoken: [secret]\n");
    expect((await project.succeed("stack", "outputs", "greeting")).stdout).toBe("hello dev\n");
    expect((await project.succeed("stack", "outputs", "token")).stdout).toBe("[secret]\n");
    expect((await project.succeed("stack", "outputs", "token", "--show-secrets")).stdout).toBe("hunter2\n");
    const unknown = await project.berth("stack", "outputs", "greetin");
    expect(unknown.stderr).toContain(
      'BERTH8010 the stack prod has no output "greetin"\n  did you mean greeting?',
    );

    const asked = await project.berth("stack", "rm", "prod");
    expect([asked.code, asked.stderr]).toEqual([1, expect.stringContaining("BERTH8002")]);
    await project.succeed("stack", "rm", "prod", "--yes");
    expect(project.has("berth.prod.yaml")).toBe(false);
    expect((await project.succeed("stack", "list")).stdout).toBe("dev\n");
  });

  test("a stack with resources is renamed with all that is known of it, and not removed", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    await project.succeed("up", "--yes", "--stack", "dev");
    await project.succeed("config", "set", "greeting", "hello");
    await project.succeed("stack", "select", "dev");
    await project.succeed("stack", "rename", "dev", "test");
    expect((await project.succeed("stack", "list")).stdout).toBe("test  (selected)\n");
    expect([project.has("berth.dev.yaml"), project.has("berth.test.yaml")]).toEqual([false, true]);
    for (const words of [[], ["--offline"], ["--drift"]]) {
      const plan = await project.plan(...words);
      expect([plan.stack, plan.changes, plan.drift ?? []]).toEqual(["test", [], []]);
    }
    const refused = await project.berth("stack", "rm", "test", "--yes");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("BERTH4009")]);
    expect(project.has("berth.test.yaml")).toBe(true);
    await project.succeed("stack", "init", "dev");
    expect((await project.berth("stack", "rename", "test", "dev")).stderr).toContain("BERTH7003");
    const forced = await project.succeed("stack", "rm", "test", "--yes", "--force");
    expect(forced.stderr).toContain("test/test has 4 resources. They stay where they are");
    expect((await project.succeed("stack", "list")).stdout).toBe("dev\n");
  });

  test("what is recorded is written out and taken in", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    await project.succeed("up", "--yes", "--stack", "dev");
    const { stdout } = await project.succeed("stack", "export");
    const copy = await project.run(["stack", "import", "-", "--rename", "--stack", "copy", "--yes"], {
      input: stdout,
    });
    expect(copy.code, copy.stderr).toBe(0);
    expect((await project.plan("--stack", "copy")).changes).toEqual([]);
  });

  test("a selected stack that is gone is said", async () => {
    using project = ProjectFolder.of({ "main.ts": config, "berth.dev.yaml": "config: {}\n" });
    await project.succeed("stack", "select", "dev");
    project.remove("berth.dev.yaml");
    const { code, stderr } = await project.berth("preview");
    expect([code, stderr]).toEqual([1, expect.stringContaining('BERTH7001 the selected stack "dev"')]);
    await project.succeed("stack", "select", "--none");
    expect((await project.berth("preview")).code).toBe(0);
  });
});

test("options of a command may stand before it, where it has them", async () => {
  using project = ProjectFolder.of({
    "main.ts": config,
    "berth.dev.yaml": "config: {}\n",
    "berth.prod.yaml": "config: {}\n",
  });
  const before = await project.succeed("--stack", "prod", "preview", "--json");
  expect(JSON.parse(before.stdout)).toMatchObject({ stack: "prod" });
  const both = await project.succeed("--stack", "prod", "preview", "--json", "--stack", "dev");
  expect(JSON.parse(both.stdout)).toMatchObject({ stack: "dev" });
  const folder = await project.run(["--cwd", project.path, "-s", "dev", "stack", "outputs"]);
  expect(folder.code, folder.stderr).toBe(0);
  const none = await project.berth("--stack", "prod", "new", "x");
  expect([none.code, none.stderr]).toEqual([
    1,
    expect.stringContaining("BERTH8001 unknown option '--stack' of new"),
  ]);
});
