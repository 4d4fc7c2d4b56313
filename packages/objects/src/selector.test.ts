import { describe, expect, test } from "vitest";
import {
  formatLabelSelector,
  matchesLabels,
  matchesNodeSelector,
  matchesPairs,
  type NodeSelector,
} from "./index.ts";

describe("label selectors", () => {
  const labels = { app: "web", tier: "front" };

  test("an absent selector selects nothing, an empty one everything", () => {
    expect(matchesLabels(undefined, labels)).toBe(false);
    expect(matchesLabels({}, labels)).toBe(true);
    expect(matchesLabels({}, undefined)).toBe(true);
    expect(matchesPairs({}, undefined)).toBe(true);
  });

  test.each([
    ["In", ["web", "api"], true],
    ["In", ["api"], false],
    ["NotIn", ["api"], true],
    ["NotIn", ["web"], false],
    ["Exists", [], true],
    ["DoesNotExist", [], false],
  ] as const)("app %s %j is %s", (operator, values, expected) => {
    expect(matchesLabels({ matchExpressions: [{ key: "app", operator, values: [...values] }] }, labels)).toBe(
      expected,
    );
  });

  test("an absent key satisfies NotIn and DoesNotExist only", () => {
    const on = (operator: string, values: string[]) =>
      matchesLabels({ matchExpressions: [{ key: "none", operator, values }] }, labels);
    expect([on("NotIn", ["a"]), on("DoesNotExist", []), on("In", ["a"]), on("Exists", [])]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test("keys that objects inherit are not labels", () => {
    expect(matchesLabels({ matchExpressions: [{ key: "constructor", operator: "Exists" }] }, {})).toBe(false);
    expect(matchesPairs(JSON.parse('{"__proto__": "x"}'), {})).toBe(false);
  });

  test.each([
    [{ key: "app", operator: "in", values: ["web"] }, 'did you mean "In"?'],
    [{ key: "app", operator: "In", values: [] }, "does not go with 0 values"],
    [{ key: "app", operator: "Exists", values: ["a"] }, "does not go with 1 values [a]"],
    [{ key: "app", operator: "Gt", values: ["1"] }, "is not an operator of this selector"],
  ])("%j is refused", (requirement, text) => {
    expect(() => matchesLabels({ matchExpressions: [requirement] }, labels)).toThrow(text);
  });

  test("print as kubectl prints them", () => {
    expect(
      formatLabelSelector({
        matchLabels: { tier: "front", app: "web" },
        matchExpressions: [
          { key: "zone", operator: "In", values: ["b", "a"] },
          { key: "legacy", operator: "DoesNotExist" },
        ],
      }),
    ).toBe("app=web,!legacy,tier=front,zone in (a,b)");
    expect(formatLabelSelector(undefined)).toBe("<none>");
  });
});

describe("node selectors", () => {
  const node = { metadata: { name: "n1", labels: { cores: "16", zone: "a", note: "x16" } } };
  // As it comes from a cluster: nothing has checked the operator.
  const term = (key: string, operator: string, ...values: string[]): NodeSelector =>
    JSON.parse(JSON.stringify({ nodeSelectorTerms: [{ matchExpressions: [{ key, operator, values }] }] }));

  test.each([
    ["cores", "Gt", "8", true],
    ["cores", "Gt", "16", false],
    ["cores", "Lt", "17", true],
    ["cores", "Lt", "-1", false],
    ["note", "Gt", "1", false],
    ["absent", "Gt", "1", false],
    ["zone", "In", "a", true],
  ])("%s %s %s is %s", (key, operator, value, expected) => {
    expect(matchesNodeSelector(term(key, operator, value), node)).toBe(expected);
  });

  test("terms are alternatives, an empty term selects nothing", () => {
    expect(matchesNodeSelector({ nodeSelectorTerms: [{}] }, node)).toBe(false);
    expect(
      matchesNodeSelector(
        {
          nodeSelectorTerms: [
            {},
            { matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }] },
          ],
        },
        node,
      ),
    ).toBe(true);
  });

  test.each([
    ["cores", "Gt", ["1.5"]],
    ["cores", "Gt", ["1", "2"]],
    ["cores", "Gt", ["9223372036854775808"]],
    ["cores", "Above", ["1"]],
  ])("%s %s %j is refused", (key, operator, values) => {
    expect(() => matchesNodeSelector(term(key, operator, ...values), node)).toThrow(/BERTH2003/);
  });
});
