import "reflect-metadata";
import { expect, test } from "vitest";

// What berth's classes rely on when tests run from sources: the runner lowers legacy decorators,
// emits the types of properties, and a declared field leaves what the base class assigned.
const recorded: [string, unknown][] = [];

function Recorded() {
  return (target: object, key: string): void => {
    recorded.push([key, Reflect.getMetadata("design:type", target, key)]);
  };
}

class Base {
  constructor(values: object) {
    Object.assign(this, values);
  }
}

class Pool extends Base {
  @Recorded() declare readonly name: string;
  @Recorded() declare readonly count: number;
  @Recorded() declare readonly zones: readonly string[];
}

test("decorators run with the types of their properties", () => {
  expect(recorded).toEqual([
    ["name", String],
    ["count", Number],
    ["zones", Array],
  ]);
});

test("a declared property keeps what the base class assigned", () => {
  expect({ ...new Pool({ name: "user", count: 2 }) }).toEqual({ name: "user", count: 2 });
});
