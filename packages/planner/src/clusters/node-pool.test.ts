import { expect, test } from "vitest";
import { type NodeObject, relabelled } from "./node-pool.ts";

function node(
  labels: Record<string, string>,
  taints: NonNullable<NonNullable<NodeObject["spec"]>["taints"]>,
): NodeObject {
  return { apiVersion: "v1", kind: "Node", metadata: { labels }, spec: { taints } };
}

test("a standing node loses what its pool had, gets what it has, and keeps what others gave it", () => {
  const before = node({ tier: "web", old: "1" }, [{ key: "dedicated", value: "web", effect: "NoSchedule" }]);
  const after = node({ tier: "db" }, [{ key: "dedicated", value: "db", effect: "NoSchedule" }]);
  // As an API server answers: properties in its own order.
  const observed = node({ tier: "web", old: "1", "example.com/rack": "7" }, [
    { effect: "NoSchedule", key: "dedicated", timeAdded: "2026-01-01T00:00:00Z", value: "web" },
    { effect: "NoExecute", key: "example.com/broken" },
  ]);
  expect(relabelled(observed, before, after)).toEqual(
    node({ tier: "db", "example.com/rack": "7" }, [
      { effect: "NoExecute", key: "example.com/broken" },
      { key: "dedicated", value: "db", effect: "NoSchedule" },
    ]),
  );
  expect(relabelled(observed, before, before)).toBe(observed);
});
