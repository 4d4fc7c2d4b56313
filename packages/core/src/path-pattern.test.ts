import { describe, expect, test } from "vitest";
import type { Schema } from "./index.ts";
import { parsePattern, patternMisfit, stepFits } from "./path-pattern.ts";

const schema: Schema = {
  type: "object",
  additionalProperties: false,
  $defs: {
    port: {
      type: "object",
      properties: { name: { type: "string" }, port: { type: "integer" } },
      additionalProperties: false,
    },
  },
  properties: {
    tags: { type: "object", additionalProperties: { type: "string" } },
    ports: { type: "array", items: { $ref: "#/$defs/port" } },
    size: {
      anyOf: [
        { type: "integer" },
        { type: "object", properties: { cpu: { type: "integer" } }, additionalProperties: false },
      ],
    },
    free: { type: "object", additionalProperties: true },
    raw: {},
    loop: { $ref: "#/properties/loop" },
  },
};

function misfit(text: string): string | undefined {
  const pattern = parsePattern(text);
  return pattern ? patternMisfit(pattern, schema) : "no pattern";
}

describe("what fits", () => {
  test.each([
    "*",
    "tags",
    "tags.owner",
    'tags["a/b"]',
    "tags.*",
    "ports[0].port",
    "ports[*].port",
    "ports[name=web].port",
    "ports[port=80,name=a,b].name",
    "size.cpu",
    "free.a.b[3].c",
    "raw.anything",
    "*.port",
    "loop.a",
  ])("%s", (text) => {
    expect(misfit(text)).toBeUndefined();
  });
});

test.each([
  ["tag", '"tag": there is no "tag"; did you mean "tags"?'],
  ["tags.a.b", '"tags.a.b": there is no "b"; there are none'],
  ["ports[*].prt", '"ports[*].prt": there is no "prt"; did you mean "port"?'],
  ["ports.port", '"ports.port": a list has no "port"; [*] stands for its elements'],
  ["size.memory", '"size.memory": there is no "memory"; there are cpu'],
  ["", "no pattern"],
  [".a", "no pattern"],
  ["a.", "no pattern"],
  ["a b", "no pattern"],
  ["a[", "no pattern"],
  ["a]", "no pattern"],
  ["a..b", "no pattern"],
  ["a*", "no pattern"],
])("%s does not fit", (text, message) => {
  expect(misfit(text)).toBe(message);
});

test("steps fit names, positions, and elements by their keys", () => {
  const [, , keys] = parsePattern("a[*][port=80,name=x]")?.steps ?? [];
  expect(keys && stepFits(keys, 0, { port: 80, name: "x" })).toBe(true);
  expect(keys && stepFits(keys, 0, { port: 80 })).toBe(false);
  expect(keys && stepFits(keys, 0, null)).toBe(false);
  expect([stepFits("a", "a"), stepFits("a", "b"), stepFits(1, 1), stepFits({ any: true }, "z")]).toEqual([
    true,
    false,
    true,
    true,
  ]);
});
