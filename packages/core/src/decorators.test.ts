import { describe, expect, test } from "vitest";
import { App, declareHere, Group, refusalOf, Shop } from "./acme.fixture.ts";
import {
  Component,
  ComponentType,
  defineResource,
  definitionOf,
  definitionProblems,
  evaluate,
  Input,
  isOutput,
  Output,
  Resource,
  type ResourceOptions,
  ResourceType,
} from "./index.ts";

describe("a decorated resource class", () => {
  test("has a closed definition", () => {
    expect(definitionOf(Group)).toMatchObject({
      type: "acme:Group",
      provider: "acme",
      onCluster: false,
      inputs: {
        type: "object",
        required: ["location"],
        additionalProperties: false,
        properties: { location: { type: "string", immutable: "a group cannot move" } },
      },
      outputs: { id: { type: "string" } },
    });
    const spec = (definitionOf(App).inputs["properties"] as { spec: object }).spec;
    expect(spec).toMatchObject({
      additionalProperties: false,
      properties: { ports: { items: { additionalProperties: false } } },
    });
    expect(Object.isFrozen(definitionOf(App))).toBe(true);
  });

  test("passes its properties and functions on to classes that extend it", () => {
    @ResourceType("acme:Special", { provider: "acme", onCluster: true })
    class Special extends Group {
      @Input({ type: "integer", default: 3 }) declare readonly size: Output<number>;
      @Input({ type: "string", enum: ["x"] }) declare readonly location: Output<"x">;
      @Output({ type: "boolean" }) declare readonly ready: Output<boolean>;
    }
    const { inputs, outputs, identity, onCluster } = definitionOf(Special);
    expect(inputs).toMatchObject({
      required: ["location"],
      properties: { location: { enum: ["x"] }, size: { default: 3 } },
    });
    expect(Object.keys(inputs["properties"] as object)).toEqual(["location", "tags", "size"]);
    expect(Object.keys(outputs)).toEqual(["id", "ready"]);
    expect(identity).toBe(definitionOf(Group).identity);
    expect(onCluster).toBe(true);
    expect(Object.keys(definitionOf(Group).inputs["properties"] as object)).toEqual(["location", "tags"]);
  });

  test("may be extended without a type of its own, if it adds no properties", async () => {
    class Plain extends Group {
      constructor(name: string, options?: ResourceOptions) {
        super(name, { location: "fixed" }, options);
      }
    }
    class Adding extends Group {
      @Input({ type: "string" }) declare readonly more: Output<string>;
    }
    const graph = await declareHere(() => void new Plain("a"));
    expect(graph.resources[0]).toMatchObject({ type: "acme:Group", inputs: { location: "fixed" } });
    expect(await refusalOf(() => new Adding("a", { location: "x" }))).toEqual([
      "BERTH1019: the class Adding declares properties but has no type of its own: decorate it with @ResourceType(…)",
    ]);
  });

  test("may have properties with any name", async () => {
    const names = [
      "name",
      "id",
      "type",
      "metadata",
      "spec",
      "data",
      "parent",
      "options",
      "inputs",
      "urn",
      "apply",
      "declared",
    ];
    const Any = defineResource<Record<string, string>>({
      type: "acme:Any",
      provider: "acme",
      inputs: Object.fromEntries(names.map((each) => [each, { type: "string" as const }])),
    });
    const values = Object.fromEntries(names.map((each) => [each, `value of ${each}`]));
    const graph = await declareHere(() => {
      const any: Readonly<Record<string, unknown>> = new Any("logical", values);
      expect(names.every((each) => isOutput(any[each]))).toBe(true);
      return { name: any["name"] };
    });
    expect(graph.resources[0]).toMatchObject({ name: "logical", inputs: values });
    expect(evaluate(graph.outputs["name"], (_urn, path) => path.join())).toBe("name");
  });

  test("fills defaults in, at every depth", async () => {
    const Deep = defineResource<{ a?: { b?: number; c?: number }; list?: { d?: string }[] }>({
      type: "acme:Deep",
      provider: "acme",
      inputs: {
        a: {
          type: "object",
          properties: { b: { type: "integer", default: 1 }, c: { type: "integer" } },
          default: {},
        },
        list: {
          schema: {
            type: "array",
            items: { type: "object", properties: { d: { type: "string", default: "x" } } },
          },
          optional: true,
        },
      },
    });
    const graph = await declareHere(() => {
      new Deep("none", {});
      new Deep("some", { a: { c: 2 }, list: [{}, { d: "y" }] });
    });
    expect(graph.resources.map(({ inputs }) => inputs)).toEqual([
      { a: {} },
      { a: { b: 1, c: 2 }, list: [{ d: "x" }, { d: "y" }] },
    ]);
  });
});

describe("a decorated component class", () => {
  test("reads its inputs back as given, with defaults, frozen", async () => {
    await declareHere(() => {
      const group = new Group("g", { location: "x" });
      const shop = new Shop("shop", { location: group.location });
      expect(shop.copies).toBe(2);
      expect(isOutput(shop.location)).toBe(true);
      expect(new Shop("other", { location: "y", copies: 0 }).groups).toEqual([]);
    });
  });

  test("takes resources as inputs where it says so, and only those", async () => {
    @ComponentType("acme:Around")
    class Around extends Component<{ readonly group: Group; readonly list?: readonly Group[] }> {
      @Input({ resource: true }) declare readonly group: Group;
      @Input({ type: "array", items: { resource: true } }, { optional: true }) declare readonly list:
        | readonly Group[]
        | undefined;
    }
    await declareHere(() => {
      const group = new Group("g", { location: "x" });
      const around = new Around("a", { group, list: [group] });
      expect(around.group).toBe(group);
      expect(around.list?.[0]).toBe(group);
    });
    expect(await refusalOf(() => void new Around("a", { group: "g", list: [{}] } as never))).toEqual([
      "BERTH1001 group: must be a resource or component",
      "BERTH1001 list[0]: must be a resource or component",
    ]);
    expect(await refusalOf(() => void new Around("a", {} as never))).toEqual([
      'BERTH1003 group: "group" is missing',
    ]);
  });

  test("checks its inputs before its constructor relies on them", async () => {
    expect(await refusalOf(() => void new Shop("shop", { copies: "many" } as never))).toEqual([
      'BERTH1001 copies: must be a whole number, not "many"',
      'BERTH1003 location: "location" is missing',
    ]);
  });

  test("that is opaque shows its resources where it is declared itself", async () => {
    @ComponentType("acme:Opaque", { opaque: true })
    class Opaque extends Component {
      constructor(name: string) {
        super(name, {});
        new Group("inner", { location: "x" }, { parent: this });
      }
    }
    const graph = await declareHere(() => void new Opaque("o"));
    expect(graph.resources[0]?.site).toBe(graph.components[0]?.site);
  });
});

describe("mistakes in definitions", () => {
  test("a type that is no type", () => {
    expect(() => ResourceType("thing", { provider: "acme" })(class extends Resource {})).toThrow(
      'BERTH1023: "thing" is no resource type',
    );
  });

  test("an object that is left open without saying so, at any depth", () => {
    const define = (schema: object) => () =>
      defineResource({ type: "acme:Open", provider: "acme", inputs: { a: schema as never } });
    expect(define({ type: "object" })).toThrow(
      "BERTH1023 a: the schema of a in acme:Open does not say which properties the object has",
    );
    expect(define({ type: "array", items: { type: ["object", "null"] } })).toThrow("a.items");
    expect(define({ anyOf: [{ type: "string" }, { type: "object" }] })).toThrow("BERTH1023");
    expect(define({ type: "object", additionalProperties: true })).not.toThrow();
  });

  test("a schema that cannot be compiled", async () => {
    const Bad = defineResource({
      type: "acme:Bad",
      provider: "acme",
      inputs: { a: { type: "string", patern: "x" } },
    });
    expect(await refusalOf(() => void new Bad("a", {}))).toEqual([
      'BERTH1023: the schema of acme:Bad is not sound: strict mode: unknown keyword: "patern"',
    ]);
  });

  test("a schema that JSON Schema itself refuses, for the tests of packages", () => {
    const Bad = defineResource({
      type: "acme:Bad",
      provider: "acme",
      inputs: {
        a: { type: "integer", minimum: "one" },
        b: { type: "string", immutable: "never", keys: ["x"], compare: "set" },
      },
      outputs: { c: { type: "txet" } },
    });
    expect(definitionProblems(definitionOf(Bad)).map(({ message }) => message)).toEqual([
      "the schema of acme:Bad is not sound: schema is invalid: data/properties/a/minimum must be number",
      expect.stringContaining("type must be"),
    ]);
    expect([Group, App].map(definitionOf).flatMap(definitionProblems)).toEqual([]);
  });

  test("rules that fail are reported as what they are", async () => {
    const Failing = defineResource<{ a: string }>({
      type: "acme:Failing",
      provider: "acme",
      inputs: { a: { type: "string" } },
      validate: ({ a }) => [(a as string).toUpperCase() as never].slice(1),
    });
    expect(await refusalOf(() => void new Failing("a", { a: 1 } as never))).toEqual([
      "BERTH1001 a: must be text, not 1",
    ]);
  });

  test("a property whose type nobody says", () => {
    expect(() => {
      class Unsaid extends Resource {
        @Input() declare readonly either: string | number;
      }
      return Unsaid;
    }).toThrow("BERTH1020: Unsaid.either has no type that compilers agree on");
  });

  test("a property without any metadata", () => {
    class Bare extends Resource {}
    expect(() => Input()(Bare.prototype, "size")).toThrow(
      "BERTH1021: Bare.size has no type: the program was compiled without decorator metadata",
    );
  });

  test("types that all compilers agree on are taken from the program", () => {
    @ComponentType("acme:Typed")
    class Typed extends Component {
      @Input() declare readonly text: string;
      @Input({ minimum: 1 }) declare readonly count: number;
      @Input() declare readonly flag: boolean;
      @Input({ items: { type: "string" } }) declare readonly list: readonly string[];
    }
    expect(Typed).toBeDefined();
  });
});

test("what decorators say can be said without them", () => {
  const Other = defineResource<{ location: string; tags?: Record<string, string> }, { id: string }>({
    ...definitionOptions(),
    type: "acme:Group",
    inputs: {
      location: { type: "string", immutable: "a group cannot move" },
      tags: { schema: { type: "object", additionalProperties: { type: "string" } }, optional: true },
    },
    outputs: { id: { type: "string" } },
  });
  expect(definitionOf(Other)).toEqual(definitionOf(Group));
  expect(Other.name).toBe("Group");
});

function definitionOptions() {
  const { provider, identity } = definitionOf(Group);
  return { provider, ...(identity && { identity }) };
}
