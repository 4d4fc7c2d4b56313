// A small cloud for this room's tests.
import { BerthError, problem, type Problem } from "@berth/diagnostics";
import { ComponentType, ResourceType } from "./class-decorators.ts";
import { coreCodes } from "./codes.ts";
import { Component } from "./component.ts";
import { declare } from "./declare.ts";
import type { Graph } from "./graph.ts";
import type { ResourceOptions } from "./options.ts";
import { Input, Output } from "./property-decorators.ts";
import { Resource } from "./resource.ts";

export interface GroupInputs {
  readonly location: Input<string>;
  readonly tags?: Input<Readonly<Record<string, string>>>;
}

@ResourceType("acme:Group", {
  provider: "acme",
  identity: ({ location }) =>
    typeof location === "string" && location.startsWith("at-") ? `group ${location}` : undefined,
})
export class Group extends Resource<GroupInputs> {
  @Input({ type: "string", immutable: "a group cannot move" }) declare readonly location: Output<string>;
  @Input({ type: "object", additionalProperties: { type: "string" } }, { optional: true })
  declare readonly tags: Output<Readonly<Record<string, string>>>;
  @Output({ type: "string" }) declare readonly id: Output<string>;
}

@ResourceType("acme:Cluster", { provider: "acme", isCluster: true })
export class Cluster extends Resource<{ readonly group?: Input<string> }> {
  @Input({ type: "string" }, { optional: true }) declare readonly group: Output<string>;
  @Output({ type: "string" }) declare readonly host: Output<string>;
  @Output({ type: "string", secret: true }) declare readonly token: Output<string>;
}

export interface AppInputs {
  readonly spec: Input<{
    readonly image: string;
    readonly replicas?: number;
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
    readonly address?: string;
  }>;
}

@ResourceType("acme:App", {
  provider: "acme",
  onCluster: true,
  validate: ({ spec }) => {
    const image = typeof spec === "object" && spec !== null && "image" in spec ? spec["image"] : undefined;
    if (image === undefined || (typeof image === "string" && image.includes(":"))) return [];
    return [
      problem(coreCodes.BERTH1001, {
        path: "spec.image",
        message: "an image has a tag",
        severity: "warning",
      }),
    ];
  },
})
export class App extends Resource<AppInputs> {
  @Input({
    type: "object",
    required: ["image"],
    properties: {
      image: { type: "string", minLength: 1 },
      replicas: { type: "integer", minimum: 0 },
      ports: {
        type: "array",
        items: {
          type: "object",
          required: ["port"],
          properties: { name: { type: "string" }, port: { type: "integer", maximum: 65535 } },
        },
      },
      address: { type: "string" },
    },
  })
  @Output({ type: "object", additionalProperties: true })
  declare readonly spec: Output<{
    readonly image: string;
    readonly address: string;
    readonly ports: readonly { readonly port: number }[];
  }>;
}

@ResourceType("acme:Provider", { provider: "acme", isProvider: true })
export class Provider extends Resource<{ readonly account: Input<string> }> {
  @Input({ type: "string" }) declare readonly account: Output<string>;
}

@ResourceType("other:Provider", { provider: "other", isProvider: true })
export class OtherProvider extends Resource {}

export interface ShopInputs {
  readonly location: Input<string>;
  readonly copies?: number;
  readonly cluster?: Cluster;
}

@ComponentType("acme:Shop")
export class Shop extends Component<ShopInputs> {
  @Input({ type: "string" }) declare readonly location: Input<string>;
  @Input({ type: "integer", default: 2 }) declare readonly copies: number;
  @Input({ resource: true }, { optional: true }) declare readonly cluster: Cluster | undefined;
  readonly groups: readonly Group[];

  constructor(name: string, inputs: ShopInputs, options?: ResourceOptions) {
    super(name, inputs, options);
    this.groups = Array.from(
      { length: this.copies },
      (_, i) => new Group(`group-${i}`, { location: this.location }, { parent: this }),
    );
  }
}

/** Declares in a stack of its own; places are made up, since they are the loader's to know. */
export function declareHere(run: () => unknown): Promise<Graph> {
  return declare(
    { project: "shop", stack: "dev", mapSite: () => ({ file: "shop.ts", line: 1, column: 1 }) },
    run,
  );
}

/** The problems of a program that must fail. */
export async function problemsOf(run: () => unknown): Promise<readonly Problem[]> {
  const failure: unknown = await declareHere(run).then(
    () => new Error("the program did not fail"),
    (thrown: unknown) => thrown,
  );
  if (BerthError.is(failure)) return failure.problems;
  throw failure;
}

/** The same in lines: `BERTH1003 location: "location" is missing`. */
export async function refusalOf(run: () => unknown): Promise<readonly string[]> {
  const problems = await problemsOf(run);
  return problems.map(
    ({ code, path, message, hint }) =>
      `${code}${path ? ` ${path}` : ""}: ${message}${hint ? ` (${hint})` : ""}`,
  );
}

export const shopUrn = (type: string, path: string): string => `urn:berth:dev:shop::acme:${type}::${path}`;
