import { memoryBackend } from "@berth/state";
import { describe, expect, test } from "vitest";
import { growthBeyondNLogN } from "./growth.ts";
import type { Timed } from "./interleaved.ts";
import { noOp } from "./no-op.ts";
import { chain, declareItems, everyTenth, fan, random } from "./shapes.ts";
import { upOnce } from "./up.ts";

/**
 * Guards against what is quadratic: with ten times as many resources, time grows tenfold and a little.
 * The bound is wide, and a second chance is given, since machines are noisy; what is quadratic grows a
 * hundredfold, and shows although it begins small.
 */
const [few, many] = [500, 5_000];
const tolerated = 1.6;
const chances = 4;

/** The least of several times says what the work takes; more is other people's noise. */
async function growthOf(timed: (count: number) => Promise<Timed>): Promise<number> {
  const [small, large] = [await timed(few), await timed(many)];
  let growth = Number.POSITIVE_INFINITY;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let chance = 0; chance < chances && growth > tolerated; chance++) {
    for (let round = 0; round < 2; round++) {
      least = Math.min(least, await small.once());
      most = Math.min(most, await large.once());
    }
    growth = growthBeyondNLogN({ count: few, milliseconds: least }, { count: many, milliseconds: most });
  }
  return growth;
}

describe.each([everyTenth, chain, fan, random])("a stack in which $name", (shape) => {
  test("is declared and planned in time that grows no worse than n log n", async () => {
    expect(await growthOf((count) => noOp(shape, count))).toBeLessThan(tolerated);
  });

  test("is created in time that grows no worse than n log n", async () => {
    const creating = async (count: number): Promise<Timed> => ({
      once: () => upOnce(shape, count, memoryBackend({ project: "bench" })),
    });
    expect(await growthOf(creating)).toBeLessThan(tolerated);
  });
});

test("shapes are the same each time, and acyclic by construction", async () => {
  for (const shape of [chain, fan, random]) {
    const [once, again] = await Promise.all([declareItems(shape, 50), declareItems(shape, 50)]);
    expect(once.resources.map((each) => each.dependencies)).toEqual(
      again.resources.map((each) => each.dependencies),
    );
  }
  const widths = [chain, fan].map((shape) => shape.needs(49, 50).length);
  expect(widths).toEqual([1, 49]);
});
