import { declare, type Graph } from "@berth/core";
import { Item } from "./item.ts";

/** How a stack's resources depend on each other. */
export interface Shape {
  readonly name: string;
  /** Positions of the resources, all before `index`, whose outputs it takes. */
  needs(index: number, count: number): readonly number[];
}

/** What the promise of speed is made for: every tenth takes an output of the one before it. */
export const everyTenth: Shape = {
  name: "every tenth needs one",
  needs: (index) => (index % 10 === 9 ? [index - 1] : []),
};

/** Each takes an output of the one before it: nothing of it can be done side by side. */
export const chain: Shape = { name: "chain", needs: (index) => (index === 0 ? [] : [index - 1]) };

/** All take an output of the first, and the last takes one of each. */
export const fan: Shape = {
  name: "fan",
  needs: (index, count) => {
    if (index === 0) return [];
    return index === count - 1 ? Array.from({ length: index }, (_, each) => each) : [0];
  },
};

/** Each takes outputs of up to three others, the same ones in each run. */
export const random: Shape = {
  name: "random",
  needs: (index) => {
    const next = pseudoRandom(index);
    const wanted = Math.min(index, Math.floor(next() * 4));
    return [...new Set(Array.from({ length: wanted }, () => Math.floor(next() * index)))];
  },
};

export const shapes: readonly Shape[] = [chain, fan, random];

/** The inputs of an item that needs nothing. */
export function plainInputs(index: number) {
  return {
    label: `item ${index}`,
    size: index,
    enabled: true,
    zones: ["1", "2"],
    tags: { team: "a" },
  };
}

/** Runs a program that declares so many items. */
export function declareItems(shape: Shape, count: number): Promise<Graph> {
  return declare({ project: "bench", stack: "scale" }, () => {
    const items: InstanceType<typeof Item>[] = [];
    for (let i = 0; i < count; i++) {
      const [first, ...others] = shape.needs(i, count).map((each) => items[each]!.id);
      const inputs = {
        ...plainInputs(i),
        ...(first && { label: first }),
        ...(others.length > 0 && { zones: others }),
      };
      items.push(new Item(`item${i}`, inputs));
    }
  });
}

/** mulberry32: numbers from 0 to 1 that look random and are the same for the same seed. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
