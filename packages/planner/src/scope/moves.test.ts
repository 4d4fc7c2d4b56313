import { expect, test } from "vitest";
import { Network, Subnet } from "../testing/cloud.ts";
import { changeLines, graphOf, planned, TestStack } from "../testing/stack.ts";

/** A network that was renamed in the program, and one that nobody touched. */
async function renamed(targets: readonly string[], excludes: readonly string[] = []) {
  const stack = new TestStack();
  await stack.up(() => {
    new Network("old", { name: "one" });
    const other = new Network("other", { name: "two" });
    new Subnet("sub", { network: other.id });
  });
  const graph = await graphOf(() => {
    new Network("new", { name: "one" });
    const other = new Network("other", { name: "two", range: "10.1.0.0/16" });
    new Subnet("sub", { network: other.id });
  });
  const { plan } = planned(stack.request(graph, "up", { targets, excludes, replaces: [] }));
  return { plan, errors: plan.problems.map(({ code, message }) => `${code} ${message}`) };
}

test("what is renamed goes by either name, and by both", async () => {
  for (const targets of [
    ["old", "new"],
    ["new", "old"],
  ]) {
    const { plan, errors } = await renamed(targets);
    expect(errors).toEqual([]);
    expect([changeLines(plan), plan.scope?.outside]).toEqual([["will move new"], 2]);
  }
});

test("half of it is refused, with the other half named", async () => {
  const { errors } = await renamed(["new"]);
  expect(errors).toEqual([
    "BERTH3083 new is to be created as old, which the stack has as old, and the plan leaves that out",
  ]);
  expect((await renamed(["old"])).errors).toEqual([
    "BERTH3083 old is to be deleted, and is what the program has as new, which the plan leaves out",
  ]);
  expect((await renamed([], ["new"])).errors).toEqual([
    "BERTH3083 old is to be deleted, and is what the program has as new, which the plan leaves out",
  ]);
});

test("what would have to make room for something that was renamed, and is left out, is not in its way unseen", async () => {
  const stack = new TestStack();
  await stack.up(() => {
    const first = new Network("first", { name: "one" });
    new Subnet("sub", { network: first.id });
    new Network("second", { name: "two" });
  });
  // What was the second network is the first one now, and nothing is the second.
  const graph = await graphOf(() => {
    const first = new Network("first", { name: "two" });
    new Subnet("sub", { network: first.id });
  });
  const scope = { targets: [], excludes: ["sub"], replaces: [] };
  const { plan } = planned(stack.request(graph, "up", scope));
  expect(plan.problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
    "BERTH3083 second is what the program has as first now, and what was recorded under that name would have to go, which the plan leaves out",
  ]);
  expect(planned(stack.request(graph)).plan.problems).toEqual([]);
});
