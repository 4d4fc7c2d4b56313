import { describe, expect, test } from "vitest";
import { Machine, Network, Subnet } from "./testing/cloud.ts";
import { TestStack } from "./testing/stack.ts";

/** A network, and subnets that are each in the one before. */
const chain = (length: number, zone: string) => () => {
  let id = new Network("network", { name: "net", zone }).id;
  for (let n = 1; n <= length; n++) id = new Subnet(`subnet${n}`, { network: id }).id;
  new Machine("machine", { size: 1, subnet: id });
};

async function causesOf(program: (zone: string) => () => void, name: string) {
  const stack = new TestStack();
  await stack.up(program("a"));
  const plan = await stack.preview(program("b"));
  return plan.changes.find((each) => each.name === name)?.causes;
}

describe("the chain of causes", () => {
  test("leads from a change to the edit that began it: property, rule, place", async () => {
    const causes = await causesOf((zone) => chain(3, zone), "machine");
    expect(causes?.map(({ name, path, rule }) => `${name} ${path}: ${rule}`)).toEqual([
      "subnet3 network: a subnet stays in its network",
      "subnet2 network: a subnet stays in its network",
      "subnet1 network: a subnet stays in its network",
      "network zone: a network stays in its zone",
    ]);
    expect(causes?.at(-1)).toEqual({
      urn: "urn:berth:dev:shop::acme:Network::network",
      type: "acme:Network",
      name: "network",
      action: "replace",
      certainty: "will",
      path: "zone",
      rule: "a network stays in its zone",
      site: { file: "shop.ts", line: expect.any(Number), column: expect.any(Number) },
    });
    expect(await causesOf((zone) => chain(3, zone), "network")).toBeUndefined();
  });

  test("of an update is what its value is taken from", async () => {
    const program = (range: string) => () => {
      const network = new Network("network", { name: "net", range });
      new Machine("machine", { size: 1, note: network.address });
    };
    expect(await causesOf(program, "machine")).toMatchObject([
      { name: "network", action: "update", path: "range" },
    ]);
  });

  test("of a long chain is its beginning and its end", async () => {
    const causes = await causesOf((zone) => chain(100, zone), "machine");
    expect(causes?.map(({ name, skipped }) => [name, skipped])).toEqual([
      ...Array.from({ length: 7 }, (_, index) => [`subnet${100 - index}`, undefined]),
      ["network", 93],
    ]);
  });
});
