import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judge } from "./judge.ts";
import { createLocalTarget } from "./local-target.ts";
import { isFirstWriters, readPatchRecording } from "./recording.ts";
import { replayPatchRecording, type ReplayedStep, tally } from "./replay-recording.ts";
import { createWriteTarget, type PatchTarget } from "./target.ts";

const fixtures = join(import.meta.dirname, "../../../objects/src/fixtures/patch");
const shared = join(
  process.env["BERTH_SHARED"] ?? join(import.meta.dirname, "../../../../../shared"),
  "traces/patch",
);

async function replayAll(folder: string, target: PatchTarget) {
  const replayed: ReplayedStep[] = [];
  for (const file of readdirSync(folder)) {
    const recording = readPatchRecording(readFileSync(join(folder, file), "utf8"));
    replayed.push(...(await replayPatchRecording(recording, target)));
  }
  return replayed;
}

const targets = [
  ["writeObject alone", async () => createWriteTarget()],
  ["the local cloud", createLocalTarget],
] as const;

test.each(targets)("%s: every step of the recordings beside the tests agrees", async (_, open) => {
  const steps = await replayAll(fixtures, await open());
  expect(steps.filter((each) => each.differences.length > 0)).toEqual([]);
  expect(steps.some((each) => each.firstWriters)).toBe(true);
});

describe.skipIf(!existsSync(shared))("all shared recordings (skipped where ../shared is absent)", () => {
  test.each(targets)("%s agrees", async (_, open) => {
    const steps = await replayAll(shared, await open());
    expect(tally(steps)).toBe(`${steps.length} steps, ${steps.length} agree, 0 wrong successes`);
  });
});

describe("the judge", () => {
  const recording = readPatchRecording(readFileSync(join(fixtures, readdirSync(fixtures)[0]!), "utf8"));
  const created = recording.steps.find((step) => step.status === 201)!;
  const refused = recording.steps.find((step) => step.status === 409)!;
  const status = {
    reason: refused.reason!,
    message: refused.message!,
    details: { causes: [...refused.causes!] },
  };

  test("takes a success that is none for a wrong one", () => {
    expect(judge(refused, { status: 200, body: {} })).toMatchObject({ wrongSuccess: true });
    expect(judge(created, { status: 200, body: created.stored! })).toMatchObject({ wrongSuccess: true });
  });

  test("takes another object for a wrong success, allocated fields aside", () => {
    const { metadata } = created.stored!;
    const body = { ...created.stored!, metadata: { ...Object(metadata), uid: "1", resourceVersion: "2" } };
    expect(judge(created, { status: 201, body }).differences).toEqual([]);
    const altered = { ...body, metadata: { ...body.metadata, labels: { other: "label" } } };
    expect(judge(created, { status: 201, body: altered })).toMatchObject({ wrongSuccess: true });
  });

  test("compares reason, first line and fields of refusals", () => {
    expect(judge(refused, { status: 409, body: status }).differences).toEqual([]);
    expect(judge(refused, { status: 409, body: { ...status, reason: "Invalid" } }).differences).toHaveLength(
      1,
    );
    expect(judge(refused, { status: 409, body: { ...status, details: {} } }).differences).toHaveLength(1);
    expect(judge(refused, { status: 501, body: {} })).toMatchObject({ wrongSuccess: false });
  });

  test("the first writer's part ends with another manager's first success", () => {
    const part = recording.steps.map((_, index) => isFirstWriters(recording, index));
    const firstOther = recording.steps.findIndex(
      (step) => step.status < 300 && !step.request.query.includes("fieldManager=berth"),
    );
    expect(part[0]).toBe(true);
    expect(part.slice(firstOther)).not.toContain(true);
  });
});
