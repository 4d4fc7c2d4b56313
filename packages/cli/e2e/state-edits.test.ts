import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, ProjectFolder } from "./harness.ts";
import { webShop } from "./programs.ts";

const snapshot = ".berth/state/dev/snapshot.json";
const deployment = "kubernetes:Deployment::web";
const service = "kubernetes:Service::web";

let applied: ProjectFolder;
beforeAll(async () => {
  applied = ProjectFolder.of({ "main.ts": webShop });
  await applied.succeed("up", "--yes");
});
afterAll(() => applied[Symbol.dispose]());

/** What a command refuses, with nothing changed. */
async function refused(words: readonly string[], edit = (_: ProjectFolder): void => {}): Promise<string> {
  using project = ProjectFolder.copy(applied.path);
  edit(project);
  const before = project.read(snapshot);
  const { code, stdout, stderr } = await project.berth("state", ...words);
  expect([code, stdout], stderr).toEqual([1, ""]);
  expect(project.read(snapshot)).toBe(before);
  return project.anywhere(stderr);
}

async function names(project: ProjectFolder): Promise<readonly string[]> {
  const { stdout } = await project.succeed("state", "list", "--json");
  return (JSON.parse(stdout) as { readonly name: string }[]).map(({ name }) => name);
}

describe("berth state list and show", () => {
  test("name what is recorded", async () => {
    const { stdout } = await applied.succeed("state", "list");
    expect(stdout.split("\n").map((line) => line.split(/\s{2,}/)[0])).toEqual([
      "azure:ResourceGroup::shop",
      "azure:ManagedCluster::shop",
      deployment,
      service,
      "",
    ]);
    expect((await applied.succeed("state", "list", "kubernetes:*")).stdout.split("\n")).toHaveLength(3);
    expect((await applied.succeed("state", "show", deployment)).stdout).toContain(
      "apps/v1 Deployment default/web",
    );
  });

  test("of a name that is misspelt or could be several say so", async () => {
    expect(await refused(["show", "wep"])).toContain("did you mean web?");
    expect(await refused(["show", "web"])).toContain(
      `error BERTH4032 "web" could be ${deployment} or ${service}`,
    );
  });
});

describe("berth state mv", () => {
  test("gives a resource another name, with which the program goes on", async () => {
    using project = ProjectFolder.copy(applied.path);
    await project.succeed("state", "mv", deployment, "front");
    expect(await names(project)).toContain("kubernetes:Deployment::front");
    project.edit(
      "main.ts",
      'new k8s.Deployment("web", {',
      'new k8s.Deployment("front", { metadata: { name: "web" },',
    );
    const { summary } = await project.plan();
    expect([summary.create, summary.delete, summary.replace]).toEqual([0, 0, 0]);
    await project.succeed("up", "--yes");
    expect((await project.plan()).summary.update).toBe(0);
  });

  test("moves a cluster without losing what stands on it", async () => {
    using project = ProjectFolder.copy(applied.path);
    await project.succeed("state", "mv", "azure:ManagedCluster::shop", "main");
    project.edit(
      "main.ts",
      'new azure.ManagedCluster("shop", {',
      'new azure.ManagedCluster("main", { name: "shop",',
    );
    const { summary } = await project.plan();
    expect([summary.create, summary.delete, summary.replace]).toEqual([0, 0, 0]);
    const { stderr } = await project.succeed("preview", "--offline");
    expect(stderr).toBe("");
  });

  test("to what is taken, no name or of another type is refused", async () => {
    expect(await refused(["mv", deployment, "a//b"])).toContain("error BERTH4035");
    expect(await refused(["mv", deployment, "urn:berth:dev:test::kubernetes:Service::front"])).toContain(
      "a move changes names only",
    );
    expect(await refused(["mv", deployment, "web"])).toContain("which is being moved itself");
    expect(await refused(["mv", "nothing-like-it", "web"])).toContain("error BERTH4031");
  });
});

describe("berth state rm", () => {
  test("forgets, and leaves the thing where it is", async () => {
    using project = ProjectFolder.copy(applied.path);
    const { stderr, stdout } = await project.succeed("state", "rm", service, "--yes", "--json");
    expect(stderr).toContain("They stay where they are");
    expect(JSON.parse(stdout)).toMatchObject({ removed: [{ ids: ["v1 Service default/web"] }] });
    expect(await names(project)).not.toContain(service);
    // It is still there, and is not made a second time.
    const { code, stderr: said } = await project.berth("up", "--yes");
    expect([code, said]).toEqual([1, expect.stringContaining("is on the cluster already")]);
  });

  test("of what others need is refused, unless they go too", async () => {
    expect(await refused(["rm", "azure:ManagedCluster::shop", "--yes"])).toContain(
      `error BERTH4033 azure:ManagedCluster shop it is needed by ${service}, ${deployment}`,
    );
    using project = ProjectFolder.copy(applied.path);
    await project.succeed("state", "rm", "azure:ManagedCluster::shop", "--with-dependents", "--yes");
    expect(await names(project)).toEqual(["azure:ResourceGroup::shop"]);
  });

  test("without a yes changes nothing", async () => {
    expect(await refused(["rm", service])).toContain("error BERTH8002");
  });

  test("of what is protected is refused until it is not", async () => {
    using project = ProjectFolder.copy(applied.path);
    await project.succeed("state", "protect", service);
    expect((await project.succeed("state", "list")).stdout).toContain("(protected)");
    expect((await project.berth("state", "rm", service, "--yes")).stderr).toContain("error BERTH4034");
    await project.succeed("state", "unprotect", service);
    await project.succeed("state", "rm", service, "--yes");
  });
});

describe("berth state export and import", () => {
  test("bring back what was recorded", async () => {
    using project = ProjectFolder.copy(applied.path);
    await project.succeed("state", "export", "--out", "dev.json");
    const before = await names(project);
    await project.succeed("state", "rm", service, "--yes");
    const { code, stderr } = await project.berth("state", "import", "dev.json", "--yes");
    expect([code, stderr]).toEqual([1, expect.stringContaining("it is older than what is recorded")]);
    const imported = await project.succeed("state", "import", "dev.json", "--yes", "--force");
    expect(imported.stderr).toContain(`+ ${service}`);
    expect(await names(project)).toEqual(before);
    expect((await project.plan()).summary.create).toBe(0);
    expect((await project.berth("state", "export", "--out", "dev.json")).stderr).toContain("error BERTH8020");
  });

  test("of a state that lacks something recorded, is another stack's, or is not whole is refused", async () => {
    const { stdout } = await applied.succeed("state", "export");
    const exported = JSON.parse(stdout) as {
      serial: number;
      resources: { urn: string; dependencies: string[] }[];
    };
    const importing = (change: (state: typeof exported) => unknown) => {
      const state = structuredClone(exported);
      const changed = change(state) ?? state;
      return refused(["import", "other.json", "--yes"], (project) =>
        project.write("other.json", typeof changed === "string" ? changed : JSON.stringify(changed)),
      );
    };
    expect(await importing((state) => void state.resources.pop())).toContain(
      "v1 Service default/web is recorded, and not in it",
    );
    expect(await importing((state) => void state.resources.shift())).toContain("error BERTH4036");
    const others = (state: typeof exported) =>
      JSON.stringify({ ...state, stack: "prod" }).replaceAll("urn:berth:dev:", "urn:berth:prod:");
    expect(await importing(others)).toContain("error BERTH4006");
    expect(await importing((state) => ({ ...state, stack: "prod" }))).toContain("is no URN of test/prod");
    expect(await importing((state) => ({ ...state, version: 99 }))).toContain("error BERTH4005");
    expect(await importing(() => "{")).toContain("error BERTH4036");
    expect(await importing((state) => void (state.serial = -1))).toContain("serial is not a number");
  });

  test("can make another stack of it", async () => {
    using project = ProjectFolder.copy(applied.path);
    await project.succeed("state", "export", "--out", "dev.json");
    await project.succeed("state", "import", "dev.json", "--rename", "--stack", "staging", "--yes");
    const { stdout } = await project.succeed("state", "list", "--stack", "staging", "--json");
    expect(stdout).toContain("urn:berth:staging:test::kubernetes:Service::web");
    expect(stdout).not.toContain("urn:berth:dev");
  });
});

describe("berth state edit", () => {
  async function edit(project: ProjectFolder, sed: string): Promise<Ended> {
    project.write("editor.sh", `#!/bin/sh\nsed -i '${sed}' "$1"\n`);
    chmodSync(join(project.path, "editor.sh"), 0o755);
    return project.run(["state", "edit", "--yes"], { env: { EDITOR: "./editor.sh" } });
  }

  test("verifies what was written, shows what differs, and records it", async () => {
    using project = ProjectFolder.copy(applied.path);
    const { code, stderr } = await edit(project, 's/"protect": false/"protect": true/');
    expect([code, stderr]).toEqual([0, expect.stringContaining(`~ ${service}`)]);
    expect((await project.succeed("state", "list")).stdout.match(/protected/g)).toHaveLength(4);
    expect((await edit(project, "s/nothing like it/x/")).stderr).toContain("Nothing was changed");
  });

  test("of what cannot be recorded changes nothing and keeps what was written", async () => {
    using project = ProjectFolder.copy(applied.path);
    const before = project.read(snapshot);
    const { code, stderr } = await edit(project, 's/"id":/"Id":/');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/error BERTH4036[^]*what you wrote is in/)]);
    expect(project.read(snapshot)).toBe(before);
    expect((await project.run(["state", "edit"])).stderr).toContain("error BERTH8021");
    expect((await project.run(["state", "edit"], { env: { EDITOR: "false" } })).stderr).toContain(
      "error BERTH8021",
    );
  });
});

describe("berth state repair", () => {
  test("says what is lost, keeps the damaged file, and goes on", async () => {
    using project = ProjectFolder.copy(applied.path);
    expect((await project.succeed("state", "repair")).stderr).toContain("there is nothing to repair");
    const damaged = project
      .read(snapshot)
      .replace('"id":"v1 Service default/web"', '"id":"v1 Service default/wep"');
    expect(damaged).not.toBe(project.read(snapshot));
    project.write(snapshot, damaged);
    const preview = await project.berth("preview");
    expect([preview.code, preview.stderr]).toEqual([
      1,
      expect.stringContaining("`berth state repair` would keep 3 resources, but not everything"),
    ]);
    expect((await project.berth("state", "repair")).stderr).toContain("error BERTH8002");
    expect(project.read(snapshot)).toBe(damaged);
    const { stderr } = await project.succeed("state", "repair", "--yes");
    expect(stderr).toContain("lost     the record of web was changed");
    const kept = readdirSync(join(project.path, ".berth/state/dev")).filter((name) =>
      name.includes("damaged"),
    );
    expect(kept.map((name) => project.read(`.berth/state/dev/${name}`))).toEqual([damaged]);
    expect(await names(project)).toEqual([
      "azure:ResourceGroup::shop",
      "azure:ManagedCluster::shop",
      deployment,
    ]);
  });
});

test("a state that was deleted beside the cloud that it recorded is missed, and said how to restore", async () => {
  using project = ProjectFolder.copy(applied.path);
  project.remove(".berth/state");
  for (const words of [["preview"], ["up", "--yes"]]) {
    const { stdout, stderr } = await project.berth(...words);
    expect(stdout + stderr).toContain(
      "nothing is recorded of test/dev, and the local cloud holds what it made",
    );
  }
  project.remove(".berth");
  expect((await project.succeed("preview")).stdout).not.toContain("nothing is recorded");
});

test("every command of berth state has help with an example", async () => {
  const { stdout } = await applied.succeed("state", "--help");
  for (const name of [
    "list",
    "show",
    "mv",
    "rm",
    "protect",
    "unprotect",
    "export",
    "import",
    "edit",
    "repair",
  ]) {
    expect(stdout).toContain(`  ${name} `);
    expect((await applied.succeed("state", name, "--help")).stdout).toContain(`berth state ${name}`);
  }
});
