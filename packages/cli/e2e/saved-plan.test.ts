import { afterAll, beforeAll, expect, test } from "vitest";
import { collectionsOf } from "./local-cloud.ts";
import { ProjectFolder } from "./harness.ts";
import { webShop } from "./programs.ts";

const program = `import { Config, secret } from "@berth/core";\n${webShop.replace(
  "replicas: 2",
  'replicas: new Config().getNumber("replicas") ?? 2',
)}
new k8s.ConfigMap("token", { data: { token: secret("a-marker-of-a-secret") } });
`;

let applied: ProjectFolder;
beforeAll(async () => {
  applied = ProjectFolder.of({ "main.ts": program, "berth.dev.yaml": "config:\n  replicas: 2\n" });
  await applied.succeed("up", "--yes");
  applied.edit("berth.dev.yaml", "replicas: 2", "replicas: 3");
  await applied.succeed("preview", "--out", "plan.json");
});
afterAll(() => applied[Symbol.dispose]());

/** What plan check and up --plan say where something moved; neither changes anything. */
async function staleness(project: ProjectFolder): Promise<string> {
  const cloud = JSON.stringify([...collectionsOf(project)].map(([name, each]) => [name, [...each]]));
  const check = await project.berth("plan", "check", "plan.json");
  expect(check.code, check.stderr).toBe(2);
  const up = await project.berth("up", "--plan", "plan.json");
  expect(up.code, up.stderr).toBe(1);
  expect(JSON.stringify([...collectionsOf(project)].map(([name, each]) => [name, [...each]]))).toBe(cloud);
  const said = (text: string, code: string): readonly string[] =>
    text.split("\n").flatMap((line) => line.split(`error ${code} `)[1] ?? []);
  // `up` says what it can tell without looking at clusters, where that is enough.
  const refused = said(up.stderr, "BERTH6052");
  expect(refused.length).toBeGreaterThan(0);
  expect(said(check.stderr, "BERTH8008")).toEqual(expect.arrayContaining([...refused]));
  return said(check.stderr, "BERTH8008").join("\n");
}

test("a plan is saved, shown, checked and applied without a question", async () => {
  using project = ProjectFolder.copy(applied.path);
  const text = project.read("plan.json");
  expect(text).not.toContain("a-marker-of-a-secret");
  await project.succeed("preview", "--out", "again.json");
  expect(project.read("again.json")).toBe(text);

  const fresh = await project.succeed("plan", "check", "plan.json");
  expect(fresh.stdout).toBe("plan.json is fresh: what it was made from is as it was.\n");
  const shown = await project.succeed("plan", "show", "plan.json");
  expect(shown.stdout).toBe((await project.succeed("preview")).stdout);
  expect((await project.succeed("plan", "show", "plan.json", "--format", "markdown")).stdout).toContain(
    "spec.replicas",
  );

  const { stderr } = await project.succeed("up", "--plan", "plan.json");
  expect(stderr).toContain("Done: 1 of 1 steps.");
  expect((await project.plan()).steps).toEqual([]);
  expect(await staleness(project)).toMatch(/^the state is at serial \d+, the plan was made at \d+$/m);
});

test("a stale plan says what moved: the configuration, the program", async () => {
  using configured = ProjectFolder.copy(applied.path);
  configured.edit("berth.dev.yaml", "replicas: 3", "replicas: 4");
  expect(await staleness(configured)).toBe(
    "berth.dev.yaml changed: replicas 3 → 4\nthe program declares kubernetes:Deployment web otherwise",
  );

  using edited = ProjectFolder.copy(applied.path);
  edited.edit("main.ts", "nginx:1.29", "nginx:1.30");
  expect(await staleness(edited)).toBe("the program declares kubernetes:Deployment web otherwise");
});

test("an altered plan is refused, and so is one of another stack", async () => {
  using project = ProjectFolder.copy(applied.path);
  project.write("plan.json", project.read("plan.json").replace('"replicas"', '"replicaz"'));
  for (const words of [
    ["up", "--plan", "plan.json"],
    ["plan", "check", "plan.json"],
    ["plan", "show", "plan.json"],
  ]) {
    const { code, stderr } = await project.berth(...words);
    expect([code, stderr.split("\n")[0]]).toEqual([
      1,
      "error BERTH6050 plan.json: its content does not match its checksum",
    ]);
  }
  project.write("plan.json", applied.read("plan.json"));
  const other = await project.berth("up", "--plan", "plan.json", "--stack", "prod");
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("BERTH6053")]);
  const both = await project.berth("up", "--plan", "plan.json", "--target", "web");
  expect([both.code, both.stderr]).toEqual([1, expect.stringContaining("BERTH8001")]);
  const none = await project.berth("plan", "check", "none.json");
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("BERTH8007")]);
});
