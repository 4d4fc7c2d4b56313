import type { Fault } from "@berth/state/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyEdits, storeEdits } from "../../bench/src/demo/store-edits.ts";
import { type Ended, inLanes, ProjectFolder } from "./harness.ts";
import { collectionsOf } from "./local-cloud.ts";

/**
 * The store applied, edited and destroyed, and stopped on the way: killed, on a disk that gets full, by Ctrl-C. Whatever
 * happened, the same command goes on, and in the end the local cloud holds what a run that nothing stopped
 * leaves there: nothing twice, nothing lost.
 */
const isLong = process.env["BERTH_LONG"] === "1";
/** Processes side by side. */
const lanes = 2;

type OperationName =
  | "the first up"
  | "the edit's up"
  | "destroy"
  | "a pool made anew"
  | "a pool made beside the old one";

/** Machines that a pool cannot change to. */
const otherMachines = 'vmSize: "Standard_D8s_v5",\n  count: 2,';

interface Operation {
  readonly words: readonly string[];
  /** A project in which it has not been run yet. */
  readonly begin: () => ProjectFolder;
}

const operations: Readonly<Record<OperationName, Operation>> = {
  "the first up": { words: ["up", "--yes"], begin: () => ProjectFolder.store() },
  "the edit's up": {
    words: ["up", "--yes"],
    begin() {
      const project = ProjectFolder.copy(undisturbed("the first up").project.path);
      project.write("store.ts", applyEdits(project.read("store.ts"), storeEdits));
      return project;
    },
  },
  destroy: {
    words: ["destroy", "--yes"],
    begin: () => ProjectFolder.copy(undisturbed("the edit's up").project.path),
  },
  "a pool made anew": { words: ["up", "--yes"], begin: () => withPool(otherMachines) },
  "a pool made beside the old one": {
    words: ["up", "--yes"],
    begin: () => withPool(`name: "user{generation}",\n  ${otherMachines}`),
  },
};

/** The store as it was applied first, with another pool for its pods. */
function withPool(to: string): ProjectFolder {
  const project = ProjectFolder.copy(undisturbed("the first up").project.path);
  const edit = { what: "the user pool", from: 'vmSize: "Standard_D4s_v5",\n  count: 2,', to };
  project.write("store.ts", applyEdits(project.read("store.ts"), [edit]));
  return project;
}

/** Each operation, run once without a disturbance, and what it left. */
const finished = new Map<OperationName, { readonly project: ProjectFolder; readonly outcome: unknown }>();

function undisturbed(name: OperationName) {
  const found = finished.get(name);
  if (!found) throw new Error(`${name} has not been run`);
  return found;
}

beforeAll(async () => {
  for (const name of [
    "the first up",
    "the edit's up",
    "destroy",
    "a pool made anew",
    "a pool made beside the old one",
  ] as const) {
    const project = operations[name].begin();
    await project.succeed(...operations[name].words);
    finished.set(name, { project, outcome: whatIsLeft(project) });
  }
});
afterAll(() => finished.forEach(({ project }) => project[Symbol.dispose]()));

/** Cloud, state and saved snapshots, without what says when, how often and under which lock they were written. */
function whatIsLeft(project: ProjectFolder): unknown {
  const cloud = [...collectionsOf(project)].map(([name, values]) => [name, [...values]]);
  const state = [...project.bytes(".berth/state")]
    .filter(([file]) => !/\/(lock\.\d+|history\/\d+\.json)$/.test(file))
    .map(([file, bytes]) => [file, JSON.parse(Buffer.from(bytes, "base64").toString()) as unknown]);
  return JSON.parse(
    JSON.stringify({ cloud, state })
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
      .replaceAll(/"(resourceVersion|version|serial|fence)":"?\d+"?/g, '"$1":0')
      .replaceAll(/"checksum":"[0-9a-f]+"/g, '"checksum":""')
      .replaceAll(/"lines":\{[^}]*\}/g, '"lines":{}'),
  );
}

/** The command once more: it ends where it would have ended, so that nothing is left to do, twice or lost. */
async function goesOn(name: OperationName, project: ProjectFolder, what: string): Promise<void> {
  const { code, stderr } = await project.berth(...operations[name].words);
  expect(code, `${what}: ${stderr}`).toBe(0);
  expect(whatIsLeft(project), what).toEqual(undisturbed(name).outcome);
}

test("what is left after an operation that nothing stopped is nothing to do", async () => {
  for (const { project } of finished.values()) {
    const { code, stdout } = await project.berth("preview", "--detailed-exitcode");
    expect(code, stdout).toBe(project === undisturbed("destroy").project ? 2 : 0);
  }
  const { resources } = JSON.parse(
    (await undisturbed("destroy").project.succeed("stack", "show", "--json")).stdout,
  ) as {
    readonly resources: readonly unknown[];
  };
  expect(resources).toEqual([]);
});

/** Lets an operation meet a fault at the first write, and at each `step`th after it; answers at how many it did. */
async function meetAt(
  name: OperationName,
  fault: Omit<Fault, "at">,
  step: number,
  check: (first: Ended, what: string) => void,
): Promise<number> {
  const { begin, words } = operations[name];
  let [met, isOver] = [0, false];
  const positions = function* (): Generator<number> {
    for (let at = 1; !isOver; at += step) yield at;
  };
  await inLanes(lanes, positions(), async (at) => {
    using project = begin();
    const first = await project.run(words, { fault: { ...fault, at } });
    if (first.code === 0) {
      isOver = true;
      return;
    }
    met++;
    const what = `${name}, ${fault.kind} at write ${at} of ${fault.path}`;
    check(first, what);
    await goesOn(name, project, what);
    if (at % 8 === 1 && words[0] === "up") {
      const { code, stdout } = await project.berth("preview", "--detailed-exitcode");
      expect(code, `${what}: ${stdout}`).toBe(0);
    }
  });
  return met;
}

describe("goes on where it stopped", { timeout: 3_600_000 }, () => {
  /** How many of the writes are met; `npm run test:long` meets each. */
  const each = isLong ? 1 : 13;

  test("the first up, killed at each write of the journal", async () => {
    const met = await meetAt("the first up", { kind: "kill", path: "dev/journal." }, 1, (first, what) => {
      expect(first, what).toMatchObject({ code: null, signal: "SIGKILL" });
    });
    // Each of thirteen resources is announced and recorded, at least by one write each that is durable when it returns.
    expect(met).toBeGreaterThan(13 * 2);
  });

  test.each(["a pool made anew", "a pool made beside the old one"] as const)(
    "%s, killed at each write of the journal",
    async (name) => {
      const met = await meetAt(name, { kind: "kill", path: "dev/journal." }, 1, (first, what) => {
        expect(first, what).toMatchObject({ code: null, signal: "SIGKILL" });
      });
      // A creation and a deletion are announced and recorded; what comes after is one more.
      expect(met).toBeGreaterThan(5);
    },
  );

  test("pools in either order: one after the other, or side by side until the new one is ready", async () => {
    using anew = operations["a pool made anew"].begin();
    using beside = operations["a pool made beside the old one"].begin();
    const said = (project: ProjectFolder) => project.succeed("preview").then(({ stdout }) => stdout);
    expect(await said(anew)).toContain("the old one is deleted before the new one is created");
    const stdout = await said(beside);
    expect(stdout).toContain("the new one is created before the old one is deleted");
    expect(stdout).toContain("user1");
    expect(stdout).not.toContain("no node");
    const { stdout: json } = await beside.succeed("preview", "--json");
    const { steps } = JSON.parse(json) as { readonly steps: readonly object[] };
    expect(steps).toMatchObject([{ action: "create" }, { action: "delete", superseded: true, after: [1] }]);
  });

  test.each(["the first up", "the edit's up", "destroy"] as const)(
    "%s, killed at any write, the local cloud's among them",
    async (name) => {
      const met = await meetAt(name, { kind: "kill", path: ".berth" }, each, (first, what) => {
        expect(first, what).toMatchObject({ code: null, signal: "SIGKILL" });
      });
      expect(met).toBeGreaterThan(isLong ? 30 : 2);
    },
  );

  test.each(["the first up", "the edit's up", "destroy"] as const)(
    "%s, on a disk that gets full at any write",
    async (name) => {
      const met = await meetAt(
        name,
        { kind: "full", path: ".berth" },
        each,
        ({ code, signal, stderr }, what) => {
          expect([code, signal], what).toEqual([1, null]);
          expect(stderr, what).toMatch(/error BERTH(4010|5204|6008) .*no space/);
          expect(stderr, what).not.toContain("BERTH8004");
        },
      );
      expect(met).toBeGreaterThan(isLong ? 30 : 2);
    },
  );

  test.each([
    ["the first up", 1],
    ["the first up", 4],
    ["the first up", 9],
    ["the edit's up", 1],
    ["destroy", 6],
  ] as const)("%s, told to stop after step %d: what runs is finished", async (name, after) => {
    using project = operations[name].begin();
    const { code, signal, stderr } = await project.run(operations[name].words, {
      onProgress: (text, send) => text.includes(` ${after}/`) && send("SIGINT"),
    });
    expect([code, signal], stderr).toEqual([1, null]);
    expect(stderr).toContain("Finishing the running steps.");
    expect(stderr).toMatch(/^error BERTH6009 \d+ of \d+ steps are done, \d+ were not started$/m);
    expect(stderr).toMatch(
      /^Cancelled: \d+ of \d+ steps are done, [1-9]\d* were not started\. Run it again to go on\.$/m,
    );
    expect(stderr).not.toContain("failed");
    const { stdout } = await project.succeed("stack", "show", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ pending: [] });
    await goesOn(name, project, `${name}, told to stop after step ${after}`);
  });
});
