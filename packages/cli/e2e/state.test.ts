import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProjectFolder, type Running, until } from "./harness.ts";
import { webShop } from "./programs.ts";

/** States that cannot be read, or belong to somebody right now. */
const snapshot = ".berth/state/dev/snapshot.json";
/** What the first and the second operation on a stack hold. */
const [lock, nextLock] = [".berth/state/dev/lock.1", ".berth/state/dev/lock.2"];

/** All of a project's files but the locks, whose number grows with each that is taken. */
function contents(project: ProjectFolder): ReadonlyMap<string, unknown> {
  return new Map([...project.bytes()].filter(([file]) => !/\/lock\.\d+$/.test(file)));
}

let applied: ProjectFolder;
beforeAll(async () => {
  applied = ProjectFolder.of({ "main.ts": webShop });
  await applied.succeed("up", "--yes");
});
afterAll(() => applied[Symbol.dispose]());

describe("a state file", () => {
  async function refused(damaged: (text: string) => string, words: readonly string[]): Promise<string> {
    using project = ProjectFolder.copy(applied.path);
    project.write(snapshot, damaged(project.read(snapshot)));
    const before = contents(project);
    const { code, stdout, stderr } = await project.berth(...words);
    expect([code, stdout], stderr).toEqual([1, ""]);
    expect(contents(project)).toEqual(before);
    return project.anywhere(stderr);
  }
  const commands = [["preview"], ["up", "--yes"], ["destroy", "--yes"], ["stack", "show"]] as const;

  test("that is truncated anywhere is refused by every command", async () => {
    const { length } = applied.read(snapshot);
    for (const [index, words] of commands.entries()) {
      const at = [0, 1, Math.floor(length / 2), length - 1][index] ?? 0;
      expect(await refused((text) => text.slice(0, at), words)).toContain("error BERTH4004");
    }
    expect(await refused((text) => text.slice(0, length / 2), ["up", "--yes"])).toMatchInlineSnapshot(`
      "error BERTH4004 PROJECT/.berth/state/dev/snapshot.json: it is truncated or not JSON
        \`berth state repair\` would keep 1 resource, but not everything: it shows what is lost, and asks

      More: berth help BERTH4004
      "
    `);
  });

  test("of an unknown newer version is refused by every command", async () => {
    const newer = (text: string) => text.replace('"version":2', '"version":3');
    for (const words of commands) expect(await refused(newer, words)).toContain("error BERTH4005");
    expect(await refused(newer, ["up", "--yes"])).toMatchInlineSnapshot(`
      "error BERTH4005 PROJECT/.berth/state/dev/snapshot.json: it was made by a newer berth: its format has version 3, this berth knows 1 to 2

      More: berth help BERTH4005
      "
    `);
  });

  test("of another project is refused", async () => {
    using project = ProjectFolder.copy(applied.path);
    project.edit("berth.yaml", "name: test", "name: other");
    const before = contents(project);
    const { code, stderr } = await project.berth("up", "--yes");
    expect([code, stderr]).toEqual([1, expect.stringContaining("error BERTH4006")]);
    expect(contents(project)).toEqual(before);
  });
});

describe("a second up while one runs", () => {
  /** An `up` that is halted in the middle, holding the lock. */
  async function halted(project: ProjectFolder): Promise<Running> {
    const first = project.start(["up", "--yes"]);
    await until(() => project.has(lock));
    first.signal("SIGSTOP");
    return first;
  }

  test("is refused, says who holds the lock, and changes nothing; the first one finishes", async () => {
    using project = ProjectFolder.store();
    const first = await halted(project);
    const before = contents(project);
    const [up, destroy] = [await project.berth("up", "--yes"), await project.berth("destroy", "--yes")];
    expect([up.code, destroy.code]).toEqual([1, 1]);
    expect(up.stderr).toMatch(
      /^error BERTH4001 stack "dev" is locked by .+, process \d+, running up since .+, until .+$/m,
    );
    expect(destroy.stderr).toContain("error BERTH4001");
    expect(contents(project)).toEqual(before);
    first.signal("SIGCONT");
    expect(await first.ended).toMatchObject({ code: 0, signal: null });
    expect((await project.berth("preview", "--detailed-exitcode")).code).toBe(0);
  });

  test("takes over the lock of a process that is dead", async () => {
    using project = ProjectFolder.store();
    const first = await halted(project);
    first.signal("SIGKILL");
    expect(await first.ended).toMatchObject({ code: null, signal: "SIGKILL" });
    expect(project.has(lock)).toBe(true);
    await project.succeed("up", "--yes");
    expect([project.has(lock), project.has(nextLock)]).toEqual([false, true]);
    expect((await project.berth("preview", "--detailed-exitcode")).code).toBe(0);
  });

  test("is no obstacle to a preview", async () => {
    using project = ProjectFolder.store();
    const first = await halted(project);
    const { code, stderr } = await project.berth("preview");
    expect([code, stderr]).toEqual([0, ""]);
    first.signal("SIGCONT");
    expect(await first.ended).toMatchObject({ code: 0 });
  });

  test("can break its lock: whoever held it is refused its next write, and nothing is lost", async () => {
    using project = ProjectFolder.store();
    const first = await halted(project);
    const shown = await project.berth("state", "unlock");
    expect(shown.code).toBe(1);
    expect(shown.stderr).toMatch(
      /^The lock of dev is held by .+, process \d+,\nrunning up since .+; until .+$/m,
    );
    expect(shown.stderr).toContain("error BERTH8002 the lock of dev would be broken");
    expect(project.has(lock)).toBe(true);

    const { stdout } = await project.succeed("state", "unlock", "--yes", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      unlocked: true,
      holder: { operation: "up", fence: 1, state: "held" },
    });
    first.signal("SIGCONT");
    const { code, stderr } = await first.ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining("BERTH4002")]);
    await project.succeed("up", "--yes");
    expect((await project.succeed("state", "unlock", "--yes")).stderr).toBe(
      "Nobody holds the lock of dev.\n",
    );
    expect((await project.berth("preview", "--detailed-exitcode")).code).toBe(0);
  });
});

describe("where states are kept", () => {
  test("is what berth.yaml says, or the environment", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    project.write("berth.yaml", `${project.read("berth.yaml")}backend: file://states\n`);
    await project.succeed("up", "--yes");
    expect([project.has("states/dev/snapshot.json"), project.has(snapshot)]).toEqual([true, false]);
    const elsewhere = await project.run(["stack", "show", "--json"], {
      env: { BERTH_BACKEND: "file://others" },
    });
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({ resources: [] });
  });

  test("is refused where it is no backend, with what is one", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    project.write("berth.yaml", `${project.read("berth.yaml")}backend: s3://bucket\n`);
    const { code, stderr } = await project.berth("preview");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        "BERTH4050 s3://bucket: a backend is file://FOLDER or azblob://CONTAINER/PREFIX",
      ),
    ]);
  });
});
