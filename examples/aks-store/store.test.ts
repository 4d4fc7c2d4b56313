import { testStack } from "@berth/testing";
import "@berth/testing/vitest";
import { expect, test } from "vitest";

// The program is run by berth's own planner, on a cloud in memory: no account, no cluster, nothing to clean up.

test("every pod of the store has a node before there is a cluster", async () => {
  const stack = await testStack(import.meta.dirname);
  const plan = await stack.preview();
  expect(plan).toCreate("azure:NodePool", "user");
  for (const workload of ["rabbitmq", "order-service", "product-service", "store-front"])
    expect(plan).toPlace(workload, { pods: 1 });
  expect(plan).not.toLeaveUnplaced();
});

test("what was applied stays as it is", async () => {
  const stack = await testStack(import.meta.dirname);
  await stack.up();
  const plan = await stack.preview();
  expect(plan).toChangeNothing();
  expect(plan).not.toMove("store-front");
  expect(await stack.outputs()).toHaveProperty("address");
});
