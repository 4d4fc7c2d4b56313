import {
  type EncryptedValue,
  type Json,
  type JsonObject,
  type ResourceDefinition,
  type Schema,
  SealedSecret,
  Secret,
  Unknown,
  type Value,
  type ValueObject,
} from "@berth/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareInputs } from "./compare.ts";
import { canonicalText, isRecordedValue } from "./equality.ts";

const digest = (plaintext: Value): string => `digest(${JSON.stringify(plaintext)})`;
const sealed = (plaintext: Value): EncryptedValue & JsonObject => ({
  $berth: "secret",
  ciphertext: "…",
  digest: digest(plaintext),
});
const definition = (inputs: Schema, more: Partial<ResourceDefinition> = {}): ResourceDefinition => ({
  type: "test:Thing",
  provider: "test",
  inputs,
  outputs: {},
  onCluster: false,
  ...more,
});
const differences = (schema: Schema, before: JsonObject, after: ValueObject) =>
  compareInputs(definition(schema), before, after, digest);
const lines = (schema: Schema, before: JsonObject, after: ValueObject) =>
  differences(schema, before, after).map(({ path, kind, certainty, because }) =>
    [certainty, kind, path, ...because].join(" "),
  );

const waiting = new Unknown([{ urn: "urn:berth:dev:shop::azure:Cluster::store", path: "identity.id" }]);

/** Aliases of aliases, which would be a gigabyte. */
function bomb(word: string): string {
  const layers = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`);
  return [`a0: &a0 ${word}`, ...layers].join("\n");
}

test("a secret whose key is not at hand is the recorded one where its digest is", () => {
  const schema: Schema = { properties: { token: { type: "string" } } };
  const recorded = { token: sealed("hunter2") };
  const sealedAs = (plaintext: string) =>
    new SealedSecret("the configuration value shop:token", sealed(plaintext).digest);
  const without = (token: SealedSecret) =>
    compareInputs(definition(schema), recorded, { token }, undefined).map((each) => each.certainty);
  expect(without(sealedAs("hunter2"))).toEqual([]);
  expect(without(sealedAs("hunter3"))).toEqual(["will"]);
});

describe("structure", () => {
  test("equal is no difference, whatever the order of keys", () => {
    expect(lines({}, { a: 1, b: { c: [1, 2], d: null } }, { b: { d: null, c: [1, 2] }, a: 1 })).toEqual([]);
  });

  test("one line for what differs, at its own path", () => {
    const before = { tags: { "app.kubernetes.io/name": "web", old: "x" }, size: 3, args: ["a", "b"] };
    const after = { tags: { "app.kubernetes.io/name": "shop" }, size: 3, args: ["a", "c"], extra: true };
    expect(lines({}, before, after)).toEqual([
      "will change args[1]",
      "will add extra",
      'will change tags["app.kubernetes.io/name"]',
      "will remove tags.old",
    ]);
  });

  test("an element put into the middle of a list is one line", () => {
    expect(lines({}, { args: ["a", "b", "c"] }, { args: ["a", "x", "b", "c"] })).toEqual([
      "will add args[1]",
    ]);
    expect(lines({}, { args: ["a", "b", "c"] }, { args: ["a"] })).toEqual([
      "will remove args[1]",
      "will remove args[2]",
    ]);
    expect(lines({}, { args: ["a", "a"] }, { args: ["a"] })).toEqual(["will remove args[1]"]);
  });

  test("names of Object.prototype are ordinary names", () => {
    const before: JsonObject = JSON.parse(`{ "constructor": 1, "__proto__": { "x": 1 } }`);
    const after: JsonObject = JSON.parse(`{ "toString": 1, "__proto__": { "x": 2 } }`);
    expect(lines({}, before, after)).toEqual([
      "will change __proto__.x",
      "will remove constructor",
      "will add toString",
    ]);
    expect(lines({ properties: {} }, {}, JSON.parse(`{ "constructor": 1 }`))).toEqual([
      "will add constructor",
    ]);
  });
});

describe("meaning, as the schema says", () => {
  const schema: Schema = {
    type: "object",
    properties: {
      location: { type: "string", compare: "location" },
      id: { type: "string", compare: "case-insensitive" },
      cpu: { compare: "quantity" },
      policy: { type: "string", compare: "json" },
      zones: { type: "array", compare: "set", items: { type: "string", compare: "case-insensitive" } },
      env: {
        type: "array",
        keys: ["name"],
        items: {
          type: "object",
          properties: { value: { type: "string" }, cpu: { $ref: "#/$defs/quantity" } },
        },
      },
      ports: { type: "array", keys: ["port", "protocol"] },
      labels: { type: "object", additionalProperties: { compare: "case-insensitive" } },
    },
    $defs: { quantity: { compare: "quantity" }, loop: { $ref: "#/$defs/loop" } },
  };

  test("locations, ids, quantities, embedded JSON, sets and map values by value", () => {
    const before = {
      location: "West Europe",
      id: "/A/b",
      cpu: "1000m",
      policy: '{"a":1,"b":2}',
      zones: ["1", "A"],
      labels: { x: "ON" },
    };
    const after = {
      location: "westeurope",
      id: "/a/B",
      cpu: 1,
      policy: '{ "b": 2, "a": 1 }',
      zones: ["a", "1"],
      labels: { x: "on" },
    };
    expect(lines(schema, before, after)).toEqual([]);
  });

  test("what differs in them still does", () => {
    const before = { location: "westeurope", cpu: "1", policy: "{", zones: ["1", "2"] };
    const after = { location: "northeurope", cpu: "1001m", policy: "[", zones: ["3", "1"] };
    expect(lines(schema, before, after)).toEqual([
      "will change cpu",
      "will change location",
      "will change policy",
      'will remove zones["2"]',
      'will add zones["3"]',
    ]);
  });

  test.each([
    ["comments and style", "a: 1 # one\nb: [x, y]\n", "b:\n  - x\n  - 'y'\na: 1", true],
    ["anchors", "a: &x { b: 1 }\nc: *x", "a: { b: 1 }\nc: { b: 1 }", true],
    ["JSON", '{"a": [1, "2"]}', "a:\n- 1\n- '2'", true],
    ["several documents", "a: 1\n---\nb: 2\n", "{a: 1}\n---\n{b: 2}", true],
    ["another order of documents", "a: 1\n---\nb: 2\n", "b: 2\n---\na: 1", false],
    ["text and number", "a: 1", "a: '1'", false],
    ["no number and nothing", "a: .nan", "a: null", false],
    ["what is no YAML", "a: [1", "a: [1 ", false],
    ["a name twice", "a: 1\na: 2", "a: 2", false],
    ["more aliases than anybody writes", bomb("x"), bomb("y"), false],
  ])("embedded YAML: %s", (_, before, after, isSame) => {
    const file: Schema = { properties: { file: { type: "string", compare: "yaml" } } };
    expect(lines(file, { file: before }, { file: after })).toEqual(isSame ? [] : ["will change file"]);
  });

  test.each<[NonNullable<Schema["compare"]>, Json[], Json[]]>([
    ["quantity", ["1000m", "1Gi"], ["1024Mi", 1]],
    ["json", ['{"a":1,"b":2}'], ['{"b":2,"a":1}']],
    ["yaml", ["a: 1"], ["{ a: 1 }"]],
    [
      "case-insensitive",
      ["/subscriptions/X/resourceGroups/Store"],
      ["/subscriptions/x/resourcegroups/store"],
    ],
    ["location", ["West Europe"], ["westeurope"]],
  ])("sets of what is compared as %s", (compare, before, after) => {
    const set: Schema = { properties: { all: { type: "array", compare: "set", items: { compare } } } };
    expect(lines(set, { all: before }, { all: after })).toEqual([]);
    expect(lines(set, { all: before }, { all: [...after, "other"] })).toHaveLength(1);
  });

  test("a set counts its elements", () => {
    expect(lines(schema, { zones: ["1", "1"] }, { zones: ["1"] })).toEqual(['will remove zones["1"]']);
  });

  test("an element is found by its keys: one environment variable is one line, and order says nothing", () => {
    const before = {
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "2", cpu: "1" },
      ],
    };
    const after = {
      env: [
        { name: "C", value: "3" },
        { name: "B", value: "x", cpu: "1000m" },
        { name: "A", value: "1" },
      ],
    };
    expect(lines(schema, before, after)).toEqual(["will change env[name=B].value", "will add env[name=C]"]);
    expect(
      lines(schema, { ports: [{ port: 80, protocol: "TCP" }] }, { ports: [{ port: 80, protocol: "UDP" }] }),
    ).toEqual(["will remove ports[port=80,protocol=TCP]", "will add ports[port=80,protocol=UDP]"]);
  });

  test("a list whose keys are missing, doubled or unknown is compared by position", () => {
    const doubled = [
      { name: "A", value: "1" },
      { name: "A", value: "2" },
    ];
    expect(lines(schema, { env: doubled }, { env: [doubled[0]!, { name: "A", value: "3" }] })).toEqual([
      "will change env[1].value",
    ]);
    expect(lines(schema, { env: [{ name: "A" }] }, { env: [{ name: waiting }] })).toEqual([
      "may change env[0].name store.identity.id",
    ]);
    expect(lines(schema, { env: ["A"] }, { env: ["B"] })).toEqual(["will change env[0]"]);
  });

  test("a loop of references ends", () => {
    expect(
      lines({ $ref: "#/$defs/loop", $defs: { loop: { $ref: "#/$defs/loop" } } }, { a: 1 }, { a: 2 }),
    ).toEqual(["will change a"]);
  });
});

describe("what is not known", () => {
  test("a known property that becomes unknown may change; one that was absent will be there", () => {
    expect(
      lines({}, { a: "x", c: { d: [1, 2] } }, { a: waiting, b: waiting, c: { d: [1, waiting] } }),
    ).toEqual(["may change a store.identity.id", "will add b", "may change c.d[1] store.identity.id"]);
  });

  test("what differs in its known part will change", () => {
    const compare: ResourceDefinition["compare"] = (before, after) =>
      before["a"] === after["a"]
        ? []
        : [{ path: "a", kind: "change", before: before["a"] ?? null, after: after["a"] ?? null }];
    const certainty = (before: JsonObject, after: ValueObject) =>
      compareInputs(definition({}, { compare }), before, after, digest).map((each) => each.certainty);
    expect(certainty({ a: { x: 1, y: 2 } }, { a: { x: 1, y: waiting } })).toEqual(["may"]);
    expect(certainty({ a: { x: 1, y: 2 } }, { a: { x: 9, y: waiting } })).toEqual(["will"]);
    expect(certainty({ a: { x: 1 } }, { a: { x: 1, y: waiting } })).toEqual(["will"]);
  });

  test("an unknown element of a set may be one that would be removed", () => {
    const set: Schema = { properties: { zones: { compare: "set" } } };
    expect(lines(set, { zones: ["1", "2"] }, { zones: ["1", waiting] })).toEqual([
      'may remove zones["2"] store.identity.id',
      "may add zones[?] store.identity.id",
    ]);
    expect(lines(set, { zones: ["1"] }, { zones: ["1", waiting] })).toEqual(["will add zones[?]"]);
  });
});

describe("secrets", () => {
  test("are told apart by digest alone", () => {
    expect(lines({}, { password: sealed("x") }, { password: new Secret("x") })).toEqual([]);
    expect(lines({}, { password: sealed("x") }, { password: new Secret("y") })).toEqual([
      "will change password",
    ]);
  });

  test("a value that becomes a secret, or stops being one, is no difference", () => {
    expect(lines({}, { password: "x" }, { password: new Secret("x") })).toEqual([]);
    expect(lines({}, { password: sealed("x") }, { password: "x" })).toEqual([]);
    expect(lines({}, { password: sealed({ a: 1 }) }, { password: { a: 2 } })).toEqual([
      "will change password",
    ]);
  });

  test("without the key, a secret may have changed", () => {
    const [difference] = compareInputs(
      definition({}),
      { password: sealed("x") },
      { password: new Secret("x") },
      undefined,
    );
    expect(difference).toMatchObject({
      path: "password",
      certainty: "may",
      because: ["secret not readable"],
    });
  });

  test("no plaintext is in a difference", () => {
    const text = JSON.stringify(
      differences({}, { a: { b: "old" } }, { a: { b: new Secret("hunter2") }, c: new Secret("hunter2") }).map(
        (each) => each.path,
      ),
    );
    expect(text).not.toContain("hunter2");
  });
});

describe("replacement", () => {
  const schema: Schema = {
    properties: {
      location: { immutable: "a location cannot change", compare: "location" },
      network: { properties: { subnet: { immutable: "a subnet cannot change" }, mtu: {} } },
      disks: { keys: ["name"], items: { properties: { size: { immutable: "a disk cannot shrink" } } } },
    },
  };
  const forced = (before: JsonObject, after: ValueObject) =>
    differences(schema, before, after).map(
      ({ path, forcesReplacement }) => `${path}: ${forcesReplacement ?? "-"}`,
    );

  test("is forced by the rule nearest to the property", () => {
    const before = {
      location: "westeurope",
      network: { subnet: "a", mtu: 1 },
      disks: [{ name: "d", size: 1 }],
    };
    const after = {
      location: "northeurope",
      network: { subnet: "b", mtu: 2 },
      disks: [{ name: "d", size: 2 }],
    };
    expect(forced(before, after)).toEqual([
      "disks[name=d].size: a disk cannot shrink",
      "location: a location cannot change",
      "network.mtu: -",
      "network.subnet: a subnet cannot change",
    ]);
  });

  test("also by what is added or removed with an immutable property inside", () => {
    expect(forced({}, { network: { subnet: "a" } })).toEqual(["network: a subnet cannot change"]);
    expect(forced({ network: { mtu: 1 } }, {})).toEqual(["network: -"]);
    expect(forced({ network: { subnet: "a" } }, { network: waiting })).toEqual([
      "network: a subnet cannot change",
    ]);
  });
});

describe("invariants", () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonObject[string]>;
  const object = fc.dictionary(fc.string(), json) as fc.Arbitrary<JsonObject>;

  test("nothing differs from itself, and what differs is not equal", () => {
    fc.assert(
      fc.property(object, object, (a, b) => {
        expect(differences({}, a, structuredClone(a))).toEqual([]);
        const equal = canonicalText(a) === canonicalText(b);
        expect(differences({}, a, b).length === 0).toBe(equal);
        expect(isRecordedValue(a, b, undefined)).toBe(equal);
      }),
    );
  });

  test("differences swap with their sides", () => {
    fc.assert(
      fc.property(object, object, (a, b) => {
        const turned = { add: "remove", remove: "add", change: "change" } as const;
        const there = differences({}, a, b).map(({ path, kind }) => [path, kind]);
        const back = differences({}, b, a).map(({ path, kind }) => [path, turned[kind]]);
        expect(there).toEqual(back);
      }),
    );
  });
});
