import { describe, expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { onCluster, webShop } from "./programs.ts";

describe("a program", () => {
  test("that prints keeps the plan's JSON whole", async () => {
    using project = ProjectFolder.of({
      "main.ts": `console.log("hello");\nprocess.stdout.write("there");\nconsole.error("oops");\n${webShop}`,
    });
    const { code, stdout, stderr } = await project.berth("preview", "--json");
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ summary: { create: 4 } });
    expect(stderr).toMatch(/hello[^]*there|there[^]*hello/);
    expect(stderr).toContain("oops");
  });

  test.each([
    ["throws", `${webShop}\nthrow new TypeError("no shop today");\n`],
    ["throws something that is no error", `throw "nothing";\n`],
    ["throws what cannot be shown", `throw { toString() { throw new Error("never"); } };\n`],
    ["rejects", `await Promise.reject(new Error("no answer"));\n`],
    ["rejects where nobody waits", `void Promise.reject(new Error("nobody waits"));\nexport {};\n`],
    ["exits", `process.exit(0);\n`],
    ["never ends", `await new Promise(() => {});\n`],
    ["is not TypeScript", `const x: = 3;\nexport {};\n`],
    ["imports what is not there", `import { x } from "./other.ts";\nexport const y = x;\n`],
    ["imports a package that is not there", `import x from "left-pad";\nexport const y = x;\n`],
    ["imports a name that is not there", `import { Cloud } from "@berth/azure";\nnew Cloud("x");\n`],
  ])("that %s is refused with its line", async (_, program) => {
    using project = ProjectFolder.of({ "main.ts": program });
    const { code, stdout, stderr } = await project.berth("preview", "--json");
    expect([code, stdout], stderr).toEqual([1, ""]);
    expect(project.anywhere(stderr)).toMatchSnapshot();
    expect([...project.bytes()]).toEqual([]);
  });

  test("that is empty is nothing to do", async () => {
    using project = ProjectFolder.of({ "main.ts": "" });
    expect(await project.berth("preview", "--detailed-exitcode")).toMatchObject({ code: 0, stderr: "" });
    const { stderr } = await project.succeed("up", "--yes");
    expect(stderr).toContain("Nothing to do.");
    expect((await project.succeed("destroy", "--yes")).stderr).toContain("Nothing to do.");
  });

  test("of a thousand resources is planned, applied, and then unchanged", { timeout: 300_000 }, async () => {
    using project = ProjectFolder.of({
      "main.ts": onCluster(
        `for (let i = 0; i < 1000; i++) new k8s.ConfigMap(\`settings-\${i}\`, { data: { number: String(i) } });\n`,
      ),
    });
    expect((await project.plan()).summary.create).toBe(1002);
    await project.succeed("up", "--yes");
    expect((await project.berth("preview", "--detailed-exitcode")).code).toBe(0);
    project.edit("main.ts", "String(i)", "String(i + 1)");
    const { stdout } = await project.succeed("preview", "--format", "markdown");
    expect(stdout.length).toBeLessThan(65_536);
    expect(stdout).toContain("1000 to update");
  });

  test("in a folder with spaces and other scripts' letters works, and names no such path", async () => {
    using project = ProjectFolder.of(
      { "main.ts": webShop.replace("replicas: 2", 'replicas: "two"') },
      "mein Läden % 店 #1 'q'",
    );
    const { code, stderr } = await project.berth("preview");
    expect([code, stderr]).toEqual([1, expect.stringContaining("main.ts:13:1")]);
    project.write("main.ts", webShop);
    await project.succeed("up", "--yes");
    expect((await project.berth("preview", "--detailed-exitcode")).code).toBe(0);
  });
});

describe("hostile names", () => {
  test.each([
    ["a resource", onCluster(`new k8s.ConfigMap("../../etc/passwd", { data: {} });\n`)],
    [
      "a resource with control characters",
      onCluster(`new k8s.ConfigMap("a\\u001b[31mred\\u0007", { data: {} });\n`),
    ],
    ["a resource without one", onCluster(`new k8s.ConfigMap("", { data: {} });\n`)],
    ["a resource called __proto__", onCluster(`new k8s.ConfigMap("__proto__", { data: {} });\n`)],
    ["an object", onCluster(`new k8s.ConfigMap("x", { metadata: { name: "Not A Name" }, data: {} });\n`)],
    ["a key", onCluster(`new k8s.ConfigMap("x", { data: { "../up": "1" } });\n`)],
    [
      "a group",
      `import { ResourceGroup } from "@berth/azure";\nnew ResourceGroup("group/../../x", { location: "westeurope" });\n`,
    ],
  ])("%s is refused before anything happens", async (_, program) => {
    using project = ProjectFolder.of({ "main.ts": program });
    const { code, stdout, stderr } = await project.berth("preview");
    expect(code, stdout).toBe(1);
    // Nothing that a program says moves the cursor.
    // oxlint-disable-next-line no-control-regex
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    expect(stderr).toMatchSnapshot();
  });

  test.each([["../evil"], ["a/b"], ["."], [""], ["x".repeat(101)], ["dev\u0000"]].slice(0, 5))(
    "the stack %j is refused",
    async (stack) => {
      using project = ProjectFolder.of({ "main.ts": "" });
      const { code, stderr } = await project.berth("preview", "--stack", stack);
      expect([code, stderr]).toEqual([1, expect.stringContaining("BERTH7204")]);
    },
  );

  test("what a program exports is printed inert", async () => {
    using project = ProjectFolder.of({
      "main.ts": `export const title = "\\u001b]0;owned\\u0007\\u202ereversed";\n`,
    });
    const { stdout } = await project.berth("preview");
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
    await project.succeed("up", "--yes");
    // oxlint-disable-next-line no-control-regex
    expect((await project.succeed("stack", "outputs")).stdout).not.toMatch(/[\u001b\u0007\u202e]/);
  });
});

describe("a project", () => {
  test("that moves goes on where it is", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    await project.succeed("up", "--yes");
    using moved = ProjectFolder.copy(project.path, "moved");
    expect((await moved.berth("preview", "--detailed-exitcode")).code).toBe(0);
    await moved.succeed("destroy", "--yes");
  });

  test("works from a folder inside it, and from outside with --cwd", async () => {
    using project = ProjectFolder.of({ "main.ts": "export const answer = 42;\n", "deep/inside/x": "" });
    using elsewhere = ProjectFolder.empty();
    expect((await project.plan("--cwd", "deep/inside")).outputs).toMatchObject([{ name: "answer" }]);
    expect((await elsewhere.plan("--cwd", project.path)).outputs).toMatchObject([{ name: "answer" }]);
    const { code, stderr } = await elsewhere.berth("preview");
    expect([code, stderr]).toEqual([1, expect.stringContaining("BERTH7201")]);
  });

  test("has stacks that live side by side and do not see each other", async () => {
    using project = ProjectFolder.of({
      "main.ts": `import { Config } from "@berth/core";\n${webShop.replaceAll('"shop"', 'new Config().require("name")').replace("replicas: 2", 'replicas: new Config().requireNumber("replicas")')}`,
      "berth.dev.yaml": "config:\n  name: dev-shop\n  replicas: 1\n",
      "berth.prod.yaml": "config:\n  name: prod-shop\n  replicas: 3\n",
    });
    const unsaid = await project.berth("preview");
    expect([unsaid.code, unsaid.stderr]).toEqual([
      1,
      expect.stringContaining("the project has the stacks dev, prod"),
    ]);
    await project.succeed("up", "--yes", "--stack", "dev");
    await project.succeed("up", "--yes", "--stack", "prod");
    for (const [stack, pods] of [
      ["dev", 1],
      ["prod", 3],
    ] as const) {
      const { code, stdout } = await project.run(["preview", "--detailed-exitcode", "--json"], {
        env: { BERTH_STACK: stack },
      });
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ stack, summary: { pods: { staying: pods } } });
    }
    await project.succeed("destroy", "--yes", "--stack", "dev");
    expect((await project.berth("preview", "--detailed-exitcode", "--stack", "prod")).code).toBe(0);
    expect((await project.succeed("stack", "list")).stdout).toBe("dev\nprod\n");
  });

  test("whose state and cloud are deleted begins again", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    await project.succeed("up", "--yes");
    project.remove(".berth");
    expect((await project.plan()).summary.create).toBe(4);
    await project.succeed("up", "--yes");
    expect((await project.berth("preview", "--detailed-exitcode")).code).toBe(0);
  });

  test("whose state alone is deleted meets what exists, says so, and touches nothing", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    await project.succeed("up", "--yes");
    project.remove(".berth/state");
    const before = project.bytes(".berth/local");
    const { code, stderr } = await project.berth("up", "--yes");
    expect(code).toBe(1);
    expect(
      stderr
        .split("\n")
        .filter((line) => line.includes("error BERTH"))
        .join("\n"),
    ).toMatchInlineSnapshot(
      `"error BERTH5001 main.ts:5:15 azure:ResourceGroup shop /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop exists already"`,
    );
    expect(project.bytes(".berth/local")).toEqual(before);
  });

  test("whose local cloud alone is deleted says what is gone", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    await project.succeed("up", "--yes");
    project.remove(".berth/local");
    const preview = await project.berth("preview");
    expect(preview.code).toBe(0);
    expect(preview.stdout).toContain("azure:ManagedCluster shop  is gone");
    expect(preview.stdout).not.toContain("BERTH");
    expect(preview.stdout).toContain("outside of berth: 4 gone");
    expect(preview.stdout).toContain("4 to create");
    await project.succeed("up", "--yes");
    expect((await project.berth("preview", "--drift", "--detailed-exitcode")).code).toBe(0);
  });

  test("on a file system that cannot be written previews all the same, and up says why it cannot", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    const fault = { kind: "read-only", at: 1, path: project.path } as const;
    expect(await project.run(["preview", "--detailed-exitcode"], { fault })).toMatchObject({
      code: 2,
      stderr: "",
    });
    const first = await project.run(["up", "--yes"], { fault });
    expect(first.code).toBe(1);
    expect(
      project
        .anywhere(first.stderr)
        .split("\n")
        .filter((line) => line.includes("BERTH"))
        .join("\n"),
    ).toMatchInlineSnapshot(`
      "error BERTH4011 PROJECT/.berth/state/dev: EROFS: read-only file system, 'PROJECT/.berth/state/dev'
      More: berth help BERTH4011"
    `);

    await project.succeed("up", "--yes");
    const before = project.bytes();
    expect(await project.run(["preview", "--detailed-exitcode"], { fault })).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect((await project.run(["destroy", "--yes"], { fault })).code).toBe(1);
    expect(project.bytes()).toEqual(before);
  });

  test("has two stacks that are applied at the same time: one waits, or says why it cannot", async () => {
    using project = ProjectFolder.of({
      "main.ts": `import { Config } from "@berth/core";\n${webShop.replaceAll('"shop"', 'new Config().require("name")')}`,
      "berth.dev.yaml": "config:\n  name: dev-shop\n",
      "berth.prod.yaml": "config:\n  name: prod-shop\n",
    });
    const up = (stack: string) => project.berth("up", "--yes", "--stack", stack);
    for (const { code, stderr } of await Promise.all([up("dev"), up("prod")])) {
      if (code !== 0) expect(stderr).toMatch(/error BERTH5201 .*process \d+ has the local cloud/);
    }
    await project.succeed("up", "--yes", "--stack", "dev");
    await project.succeed("up", "--yes", "--stack", "prod");
    for (const stack of ["dev", "prod"]) {
      expect((await project.berth("preview", "--detailed-exitcode", "--stack", stack)).code).toBe(0);
    }
  });

  test("is planned with the same bytes whatever the clock, the time zone and the language", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    const [here, there] = await Promise.all([
      project.run(["preview", "--json"], { env: { TZ: "UTC", LC_ALL: "C" } }),
      project.run(["preview", "--json"], {
        env: { TZ: "Asia/Kathmandu", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" },
      }),
    ]);
    expect(here.code).toBe(0);
    expect(there.stdout).toBe(here.stdout);
  });

  test("keeps a secret's plaintext out of plans, reports, states and messages", async () => {
    const password = "correct horse battery staple";
    using project = ProjectFolder.of({
      "main.ts": `import { secret } from "@berth/core";
${webShop.replace('image: "nginx:1.29",', 'image: "nginx:1.29",\n            env: [{ name: "PASSWORD", value: secret(process.env["PASSWORD"] ?? "") }],')}
export const password = secret(process.env["PASSWORD"] ?? "");
`,
    });
    const env = { PASSWORD: password };
    const said: string[] = [];
    for (const words of [
      ["preview"],
      ["preview", "--json"],
      ["preview", "--format", "markdown"],
      ["up", "--yes", "--json"],
      ["preview", "--detailed-exitcode"],
      ["stack", "show", "--json"],
      ["stack", "outputs"],
    ]) {
      const { code, stdout, stderr } = await project.run(words, { env });
      expect(code, stderr).toBe(0);
      said.push(stdout, stderr);
    }
    const changed = await project.run(["preview", "--json", "--detailed-exitcode"], {
      env: { PASSWORD: `${password}!` },
    });
    expect(changed.code).toBe(2);
    expect(JSON.parse(changed.stdout)).toMatchObject({ summary: { update: 1 } });
    const kept = [...project.bytes(".berth/state").values()].map((bytes) =>
      Buffer.from(bytes, "base64").toString(),
    );
    const all = [...said, changed.stdout, changed.stderr, ...kept].join("\n");
    for (const form of [password, Buffer.from(password).toString("base64"), encodeURIComponent(password)]) {
      expect(all).not.toContain(form);
    }
  });

  test("is previewed by many at the same time, with the same bytes", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    await project.succeed("up", "--yes");
    const alone = await project.berth("preview", "--json");
    const together = await Promise.all([1, 2, 3, 4].map(() => project.berth("preview", "--json")));
    for (const { code, stdout, stderr } of together) {
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toBe(alone.stdout);
    }
  });
});
