import { expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../json.ts";
import { describeKind } from "./describe-kind.ts";
import { builtInKinds, requireKind } from "./kind.ts";

/** What a description says at a place, references followed. */
function at(description: JsonObject, ...path: readonly string[]): JsonObject {
  let place = description;
  for (const step of path) {
    const { properties, additionalProperties, items } = place;
    const next =
      isJsonObject(properties) && step in properties ? properties[step] : (items ?? additionalProperties);
    if (!isJsonObject(next)) throw new Error(`there is no ${step}`);
    const { $ref } = next;
    const { $defs } = description;
    const defined =
      typeof $ref === "string" && isJsonObject($defs) ? $defs[$ref.slice("#/$defs/".length)] : next;
    if (!isJsonObject(defined)) throw new Error(`${String($ref)} leads nowhere`);
    place = defined;
  }
  return place;
}

test("a kind's fields are there at every depth, with the keys of its lists", () => {
  const pod = ["spec", "template", "spec"] as const;
  const deployment = describeKind(requireKind("apps/v1", "Deployment"), ["metadata", "spec"]);
  expect(Object.keys(deployment["properties"] ?? {})).toEqual(["metadata", "spec"]);
  expect(at(deployment, "spec", "replicas")).toEqual({ type: "integer" });
  expect(at(deployment, ...pod, "containers")).toMatchObject({ type: "array", keys: ["name"] });
  expect(at(deployment, ...pod, "containers", "0", "ports")).toMatchObject({
    keys: ["containerPort", "protocol"],
    keyDefaults: { protocol: "TCP" },
  });
  expect(at(deployment, "metadata", "labels", "app")).toEqual({ type: "string" });
  expect(() => at(deployment, "spec", "replica")).toThrow("there is no replica");
});

test("every built-in kind can be described, also those whose types go in circles", () => {
  for (const kind of builtInKinds()) {
    const { properties } = describeKind(kind);
    expect(Object.keys(properties ?? {}), kind.kind).toEqual([...kind.type.fields.keys()]);
  }
});
