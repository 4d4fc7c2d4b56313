import { type Json, type JsonObject, Secret } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { memoryBackend, withChecksum } from "@berth/state";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DeclaredThing, operationOf } from "../fixtures/stack.ts";
import { TestCloud } from "../fixtures/test-cloud.ts";
import type { ApplyOperation } from "../operation.ts";
import { preview } from "../preview.ts";
import { up } from "../up.ts";
import { checkPlan } from "./check-plan.ts";
import { readSavedPlan, writeSavedPlan } from "./saved-plan-text.ts";
import { configurePolicies } from "../policy/configure.ts";
import type { SavedPlan } from "./saved-plan.ts";
import type { Surroundings } from "./surroundings.ts";

const surroundings: Surroundings = {
  berth: "1.0.0",
  configuration: {
    source: "berth.dev.yaml",
    values: { replicas: 3, region: "west", token: new Secret("marker-one"), copy: "marker-two" },
  },
  catalogue: { machines: "2026-08-21 abc" },
};

const things: readonly DeclaredThing[] = [
  { name: "a", value: "1", password: "marker-two" },
  { name: "b", from: ["a"], fixed: "x" },
  { name: "c", after: ["a"] },
];

async function stack(
  declared: readonly DeclaredThing[] = things,
  { cloud = new TestCloud(), backend = memoryBackend({ project: "test" }), rests = surroundings } = {},
) {
  const operation = await operationOf(declared, cloud, backend);
  const whole: ApplyOperation = { ...operation, surroundings: async () => rests };
  const save = async (more: Partial<ApplyOperation> = {}): Promise<string> => {
    const { saved } = await preview({ ...whole, ...more, save: true });
    return writeSavedPlan(saved!);
  };
  return { cloud, backend, operation: whole, save };
}

const refusalOf = async (run: Promise<unknown>): Promise<readonly string[]> => {
  const thrown = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!BerthError.is(thrown)) throw thrown ?? new Error("it was not refused");
  return thrown.problems.map(({ code, message }) => `${code} ${message}`);
};

describe("a saved plan", () => {
  test("is applied as it was shown, from the file that has the same bytes each time", async () => {
    const { cloud, operation, save } = await stack();
    const text = await save();
    expect(await save()).toBe(text);
    const saved = readSavedPlan(text, "plan.json");
    expect(writeSavedPlan(saved)).toBe(text);
    expect(await checkPlan(operation, saved)).toEqual({ moved: [] });
    const { status, plan } = await up({ ...operation, saved });
    expect([status, plan, cloud.log.length]).toEqual(["succeeded", saved.plan, 3]);
  });

  test("says what its scope and its refresh were, and is applied with them", async () => {
    const { cloud, operation, save } = await stack();
    const scope = { targets: ["b"], excludes: [], replaces: [] };
    const saved = readSavedPlan(await save({ scope, refresh: true }), "plan.json");
    expect(saved.options).toEqual({ operation: "up", scope, refresh: true });
    expect((await up({ ...operation, saved })).status).toBe("succeeded");
    expect(cloud.log).toEqual(["create things/a", "create things/b"]);
  });

  test("has no secret in it, and no digest of one without a key", async () => {
    const { operation, save } = await stack();
    const before = await save();
    await up(operation);
    for (const text of [before, await save()]) {
      expect(text).not.toMatch(/marker/);
      expect(text).toContain('"value": 3');
    }
  });
});

describe("a stale plan is refused before the first change, and check says the same", () => {
  const cases: readonly (readonly [
    string,
    {
      readonly things?: readonly DeclaredThing[];
      readonly rests?: Partial<Surroundings>;
      readonly applied?: true;
    },
    readonly string[],
  ])[] = [
    ["berth", { rests: { berth: "1.1.0" } }, ["berth is 1.1.0, the plan was made with 1.0.0"]],
    [
      "the catalogue",
      { rests: { catalogue: { machines: "2026-09-01 def" } } },
      ["the catalogue of machines is 2026-09-01 def, the plan was made with 2026-08-21 abc"],
    ],
    [
      "configuration",
      {
        rests: {
          configuration: {
            ...surroundings.configuration,
            values: { ...surroundings.configuration.values, replicas: 4, zone: 1 },
          },
        },
      },
      ["berth.dev.yaml changed: replicas 3 → 4, zone (none) → 1"],
    ],
    [
      "the program",
      { things: [{ name: "a", value: "2", password: "marker-two" }, ...things.slice(1, 2), { name: "d" }] },
      [
        "the program declares test:Thing a otherwise",
        "the program declares no test:Thing c any more",
        "the program declares test:Thing d, which it did not",
        "the program's outputs are others",
      ],
    ],
  ];

  test.each(cases)("%s moved", async (_, edit, moved) => {
    const { cloud, backend, save } = await stack();
    const saved = readSavedPlan(await save(), "plan.json");
    const { operation } = await stack(edit.things, {
      cloud,
      backend,
      rests: { ...surroundings, ...edit.rests },
    });
    expect((await checkPlan(operation, saved)).moved).toEqual(moved);
    expect(await refusalOf(up({ ...operation, saved }))).toEqual(moved.map((each) => `BERTH6052 ${each}`));
    expect([cloud.log, (await backend.read("dev")).serial]).toEqual([[], 0]);
  });

  test("the state moved", async () => {
    const { cloud, operation, backend, save } = await stack();
    await up(operation);
    const [{ serial }, saved] = [await backend.read("dev"), readSavedPlan(await save(), "plan.json")];
    const other = await stack([{ name: "z" }], { cloud, backend });
    await up(other.operation);
    cloud.log.length = 0;
    const now = (await backend.read("dev")).serial;
    const message = `the state is at serial ${now}, the plan was made at ${serial}`;
    expect((await checkPlan(operation, saved)).moved).toEqual([message]);
    expect(await refusalOf(up({ ...operation, saved }))).toEqual([`BERTH6052 ${message}`]);
    expect([cloud.log, (await backend.read("dev")).serial]).toEqual([[], now]);
  });

  test("a thing moved under a plan that read it", async () => {
    const { cloud, operation, save } = await stack();
    await up(operation);
    const saved = readSavedPlan(await save({ refresh: true }), "plan.json");
    const thing = cloud.things.get("things/a")!;
    cloud.things.set("things/a", { ...thing, inputs: { ...thing.inputs, value: "by hand" } });
    cloud.log.length = 0;
    const refused = await refusalOf(up({ ...operation, saved }));
    expect(refused[0]).toBe("BERTH6054 test:Thing a would change now, and did not in the saved plan");
    expect(cloud.log).toEqual([]);
  });

  test("it is of another stack, or for another operation", async () => {
    const { operation, save } = await stack();
    const saved = readSavedPlan(await save(), "plan.json");
    const other: SavedPlan = { ...saved, plan: { ...saved.plan, stack: "prod" } };
    expect(await refusalOf(up({ ...operation, saved: other }))).toEqual([
      "BERTH6053 the saved plan is of test/prod, not of test/dev",
    ]);
    expect(
      await refusalOf(up({ ...operation, saved: { ...saved, options: { operation: "destroy" } } })),
    ).toEqual(["BERTH6053 the saved plan is for `berth destroy`, not for `berth up`"]);
  });
});

describe("an altered plan", () => {
  test("is refused whichever byte is another one, is missing, or was added", async () => {
    const text = await (await stack()).save();
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom("cut", "flip", "drop", "add"), (at, how) => {
        const other = text[at] === "7" ? "8" : "7";
        const altered = {
          cut: text.slice(0, at),
          flip: text.slice(0, at) + other + text.slice(at + 1),
          drop: text.slice(0, at) + text.slice(at + 1),
          add: `${text.slice(0, at)} ${text.slice(at)}`,
        }[how];
        expect(() => readSavedPlan(altered, "plan.json")).toThrow(/BERTH605[01]/);
      }),
      { numRuns: 1000 },
    );
  });

  test("with a checksum that fits is refused, too, and nothing happens that it was not", async () => {
    const { cloud, backend, operation, save } = await stack();
    const text = await save();
    const { checksum: _, ...content } = JSON.parse(text) as JsonObject;
    const places = [...placesIn(content)];
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.constantFrom(...alterations), async (place, alter) => {
        const altered = at(content, place, alter) as JsonObject;
        if (JSON.stringify(altered) === JSON.stringify(content)) return;
        const members = `${JSON.stringify(altered, undefined, 1).slice(1)}\n`;
        const refused = await refusalOf(
          (async () => up({ ...operation, saved: readSavedPlan(withChecksum(members).text, "plan.json") }))(),
        );
        for (const each of refused) {
          expect(each).toMatch(/^BERTH(605[0-4]|3080) /);
          codes.add(each.slice(0, 9));
        }
        expect([cloud.log, (await backend.read("dev")).serial]).toEqual([[], 0]);
      }),
      { numRuns: 1000 },
    );
    expect([...codes].toSorted()).toEqual(expect.arrayContaining(["BERTH6050", "BERTH6052", "BERTH6054"]));
  }, 60_000);
});

type Place = readonly (string | number)[];

/** Every place in JSON, the inner ones too. */
function* placesIn(json: Json, above: Place = []): Generator<Place> {
  if (above.length > 0) yield above;
  if (typeof json !== "object" || json === null) return;
  for (const [key, each] of Object.entries(json))
    yield* placesIn(each, [...above, Array.isArray(json) ? Number(key) : key]);
}

const alterations: readonly ((json: Json) => Json | undefined)[] = [
  () => undefined,
  () => null,
  () => "other",
  () => 17,
  () => true,
  () => [],
  () => ({}),
  (json) => (typeof json === "string" ? `${json}x` : typeof json === "number" ? json + 1 : [json]),
  (json) => (Array.isArray(json) ? json.toReversed() : isObject(json) ? { ...json, more: 1 } : json),
];

function isObject(json: Json): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function at(json: Json, [key, ...inner]: Place, alter: (json: Json) => Json | undefined): Json | undefined {
  if (key === undefined) return alter(json);
  if (Array.isArray(json))
    return json.flatMap((each: Json, n) => (n === key ? (at(each, inner, alter) ?? []) : [each]));
  const entries = Object.entries(json as JsonObject).flatMap(([name, each]): [string, Json][] => {
    const value = name === key ? at(each, inner, alter) : each;
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

test("what policies found is a part of it, and so is who looked", async () => {
  const { cloud, backend, operation, save } = await stack();
  const check = (): string => "look twice";
  const policy = { kind: "plan", name: "careful", description: "Careful.", level: "advisory", check };
  const policies = configurePolicies([policy]);
  const saved = readSavedPlan(await save({ policies }), "plan.json");
  expect(saved.plan.problems).toMatchObject([{ policy: "careful", severity: "warning" }]);
  expect(await refusalOf(up({ ...operation, saved }))).toEqual([
    "BERTH6052 the policy careful looked at the plan, and is gone",
  ]);
  const strict = configurePolicies([{ ...policy, check: () => "look three times" }]);
  expect((await checkPlan({ ...operation, policies: strict }, saved)).moved).toEqual([
    "the policy careful is another one than looked at the plan",
  ]);
  expect([cloud.log, (await backend.read("dev")).serial]).toEqual([[], 0]);
  expect((await up({ ...operation, policies, saved })).status).toBe("succeeded");
});
