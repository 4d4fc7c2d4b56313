import { memoryBackend } from "@berth/state";
import { describe, expect, test, vi } from "vitest";
import { growthBeyondNLogN } from "./growth.ts";
import { noOp } from "./no-op.ts";
import { chain, declareItems, everyTenth, fan, plainInputs, random, type Shape } from "./shapes.ts";
import { type Spent, spentBy } from "./spent.ts";
import { destroyOnce, upOnce } from "./up.ts";

/**
 * Guards against what is quadratic: with ten times as many resources, time grows tenfold and a little.
 * It is processor time, on which a busy machine hardly bears; the bound is wide, and there are further
 * chances. What is quadratic grows a hundredfold, and shows although it begins small.
 */
const [few, many] = [500, 5_000];
const tolerated = 1.6;
const chances = 4;

vi.setConfig({ testTimeout: 180_000 });

type Once = () => Promise<Spent>;

/** Creating a stack, each time with a state of its own. */
async function creating(shape: Shape, count: number): Promise<Once> {
  return () => upOnce(shape, count, memoryBackend({ project: "bench" }));
}

/** The least of several times says what the work takes; more is other people's noise. */
async function growthOf(timed: (count: number) => Promise<Once>): Promise<number> {
  const [small, large] = [await timed(few), await timed(many)];
  let growth = Number.POSITIVE_INFINITY;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let chance = 0; chance < chances && growth > tolerated; chance++) {
    for (let round = 0; round < 2; round++) {
      least = Math.min(least, (await small()).processor);
      most = Math.min(most, (await large()).processor);
    }
    growth = growthBeyondNLogN({ count: few, time: least }, { count: many, time: most });
  }
  return growth;
}

describe.each([everyTenth, chain, fan, random])("a stack in which $name", (shape) => {
  test("is declared and planned in time that grows no worse than n log n", async () => {
    expect(await growthOf((count) => noOp(shape, count))).toBeLessThan(tolerated);
  });

  test("is created in time that grows no worse than n log n", async () => {
    expect(await growthOf((count) => creating(shape, count))).toBeLessThan(tolerated);
  });

  test("is destroyed in time that grows no worse than n log n", async () => {
    expect(await growthOf(async (count) => () => destroyOnce(shape, count))).toBeLessThan(tolerated);
  });
});

/** What this machine takes for something that everybody knows, and that is as full of small objects. */
async function calibration(): Promise<number> {
  const { processor } = await spentBy(() => {
    for (let i = 0; i < many; i++) {
      for (let j = 0; j < 10; j++) JSON.parse(JSON.stringify(plainInputs(i)));
    }
  });
  return processor;
}

test.each([
  ["declaring and planning a resource of which nothing changed", 6, noOp],
  ["creating a resource", 30, creating],
])(
  "%s takes at most %d times as long as writing and reading its inputs as JSON ten times",
  async (_, atMost, prepare) => {
    const once = await prepare(everyTenth, many);
    let [least, unit] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let chance = 0; chance < chances && !(least / unit <= atMost); chance++) {
      for (let round = 0; round < 2; round++) {
        least = Math.min(least, (await once()).processor);
        unit = Math.min(unit, await calibration());
      }
    }
    expect(least / unit).toBeLessThan(atMost);
  },
);

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
