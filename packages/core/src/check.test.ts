import fc from "fast-check";
import { expect, test } from "vitest";
import { App } from "./acme.fixture.ts";
import { checkInputs, definitionOf, type Schema, Secret, Unknown, type ValueObject } from "./index.ts";
import { closeSchema } from "./schema.ts";

const definition = definitionOf(App);
const later = new Unknown([{ urn: "urn:x", path: "y" }]);

function check(inputs: ValueObject, schema?: Schema): readonly string[] {
  const checked = schema ? { type: "acme:Test", inputs: closeSchema("acme:Test", schema, []) } : definition;
  return checkInputs(checked, inputs).map(
    ({ code, path, message, hint }) => `${code} ${path}: ${message}${hint ? ` (${hint})` : ""}`,
  );
}

test.each<[string, ValueObject, string[]]>([
  ["nothing wrong", { spec: { image: "nginx:1", replicas: 2, ports: [{ port: 80 }] } }, []],
  [
    "a misspelt property deep inside",
    { spec: { image: "a:1", ports: [{ port: 1, nmae: "x" }] } },
    ['BERTH1002 spec.ports[0].nmae: there is no property "nmae" (did you mean "name"?)'],
  ],
  [
    "a property that is like no other",
    { spec: { image: "a:1" }, zzzzzz: 1 },
    ['BERTH1002 zzzzzz: there is no property "zzzzzz" (there are spec)'],
  ],
  [
    "a number as text",
    { spec: { image: "a:1", replicas: "2" } },
    ['BERTH1001 spec.replicas: must be a whole number, not "2"'],
  ],
  [
    "a fraction",
    { spec: { image: "a:1", replicas: 1.5 } },
    ["BERTH1001 spec.replicas: must be a whole number, not 1.5"],
  ],
  [
    "below the minimum",
    { spec: { image: "a:1", replicas: -1 } },
    ["BERTH1001 spec.replicas: must be at least 0"],
  ],
  [
    "missing and wrong together",
    { spec: { ports: [{}, { port: 70000 }] } },
    [
      'BERTH1003 spec.image: "image" is missing',
      'BERTH1003 spec.ports[0].port: "port" is missing',
      "BERTH1001 spec.ports[1].port: must be at most 65535",
    ],
  ],
  ["null for an object", { spec: null }, ["BERTH1001 spec: must be an object, not null"]],
  [
    "a property of every object",
    { spec: { image: "a:1" }, toString: 1 },
    ['BERTH1002 toString: there is no property "toString" (there are spec)'],
  ],
])("%s", (_what, inputs, problems) => {
  expect(check(inputs).toSorted()).toEqual(problems.toSorted());
});

test.each<[string, ValueObject, string[]]>([
  ["as a whole", { spec: later }, []],
  ["as a required property", { spec: { image: later } }, []],
  [
    "in a list, without moving the others",
    { spec: { image: "a:1", ports: [later, { port: "x" }] } },
    ['BERTH1001 spec.ports[1].port: must be a whole number, not "x"'],
  ],
  [
    "beside something wrong",
    { spec: { image: later, replicas: "x" } },
    ['BERTH1001 spec.replicas: must be a whole number, not "x"'],
  ],
  [
    "but not under a name that does not exist",
    { spec: { image: "a:1", imgae: later } },
    ['BERTH1002 spec.imgae: there is no property "imgae" (did you mean "image"?)'],
  ],
  ["and counts as one", { spec: { image: "a:1", ports: [later] } }, []],
])("what is not known passes: %s", (_what, inputs, problems) => {
  expect(check(inputs)).toEqual(problems);
});

const alternatives: Schema = {
  type: "object",
  properties: {
    rule: {
      anyOf: [
        { type: "object", required: ["a"], properties: { a: { type: "string" } } },
        { type: "string", enum: ["first", "second"] },
      ],
    },
    kind: { oneOf: [{ const: 1 }, { const: 2 }] },
    limits: { type: "object", minProperties: 1, additionalProperties: { type: "integer" } },
    zone: { enum: ["west", "east", 3] },
  },
};

test.each<[string, ValueObject, string[]]>([
  [
    "of alternatives, the one that is meant speaks",
    { rule: { a: 1 } },
    ["BERTH1001 rule.a: must be text, not 1"],
  ],
  [
    "with all of its problems",
    { rule: { b: 1 } },
    ['BERTH1003 rule.a: "a" is missing', 'BERTH1002 rule.b: there is no property "b" (did you mean "a"?)'],
  ],
  [
    "also where it is plain",
    { rule: "frist" },
    ['BERTH1001 rule: must be one of "first", "second" (did you mean "first"?)'],
  ],
  [
    "where none is meant, one sentence",
    { rule: 3 },
    ["BERTH1001 rule: fits none of the allowed shapes, or several where one is due"],
  ],
  [
    "constants",
    { kind: 3 },
    ["BERTH1001 kind: fits none of the allowed shapes, or several where one is due"],
  ],
  [
    "values of several types",
    { zone: "wst" },
    ['BERTH1001 zone: must be one of "west", "east", 3 (did you mean "west"?)'],
  ],
  [
    "what a part may cure is not said of the whole",
    { rule: { a: later }, kind: later, limits: { cpu: later } },
    [],
  ],
])("alternatives: %s", (_what, inputs, problems) => {
  expect(check(inputs, alternatives)).toEqual(problems);
});

test("a secret is checked, and never shown", () => {
  const planted = new Secret("hunter2");
  const problems = check({
    spec: { image: planted, replicas: planted, ports: [{ port: planted, name: planted }] },
    other: planted,
  });
  expect(problems).toEqual([
    'BERTH1002 other: there is no property "other" (there are spec)',
    "BERTH1001 spec.replicas: must be a whole number",
    "BERTH1001 spec.ports[0].port: must be a whole number",
  ]);
  expect(check({ zone: planted }, alternatives)).toEqual([
    'BERTH1001 zone: must be one of "west", "east", 3',
  ]);
});

test("what the schema calls secret is not shown either, though the program gave it in the open", () => {
  const schema: Schema = {
    type: "object",
    properties: {
      pin: { type: "string", secret: true },
      login: {
        type: "object",
        secret: true,
        properties: { port: { type: "integer" }, zone: { enum: ["west"] } },
      },
    },
  };
  const inputs = { pin: 4711, login: { port: "hunter2", zone: "hunter3" } };
  expect(check(inputs, schema)).toEqual([
    "BERTH1001 pin: must be text",
    "BERTH1001 login.port: must be a whole number",
    'BERTH1001 login.zone: must be one of "west"',
  ]);
});

test("rules see neither secrets nor what is unknown, and problems at such places are dropped", () => {
  const seen: unknown[] = [];
  const rules = {
    ...definition,
    validate: (inputs: unknown) => {
      seen.push(inputs);
      return ["spec.image", "spec.ports[0].port", "spec"].map((path) => ({
        code: "BERTH1001" as const,
        severity: "error" as const,
        message: "m",
        path,
      }));
    },
  };
  const found = checkInputs(rules, { spec: { image: new Secret("a:1"), ports: [{ port: later }] } });
  expect(seen).toEqual([{ spec: { ports: [{}] } }]);
  expect(found.map(({ path }) => path)).toEqual(["spec"]);
});

test("any JSON is accepted or refused with a place, never a crash", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("spec", "x"), fc.jsonValue()), (inputs) => {
      for (const each of checkInputs(definition, inputs as ValueObject)) expect(each.message).not.toBe("");
    }),
  );
});
