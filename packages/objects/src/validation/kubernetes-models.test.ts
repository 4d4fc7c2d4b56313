import fc from "fast-check";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { Service } from "kubernetes-models/v1/Service";
import { StatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { expect, test } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { type ApplyTrace, fixture } from "../testing/traces.ts";
import { validateObject } from "./validate-object.ts";

const MODELS = { ConfigMap, Deployment, Service, StatefulSet };

/** Whether the validators that kubernetes-models compiled from OpenAPI accept an object. */
function accepts(object: JsonObject): boolean {
  const kind = object["kind"];
  const Model = Object.entries(MODELS).find(([name]) => name === kind)?.[1];
  if (!Model) throw new Error(`no model of ${JSON.stringify(kind)}`);
  try {
    new Model(JSON.parse(JSON.stringify(object))).validate();
    return true;
  } catch {
    return false;
  }
}

/** Paths of all values of an object. */
function pathsOf(value: Json): (string | number)[][] {
  if (Array.isArray(value))
    return [[], ...value.flatMap((each, index) => pathsOf(each).map((path) => [index, ...path]))];
  if (!isJsonObject(value)) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([name, each]) => pathsOf(each).map((path) => [name, ...path])),
  ];
}

function withValueAt(value: Json, path: readonly (string | number)[], replacement: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((each, index) => (index === step ? withValueAt(each, rest, replacement) : each));
  if (!isJsonObject(value)) return value;
  return { ...value, [step]: withValueAt(value[step] ?? null, rest, replacement) };
}

const objects = fixture<ApplyTrace[]>("apply-aks-store-quickstart.json").map(({ stored }) => stored);

/** One value of a real object, replaced by something else: not by the empty text, which means "not set" to the API server. */
const mutants = fc.constantFrom(...objects).chain((object) => {
  const values = fc.oneof(
    fc.constantFrom<Json>("x", 0, -1, 1.5, true, {}, [], "25%", "TCP"),
    fc.integer(),
    fc.string({ minLength: 1 }),
  );
  return fc
    .tuple(fc.constantFrom(...pathsOf(object).filter((path) => path.length > 1)), values)
    .map(([path, value]) => withValueAt(object, path, value));
});

test("real objects are valid to both", () => {
  for (const object of objects) expect([validateObject(object), accepts(object)]).toEqual([[], true]);
});

test("whatever kubernetes-models refuses is refused", () => {
  fc.assert(
    fc.property(mutants, (mutant) => {
      if (!isJsonObject(mutant) || typeof mutant["kind"] !== "string" || accepts(mutant)) return;
      expect({ mutant, problems: validateObject(mutant).length }).not.toEqual({ mutant, problems: 0 });
    }),
    { numRuns: 2000 },
  );
});
