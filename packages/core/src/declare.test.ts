import { BerthError } from "@berth/diagnostics";
import { describe, expect, test } from "vitest";
import { all, Component, ComponentType, declare, definitionOf, evaluate, Input, lookupIn, Output, Resource, type ResourceOptions, ResourceType, text, Unknown, unknownOutputs } from "./index.ts";

interface GroupInputs {
  readonly location: Input<string>;
  readonly tags?: Input<Record<string, string>>;
}

@ResourceType("acme:Group", { provider: "acme" })
class Group extends Resource<GroupInputs> {
  @Input({ type: "string", immutable: "a group cannot move" }) declare readonly location: Output<string>;
  @Input({ type: "object", additionalProperties: { type: "string" } }, { optional: true }) declare readonly tags: Output<Record<string, string>>;
  @Output({ type: "string" }) declare readonly id: Output<string>;
}

interface StoreInputs {
  readonly group: Group;
  readonly replicas?: number;
}

@ComponentType("acme:Store")
class Store extends Component<StoreInputs> {
  @Input({ type: "integer", default: 2 }) declare readonly replicas: number;
  @Input({ type: "object", additionalProperties: true }) declare readonly group: Group;
  readonly url: Output<string>;

  constructor(name: string, inputs: StoreInputs, options?: ResourceOptions) {
    super(name, inputs, options);
    const inner = new Group("inner", { location: this.group.location, tags: { replicas: text`${this.replicas}` } }, { parent: this });
    this.url = text`https://${inner.id}/`;
  }
}

const scope = { project: "shop", stack: "dev", mapSite: () => ({ file: "shop.ts", line: 1, column: 1 }) };

describe("declare", () => {
  test("seals resources with what they take from each other", async () => {
    const graph = await declare(scope, () => {
      const group = new Group("store", { location: "westeurope" });
      const store = new Store("web", { group });
      return { url: store.url, both: all([group.id, group.location]).apply(([a, b]) => `${a} ${b}`) };
    });
    expect(graph.resources.map((each) => [each.urn, each.dependencies, each.references])).toMatchInlineSnapshot(`
      [
        [
          "urn:berth:dev:shop::acme:Group::store",
          [],
          {},
        ],
        [
          "urn:berth:dev:shop::acme:Group::web/inner",
          [
            "urn:berth:dev:shop::acme:Group::store",
          ],
          {
            "location": [
              "urn:berth:dev:shop::acme:Group::store",
            ],
          },
        ],
      ]
    `);
    const lookup = lookupIn((urn) => ({ definition: definitionOf(Group), inputs: { location: "westeurope" }, outputs: unknownOutputs(definitionOf(Group), urn) }));
    expect(evaluate(graph.outputs["url"], lookup)).toBeInstanceOf(Unknown);
    const resource = graph.resources[1]!;
    expect(evaluate(resource.inputs, lookup)).toEqual({ location: "westeurope", tags: { replicas: "2" } });
  });

  test("reports everything at once", async () => {
    const failure = await declare(scope, () => {
      new Group("a", { locaton: "x" } as never);
      new Group("a", { location: 3 } as never, { protekt: true } as never);
    }).catch((each: unknown) => each);
    expect(BerthError.is(failure) && failure.problems.map(({ site, ...rest }) => rest)).toMatchInlineSnapshot(`
      [
        {
          "code": "BERTH1013",
          "message": "the name "a" is taken by acme:Group "a" (shop.ts:1:1)",
          "resource": "urn:berth:dev:shop::acme:Group::a",
          "severity": "error",
        },
        {
          "code": "BERTH1003",
          "message": ""location" is missing",
          "path": "location",
          "resource": "urn:berth:dev:shop::acme:Group::a",
          "severity": "error",
        },
        {
          "code": "BERTH1001",
          "message": "must be text, not 3",
          "path": "location",
          "resource": "urn:berth:dev:shop::acme:Group::a",
          "severity": "error",
        },
        {
          "code": "BERTH1002",
          "hint": "did you mean "location"?",
          "message": "there is no property "locaton"",
          "path": "locaton",
          "resource": "urn:berth:dev:shop::acme:Group::a",
          "severity": "error",
        },
        {
          "code": "BERTH1016",
          "hint": "did you mean "protect"?",
          "message": "there is no option "protekt"",
          "path": "protekt",
          "resource": "urn:berth:dev:shop::acme:Group::a",
          "severity": "error",
        },
      ]
    `);
  });
});
