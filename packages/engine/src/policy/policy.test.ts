import { declare, type Graph, secret } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { memoryBackend } from "@berth/state";
import { describe, expect, test } from "vitest";
import { operationOf } from "../fixtures/stack.ts";
import { TestCloud } from "../fixtures/test-cloud.ts";
import { Thing } from "../fixtures/thing.ts";
import type { ApplyOperation } from "../operation.ts";
import { preview } from "../preview.ts";
import { destroy, up } from "../up.ts";
import { configurePolicies } from "./configure.ts";
import type { GraphPolicy, PlanPolicy, Policy, PolicySettings, ResourcePolicy } from "./policy.ts";

const shortNames: ResourcePolicy<{ most: number }> = {
  kind: "resource",
  name: "short-names",
  description: "Names are short.",
  level: "mandatory",
  types: ["test:*"],
  configuration: { most: 3 },
  check: ({ inputs }, { most }) => {
    const { name } = inputs;
    if (typeof name !== "string" || name.length <= most) return undefined;
    return {
      message: `${name} has more than ${most} letters`,
      hint: `call it ${name.slice(0, most)}`,
      path: "name",
    };
  },
};
const connected: GraphPolicy = {
  kind: "graph",
  name: "connected",
  description: "What stands alone is looked at.",
  level: "advisory",
  check: ({ resources }) =>
    resources.flatMap(({ urn, name, dependencies }) => {
      const isNeeded = resources.some((each) => each.dependencies.includes(urn));
      return isNeeded || dependencies.length > 0 ? [] : [{ message: `${name} stands alone`, resource: urn }];
    }),
};
const noDeletions: PlanPolicy = {
  kind: "plan",
  name: "no-deletions",
  description: "Nothing is deleted.",
  level: "mandatory",
  check: ({ plan }) =>
    plan.changes.filter(({ action }) => action === "delete").map(({ name }) => `${name} would be deleted`),
};
const valued: ResourcePolicy = {
  kind: "resource",
  name: "valued",
  description: "Everything has a value.",
  level: "remediating",
  remediate: ({ inputs }) => (inputs["value"] === "" ? { ...inputs, value: "some" } : undefined),
};

interface Stack {
  readonly policies?: readonly unknown[];
  readonly settings?: PolicySettings;
  readonly cloud?: TestCloud;
  readonly backend?: ApplyOperation["backend"];
}

async function stackOf(
  program: () => unknown,
  {
    policies = [],
    settings = {},
    cloud = new TestCloud(),
    backend = memoryBackend({ project: "test" }),
  }: Stack = {},
) {
  const graph: Graph = await declare({ project: "test", stack: "dev" }, () => void program());
  const operation: ApplyOperation = {
    ...(await operationOf([], cloud, backend)),
    graph,
    policies: configurePolicies(policies, settings),
  };
  return { cloud, backend, operation };
}

const thing = (name: string, inputs: object = {}, options: object = {}): InstanceType<typeof Thing> =>
  new Thing(name, { name, ...inputs }, options);

const said = (
  problems: readonly { code: string; severity: string; policy?: string; message: string; hint?: string }[],
) =>
  problems.map(
    ({ code, severity, policy, message, hint }) =>
      `${severity} ${code} ${policy}: ${message}${hint ? ` (${hint})` : ""}`,
  );

async function refusalOf(run: Promise<unknown>): Promise<readonly string[]> {
  const thrown: unknown = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!BerthError.is(thrown)) throw thrown ?? new Error("it was not refused");
  return said(thrown.problems);
}

describe("policies", () => {
  test("look at resources, at all of them together, and at the plan; a mandatory one denies before the first change", async () => {
    const { cloud, backend, operation } = await stackOf(
      () => {
        thing("long-name");
        thing("b");
      },
      { policies: [shortNames, connected, noDeletions] },
    );
    const { plan } = await preview(operation);
    expect(said(plan.problems)).toEqual([
      "error BERTH6101 short-names: long-name has more than 3 letters (call it lon)",
      "warning BERTH6102 connected: long-name stands alone",
      "warning BERTH6102 connected: b stands alone",
    ]);
    expect(plan.problems[0]).toMatchObject({
      path: "name",
      resource: expect.stringContaining("::long-name"),
      site: {},
    });
    expect(plan.policies).toEqual({
      ran: [
        { name: "short-names", kind: "resource", level: "mandatory" },
        { name: "connected", kind: "graph", level: "advisory" },
        { name: "no-deletions", kind: "plan", level: "mandatory" },
      ],
      remediations: [],
    });
    expect(await refusalOf(up(operation))).toEqual([
      "error BERTH6101 short-names: long-name has more than 3 letters (call it lon)",
    ]);
    expect([cloud.log, (await backend.read("dev")).serial]).toEqual([[], 0]);
  });

  test("look at the plan of a destroy, too", async () => {
    const { operation } = await stackOf(() => thing("a"));
    await up(operation);
    const policies = configurePolicies([noDeletions]);
    expect(await refusalOf(destroy({ ...operation, policies }))).toEqual([
      "error BERTH6101 no-deletions: a would be deleted",
    ]);
  });

  test("have configuration, and another level where berth.yaml says so", async () => {
    const settings = { "short-names": { most: 20 }, "no-deletions": { level: "advisory" } };
    const policies = [shortNames, noDeletions];
    const { operation, cloud, backend } = await stackOf(() => thing("long-name"), { policies, settings });
    expect((await up(operation)).status).toBe("succeeded");
    const { operation: empty } = await stackOf(() => {}, { policies, settings, cloud, backend });
    expect(said((await preview(empty)).plan.problems)).toEqual([
      "warning BERTH6102 no-deletions: long-name would be deleted",
    ]);
  });

  test("are silenced where they advise, and not where they deny", async () => {
    const silence = ["BERTH6101", "BERTH6102"];
    const { operation } = await stackOf(() => thing("long-name", {}, { silence }), {
      policies: [shortNames, connected],
    });
    expect(said((await preview(operation)).plan.problems)).toEqual([
      "error BERTH6101 short-names: long-name has more than 3 letters (call it lon)",
    ]);
  });

  test("see no secret and nothing that is not known, and cannot change what they are shown", async () => {
    const seen: unknown[] = [];
    const nosy: ResourcePolicy = {
      ...shortNames,
      name: "nosy",
      check: (resource) => {
        seen.push(resource.inputs);
        Reflect.set(resource.inputs, "value", "changed");
        return undefined;
      },
    };
    const { operation } = await stackOf(
      () => {
        const a = thing("a", { password: secret("a-marker") });
        thing("b", { value: a.version });
      },
      { policies: [nosy] },
    );
    const { plan } = await preview(operation);
    expect(seen).toMatchObject([
      { name: "a", value: "", password: { $berth: "secret" } },
      { name: "b", value: { $berth: "unknown", producers: ["a.version"] } },
    ]);
    expect(plan.changes.map(({ after }) => after?.["value"])).toMatchObject([
      "",
      { $berth: "unknown", producers: ["a.version"] },
    ]);
  });

  test("run when the plan has errors of its own, and over what is recorded when an operation failed", async () => {
    const { operation, cloud, backend } = await stackOf(() => thing("long-name", {}, { protect: true }));
    await up(operation);
    const { operation: gone } = await stackOf(() => {}, { policies: [noDeletions], cloud, backend });
    expect(said((await preview(gone)).plan.problems)).toEqual([
      expect.stringContaining("error BERTH3001"),
      "error BERTH6101 no-deletions: long-name would be deleted",
    ]);

    const failing = new TestCloud({
      fate: (action, id) => (action === "create" && id === "things/b" ? "refused" : "answered"),
    });
    const lenient = await stackOf(
      () => {
        thing("long-name");
        thing("b");
      },
      { policies: [shortNames], settings: { "short-names": { level: "advisory" } }, cloud: failing },
    );
    const { status, problems } = await up({ ...lenient.operation, parallel: 1 });
    expect([status, said(problems)]).toEqual([
      "failed",
      [
        expect.stringContaining("BERTH6991"),
        "warning BERTH6102 short-names: long-name has more than 3 letters (call it lon)",
      ],
    ]);
  });
});

describe("a remediating policy", () => {
  test("mends inputs before planning; the plan says which policy changed what, and up applies it", async () => {
    const { operation, cloud } = await stackOf(
      () => {
        thing("a");
        thing("b", { value: "own", password: secret("a-marker") });
      },
      { policies: [valued] },
    );
    const { plan } = await preview(operation);
    expect(plan.policies?.remediations).toEqual([
      { policy: "valued", urn: expect.stringContaining("::a"), path: "value", before: "", after: "some" },
    ]);
    expect(plan.changes.map(({ after }) => after?.["value"])).toEqual(["some", "own"]);
    expect((await up(operation)).status).toBe("succeeded");
    expect(cloud.things.get("things/a")?.inputs["value"]).toBe("some");
    expect((await preview(operation)).plan.steps).toEqual([]);
  });

  test("changes a part of what the program computes, and leaves the rest to it", async () => {
    const policy: ResourcePolicy = {
      ...valued,
      remediate: ({ inputs }) => {
        const { from } = inputs;
        return Array.isArray(from) && from[0] === "one"
          ? { ...inputs, from: ["two", ...from.slice(1)] }
          : undefined;
      },
    };
    const { operation, cloud } = await stackOf(
      () => {
        const a = thing("a");
        thing("b", { from: ["one", a.version] });
      },
      { policies: [policy] },
    );
    await up(operation);
    expect(cloud.things.get("things/b")?.inputs["from"]).toEqual(["two", cloud.version("things/a")]);
  });

  test("that makes a property secret does not show what it made of it", async () => {
    const policy: ResourcePolicy = {
      ...valued,
      remediate: ({ inputs }) =>
        inputs["password"] === undefined ? { ...inputs, password: "a-marker" } : undefined,
    };
    const { operation } = await stackOf(() => thing("a"), { policies: [policy] });
    const { plan } = await preview(operation);
    expect(plan.policies?.remediations).toMatchObject([{ path: "password", after: { $berth: "secret" } }]);
    expect(JSON.stringify(plan)).not.toContain("a-marker");
  });

  test.each<[string, ResourcePolicy["remediate"], string]>([
    [
      "no inputs of the type",
      ({ inputs }) => ({ ...inputs, valeu: "x" }),
      'BERTH6105 valued: there is no property "valeu"',
    ],
    [
      "never content",
      ({ inputs }) => ({ ...inputs, value: `${String(inputs["value"])}x` }),
      "BERTH6105 valued: it would change",
    ],
    ["no JSON", () => ({ value: Number.NaN }), "BERTH6104 valued: it answered something that is no inputs"],
  ])("whose answer is %s is refused", async (_, remediate, message) => {
    const { operation, cloud } = await stackOf(() => thing("a"), { policies: [{ ...valued, remediate }] });
    expect(await refusalOf(up(operation))).toEqual([expect.stringContaining(message)]);
    expect(cloud.log).toEqual([]);
  });
});

describe("a policy that is wrong", () => {
  test.each<[string, () => unknown, string]>([
    [
      "throws",
      () => {
        throw new TypeError("x is undefined");
      },
      "BERTH6103 p: it failed: x is undefined",
    ],
    [
      "is asynchronous",
      async () => "late",
      "BERTH6104 p: it answered a promise: policies are not asynchronous",
    ],
    ["answers a number", () => 3, "BERTH6104 p: it answered a number"],
    ["answers null", () => null, "BERTH6104 p: it answered null"],
    ["answers no message", () => [{ hint: "x" }], "BERTH6104 p: it answered an object without a message"],
    [
      "answers too much",
      () => ({ message: "x", severity: "error" }),
      'BERTH6104 p: it answered a finding with a property "severity"',
    ],
  ])("%s", async (_, check, message) => {
    const policy = { ...noDeletions, name: "p", level: "advisory", check };
    const { operation, cloud } = await stackOf(() => thing("a"), { policies: [policy] });
    expect(await refusalOf(up(operation))).toEqual([`error ${message}`]);
    expect(cloud.log).toEqual([]);
  });

  test("is not taken for one", async () => {
    const wrong = [
      3,
      { ...noDeletions, kind: "plans" },
      { ...noDeletions, name: "No Deletions" },
      { ...noDeletions, name: "remediating-plan", level: "remediating" },
      { ...noDeletions, name: "without-check", check: undefined },
      { ...valued, remediate: undefined },
      { ...shortNames, level: "advisory", remediate: () => undefined },
      { ...connected, description: undefined },
      noDeletions,
      noDeletions,
    ];
    expect(await refusalOf((async () => configurePolicies(wrong))())).toEqual([
      "error BERTH6106 undefined: policy 1 of the list is no object",
      'error BERTH6106 undefined: the policy "no-deletions" has no kind: "resource", "graph" or "plan"',
      'error BERTH6106 undefined: the policy "No Deletions" has no name of small letters, digits and -',
      'error BERTH6106 undefined: the policy "remediating-plan" has no level that is one of advisory, mandatory',
      'error BERTH6106 undefined: the policy "without-check" has no function check',
      'error BERTH6106 undefined: the policy "valued" is remediating, and has no function remediate',
      'error BERTH6106 undefined: the policy "short-names" has a function remediate, and is not remediating',
      'error BERTH6106 undefined: the policy "connected" has no description',
      'error BERTH6106 undefined: the policy "no-deletions" has a name that another has',
    ]);
  });

  test("is configured wrongly", async () => {
    const policies: readonly Policy[] = [shortNames, noDeletions];
    const refused = async (settings: PolicySettings) =>
      refusalOf((async () => configurePolicies(policies, settings))());
    expect(await refused({ "short-name": { most: 1 } })).toEqual([
      'error BERTH6107 undefined: there is no policy "short-name" (did you mean short-names?)',
    ]);
    expect(await refused({ "short-names": { must: 1, most: "3", level: "loud" } })).toEqual([
      'error BERTH6107 short-names: its level cannot be "loud"',
      'error BERTH6107 short-names: it has no configuration value "must" (did you mean most?)',
      "error BERTH6107 short-names: most must be a number, not text",
    ]);
  });
});
