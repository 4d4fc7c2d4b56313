import { describe, expect, test } from "vitest";
import { checkInputs } from "./check.ts";
import type { Schema } from "./definition.ts";
import { hasGeneration, withGeneration } from "./generation.ts";
import { Secret, Unknown } from "./json.ts";

const schema: Schema = {
  type: "object",
  properties: {
    name: { type: "string", pattern: "^[a-z0-9]+$", generation: true },
    note: { type: "string" },
    metadata: { type: "object", properties: { name: { generation: true } } },
  },
};

describe("{generation} in a physical name", () => {
  test.each([
    ["a name", { name: "user{generation}" }, { name: "user3" }],
    ["twice", { name: "a{generation}b{generation}" }, { name: "a3b3" }],
    [
      "inside",
      { metadata: { name: "web-{generation}", labels: {} } },
      { metadata: { name: "web-3", labels: {} } },
    ],
    ["only where the schema says so", { note: "{generation}" }, { note: "{generation}" }],
  ])("%s", (_, given, filled) => {
    expect(withGeneration(schema, given, 2)).toEqual(filled);
  });

  test("leaves alone what has none, is no text, or hides", () => {
    for (const each of [
      {},
      { name: "user" },
      { name: new Unknown([]) },
      { name: new Secret("{generation}") },
      { name: 1 },
      { metadata: "x" },
    ]) {
      expect(withGeneration(schema, each, 2)).toBe(each);
      expect(hasGeneration(schema, each)).toBe(false);
    }
    expect(hasGeneration(schema, { name: "{generation}" })).toBe(true);
  });

  test("is checked as the number that it becomes", () => {
    const definition = { type: "test:Pool", inputs: schema };
    expect(checkInputs(definition, { name: "user{generation}" })).toEqual([]);
    expect(checkInputs(definition, { name: "user-{generation}" }).map((each) => each.path)).toEqual(["name"]);
  });
});
