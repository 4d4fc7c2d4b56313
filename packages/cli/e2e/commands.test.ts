import { allCodes, newProjectFiles } from "@berth/automation";
import { describe, expect, test } from "vitest";
import { plainPalette } from "@berth/report";
import { main } from "../src/main.ts";
import { processTerminal } from "../src/terminal.ts";
import { ProjectFolder } from "./harness.ts";
import { onCluster, webShop } from "./programs.ts";

// oxlint-disable-next-line no-control-regex
const escape = /\u001b/;

/** One pod that fits on no node, and one that does. */
const tooLarge = onCluster(`
new k8s.Workload("large", {
  image: "large:1",
  replicas: 1,
  resources: { requests: { cpu: "64", memory: "1Gi" } },
});
`);

describe("berth new", () => {
  test("in an empty folder makes a project that previews at once", async () => {
    using folder = ProjectFolder.empty("hello-world");
    const made = await folder.berth("new");
    expect(made.code, made.stderr).toBe(0);
    expect(folder.anywhere(made.stderr)).toMatchInlineSnapshot(`
      "hello-world is ready in PROJECT:
        berth.yaml
        main.ts
        package.json
        tsconfig.json
        .gitignore

      Next: berth preview
      "
    `);
    const { summary, problems } = await folder.plan();
    expect(summary).toMatchObject({ create: 4, pods: { new: 3, unplaced: 0 } });
    expect(problems).toEqual([]);
    expect((await folder.berth("preview", "--detailed-exitcode")).code).toBe(2);
  });

  test("in a folder of its own, with a name", async () => {
    using folder = ProjectFolder.empty();
    await folder.succeed("new", "shop", "--name", "corner-shop");
    expect(folder.read("shop/berth.yaml")).toContain("name: corner-shop");
    expect((await folder.plan("--cwd", "shop")).project).toBe("corner-shop");
  });

  test("overwrites nothing, and names all that is in the way", async () => {
    using folder = ProjectFolder.empty();
    folder.write("main.ts", "mine");
    folder.write("package.json", "{}");
    const { code, stderr } = await folder.berth("new");
    expect(code).toBe(1);
    expect(folder.anywhere(stderr)).toMatchInlineSnapshot(`
      "error BERTH7205 PROJECT/main.ts exists already
      error BERTH7205 PROJECT/package.json exists already

      More: berth help BERTH7205
      "
    `);
    expect([folder.read("main.ts"), folder.has("berth.yaml")]).toEqual(["mine", false]);
  });

  test("its program is the first one of the README, twenty lines and a few, and up runs it", async () => {
    using folder = ProjectFolder.empty("hello");
    await folder.succeed("new");
    expect(folder.read("main.ts")).toBe(newProjectFiles("hello")["main.ts"]);
    await folder.succeed("up", "--yes");
    expect((await folder.berth("preview", "--detailed-exitcode")).code).toBe(0);
    expect((await folder.succeed("stack", "outputs")).stdout).toMatch(/^address: \d+\.\d+\.\d+\.\d+\n$/);
  });
});

describe("exit codes", () => {
  test.each([
    ["an empty program", "export {};\n", 0, 0],
    ["changes", webShop, 0, 2],
    ["a pod that fits nowhere", tooLarge, 0, 3],
    ["an error", webShop.replace("replicas: 2", "replicas: -2"), 1, 1],
    ["an error, beside a pod that fits nowhere", `${tooLarge}\nnew k8s.Deployment("none", {});\n`, 1, 1],
  ])("%s", async (_, program, plain, detailed) => {
    using project = ProjectFolder.of({ "main.ts": program });
    const ended = await Promise.all([
      project.berth("preview"),
      project.berth("preview", "--detailed-exitcode"),
    ]);
    expect(
      ended.map(({ code }) => code),
      ended[0].stderr,
    ).toEqual([plain, detailed]);
  });

  test("a pod that fits nowhere is told, with the way out", async () => {
    using project = ProjectFolder.of({ "main.ts": tooLarge });
    const { stdout } = await project.berth("preview");
    expect(stdout).toContain(
      "warning BERTH3201 main.ts:13:1 kubernetes:Deployment large/large large#1 without a node",
    );
    expect(stdout).toContain("! large#1  no node: 0/2 nodes are available: 2 Insufficient cpu.");
    expect(stdout).toContain("the largest node, system#1, gives 1900m");
  });
});

describe("output", () => {
  test("is plain in pipes and CI, and where NO_COLOR says so; coloured only where that is forced", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    const preview = (env: Record<string, string>) => project.run(["preview"], { env });
    const [plain, ci, no, forced] = await Promise.all([
      preview({}),
      preview({ CI: "true" }),
      preview({ NO_COLOR: "1", FORCE_COLOR: "1" }),
      preview({ FORCE_COLOR: "1" }),
    ]);
    for (const { stdout, stderr } of [plain, ci, no]) expect(stdout + stderr).not.toMatch(escape);
    expect(forced.stdout).toMatch(escape);
    // oxlint-disable-next-line no-control-regex
    expect(forced.stdout.replaceAll(/\u001b\[[\d;]*m/g, "")).toBe(plain.stdout);
    expect([ci.stdout, no.stdout]).toEqual([plain.stdout, plain.stdout]);
  });

  test("as Markdown fits into a comment on GitHub", async () => {
    using store = ProjectFolder.store();
    const { code, stdout } = await store.berth("preview", "--format", "markdown");
    expect(code).toBe(0);
    expect(stdout.length).toBeLessThan(65_536);
    expect(stdout).toMatch(/^<!-- berth:preview project=aks-store stack=dev -->\n/);
    expect(stdout).not.toMatch(escape);
  });

  test("as JSON is one document on the output, with nothing else", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    const [json, format] = await Promise.all([
      project.berth("preview", "--json"),
      project.berth("preview", "--format", "json"),
    ]);
    expect(JSON.parse(json.stdout)).toMatchObject({ format: "berth.plan", version: 1 });
    expect([format.stdout, json.stderr]).toEqual([json.stdout, ""]);
  });
});

describe("berth help", () => {
  test("explains every code", async () => {
    using folder = ProjectFolder.empty();
    const { stdout } = await folder.succeed("help", "--codes");
    const listed = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(0, "BERTH0000".length));
    expect(listed).toEqual(expect.arrayContaining(allCodes().map((each) => each.code)));
    expect(listed).toEqual(listed.toSorted());
    expect(new Set(listed).size).toBe(listed.length);
  });

  test("explains a command as the command itself does", async () => {
    using folder = ProjectFolder.empty();
    const { stdout } = await folder.succeed("help", "preview");
    expect(stdout).toBe((await folder.succeed("preview", "--help")).stdout);
    expect(stdout).toContain("Usage: berth preview [options]");
  });

  test("tells what happened, and what to do, of each", async () => {
    for (const { code, title, explanation, remedy } of allCodes()) {
      let text = "";
      const terminal = {
        ...processTerminal(),
        palette: plainPalette,
        write: (part: string) => void (text += part),
      };
      expect(await main(["help", code.toLowerCase()], terminal), code).toBe(0);
      expect(text.replaceAll(/\s+/g, " ")).toContain(
        `${code}: ${title} ${explanation} What to do: ${remedy}`.replaceAll(/\s+/g, " "),
      );
      expect(Math.max(...text.split("\n").map((line) => line.length)), code).toBeLessThanOrEqual(90);
    }
  });

  test("answers a real process", async () => {
    using folder = ProjectFolder.empty();
    const { stdout } = await folder.succeed("help", "BERTH3101");
    expect(stdout).toMatchInlineSnapshot(`
      "BERTH3101: Service selects nothing

      The selector of a service matches no pod of the cluster and no pod template of the program
      in its namespace. Traffic to the service would be refused.

      What to do: Compare the service's \`spec.selector\` with the labels of the pod template that
      it is for (\`spec.template.metadata.labels\`) and with its namespace. If the pods come from
      elsewhere, silence the check on the service: \`{ silence: ["BERTH3101"] }\`.
      "
    `);
  });

  test.each([
    [["help", "BERTH9999"], "BERTH8003"],
    [["help", "nonsense"], "BERTH8003"],
    [["previw"], "BERTH8001"],
    [["preview", "--detailed-exit-code"], "BERTH8001"],
    [["preview", "--format", "html"], "BERTH8001"],
    [["preview", "extra"], "BERTH8001"],
    [["config", "get"], "BERTH8001"],
    [["config", "sett", "a", "b"], "BERTH8001"],
  ])("%j is refused, and the nearest named", async (words, code) => {
    using folder = ProjectFolder.empty();
    const ended = await folder.berth(...words);
    expect([ended.code, ended.stdout]).toEqual([1, ""]);
    expect(ended.stderr).toContain(`error ${code}`);
    expect(ended.stderr).toMatchSnapshot();
  });

  test("without words, and with --help, prints what there is", async () => {
    using folder = ProjectFolder.empty();
    const [none, group, help, flag] = await Promise.all([
      folder.berth(),
      folder.berth("stack"),
      folder.berth("help"),
      folder.berth("--help"),
    ]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(flag).toEqual(help);
    expect(none).toMatchObject({ code: 1, stdout: "", stderr: help.stdout });
    expect(group).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("Usage: berth stack"),
    });
    for (const command of ["preview", "why", "up", "destroy", "stack", "config", "new", "help"]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${command} .*  \\w`, "m"));
    }
  });
});

test("up and destroy without --yes and without a terminal refuse, and change nothing", async () => {
  using project = ProjectFolder.of({ "main.ts": webShop });
  const refused = await project.berth("up");
  expect([refused.code, refused.stdout]).toEqual([1, ""]);
  expect(
    refused.stderr
      .split("\n")
      .filter((line) => line.includes("BERTH"))
      .join("\n"),
  ).toMatchInlineSnapshot(`
    "error BERTH8002 test/dev would change, and nobody is there to say yes
    More: berth help BERTH8002"
  `);
  expect([...project.bytes().keys()]).toEqual([]);

  await project.succeed("up", "--yes");
  const before = project.bytes();
  const kept = await project.berth("destroy");
  expect(kept.code).toBe(1);
  expect(kept.stderr).toContain("BERTH8002");
  expect(project.bytes()).toEqual(before);
});

test("a stack that does not exist is neither destroyed nor shown: its name is misspelt", async () => {
  using project = ProjectFolder.of({ "main.ts": webShop });
  await project.succeed("up", "--yes", "--stack", "prod");
  for (const words of [
    ["destroy", "--yes"],
    ["stack", "show"],
    ["stack", "outputs"],
  ]) {
    const { code, stdout, stderr } = await project.berth(...words, "--stack", "prdo");
    expect([code, stdout], stderr).toEqual([1, ""]);
    expect(stderr).toContain(`BERTH7001 the project test has no stack "prdo"\n  did you mean prod?`);
  }
  await project.succeed("destroy", "--yes", "--stack", "prod");
  await project.succeed("destroy", "--yes", "--stack", "prod");
});

describe("a stack's configuration", () => {
  test("is set, listed, read, removed, and what a program sees", async () => {
    using project = ProjectFolder.of({
      "main.ts": `import { Config } from "@berth/core";\nexport const replicas = new Config().requireNumber("replicas");\n`,
    });
    await project.succeed("config", "set", "replicas", "3");
    expect((await project.succeed("config", "get", "replicas")).stdout).toBe("3\n");
    expect((await project.succeed("config", "list")).stdout).toBe("replicas: 3\n");
    expect((await project.plan()).outputs).toMatchObject([{ name: "replicas", action: "create", after: 3 }]);
    const unknown = await project.berth("config", "get", "replicsa");
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('did you mean "replicas"?');
    await project.succeed("config", "rm", "replicas");
    expect((await project.berth("preview")).code).toBe(1);
  });
});
