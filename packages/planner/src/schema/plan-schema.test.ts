import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { planSchema } from "./plan-schema.ts";

test("docs/plan.schema.json is the schema", async () => {
  await expect(`${JSON.stringify(planSchema, undefined, 2)}\n`).toMatchFileSnapshot(
    "../../../../docs/plan.schema.json",
  );
});

test("is a sound schema, closed at every depth", () => {
  new Ajv2020({ strict: true, allowUnionTypes: true }).compile(planSchema);
  const open: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (
      "type" in value &&
      value.type === "object" &&
      "properties" in value &&
      !("additionalProperties" in value && value.additionalProperties === false)
    )
      open.push(path);
    for (const [key, each] of Object.entries(value)) walk(each, `${path}/${key}`);
  };
  walk(planSchema, "#");
  expect(open).toEqual([]);
});
