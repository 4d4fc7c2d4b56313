import { BerthError } from "@berth/diagnostics";
import { expect, test } from "vitest";
import { amend, declare, evaluate, Input, type Output, Resource, ResourceType, text } from "./index.ts";

interface PodInputs {
  readonly name: Input<string>;
  readonly zones?: readonly string[];
}

@ResourceType("acme:Pod", { provider: "acme" })
class Pod extends Resource<PodInputs> {
  @Input({ type: "string" }) declare readonly name: Output<string>;
  @Input({ type: "array", items: { type: "string" } }, { optional: true }) declare readonly zones: Output<
    string[]
  >;
}

const scope = { project: "shop", stack: "dev", mapSite: () => ({ file: "shop.ts", line: 7, column: 1 }) };

test("changes what was declared; outputs inside stay outputs", async () => {
  const graph = await declare(scope, () => {
    const first = new Pod("first", { name: "a" });
    const second = new Pod("second", { name: text`${first.name}-b` });
    amend<{ zones?: string[] }>(second, (inputs) => void (inputs.zones = ["1"]));
  });
  const second = graph.resources[1]!;
  expect(second.inputs["zones"]).toEqual(["1"]);
  expect(second.dependencies).toEqual([graph.resources[0]!.urn]);
  expect(evaluate(second.inputs["name"], () => "a")).toBe("a-b");
});

test("is checked like a declaration, at the resource's line", async () => {
  const run = declare(scope, () => {
    const pod = new Pod("first", { name: "a" });
    amend<{ zone?: string }>(pod, (inputs) => void (inputs.zone = "1"));
  });
  await expect(run).rejects.toThrow(/shop\.ts:7:1 BERTH1002 .*zone.*did you mean "zones"/);
});

test("ends with the program", async () => {
  let kept: Pod | undefined;
  await declare(scope, () => void (kept = new Pod("first", { name: "a" })));
  expect(() => amend(kept!, () => undefined)).toThrow(BerthError);
});
