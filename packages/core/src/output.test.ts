import { inspect } from "node:util";
import { BerthError, type SourceSite } from "@berth/diagnostics";
import { describe, expect, test } from "vitest";
import { Cluster, declareHere, Group, Shop } from "./acme.fixture.ts";
import { all, declare, isOutput, output, secret, text } from "./index.ts";
import { nodeOf } from "./output-handle.ts";

function codeOf(misuse: () => unknown): string {
  try {
    misuse();
  } catch (thrown) {
    if (BerthError.is(thrown)) return thrown.problems.map(({ code, message }) => `${code} ${message}`).join();
    throw thrown;
  }
  return "nothing";
}

const some = output({ host: "a", list: [1] });

describe("an output used as a value", () => {
  test.each<[string, () => unknown]>([
    ["template", () => `at ${some.host as unknown as string}`],
    ["concatenation", () => (some.host as unknown as string) + "x"],
    ["String()", () => String(some)],
    ["toString", () => some.host.toString()],
    ["arithmetic", () => Number(some) * 2],
    ["comparison", () => (some as unknown as number) > 3],
    ["JSON", () => JSON.stringify({ deep: [some] })],
    ["spread of an object", () => ({ ...some })],
    ["spread of a list", () => [...(some.list as unknown as number[])]],
    [
      "for of",
      () => {
        for (const _ of some.list as unknown as number[]);
      },
    ],
    [
      "for in",
      () => {
        for (const _ in some);
      },
    ],
    ["keys", () => Object.keys(some)],
    ["in", () => "host" in some],
    ["assignment", () => Object.assign(some, { host: "b" })],
    ["deletion", () => Reflect.deleteProperty(some, "host")],
    ["property key", () => ({ [some.host as unknown as string]: 1 })],
    ["join", () => [some].join()],
    ["apply without a callback", () => some.apply("x" as never)],
  ])("%s is refused with what to do instead", (_what, misuse) => {
    expect(codeOf(misuse)).toMatch(/^BERTH1009 the output .* cannot be |^BERTH1010 apply needs a callback/);
  });

  test("the refusal names the resource, the property and the line", async () => {
    const failure = await declareHere(() => String(new Group("store", { location: "x" }).id)).catch(
      (each: unknown) => each,
    );
    expect(BerthError.is(failure) && failure.problems).toEqual([
      {
        code: "BERTH1009",
        severity: "error",
        message:
          "the output store.id cannot be used as text or as a number: its value is known only after the program has run",
        hint: "build text with text`…${output}…`, compute with output.apply(value => …), or pass the output on as it is",
        site: { file: "shop.ts", line: 1, column: 1 },
      },
    ]);
  });

  test("the line is that of the program, not of the trap that caught it", async () => {
    const files: string[] = [];
    const uses = [
      (value: object) => Object.keys(value),
      (value: object) => ({ ...value }),
      (value: object) => "x" in value,
      (value: object) => Object.assign(value, { x: 1 }),
      (value: object) => Reflect.deleteProperty(value, "x"),
      (value: object) => [...(value as unknown[])],
      (value: object) => JSON.stringify(value),
      (value: object) => Object.defineProperty(value, "x", {}),
    ];
    const mapSite = (site: SourceSite): SourceSite => {
      files.push(site.file);
      return site;
    };
    await declare({ project: "shop", stack: "dev", mapSite }, () => {
      for (const use of uses) expect(codeOf(() => use(some))).toContain("BERTH1009");
    });
    expect(files).toHaveLength(uses.length);
    for (const file of files) expect(file).toContain("output.test.ts");
  });

  test("a resource in a string is refused too", async () => {
    const failure = await declareHere(
      () => `at ${new Group("store", { location: "x" }) as unknown as string}`,
    ).catch((each: unknown) => each);
    expect(BerthError.is(failure) && failure.problems[0]?.message).toBe(
      'acme:Group "store" cannot be used as text',
    );
  });
});

describe("an output", () => {
  test("shows what it is, not its value, to consoles and debuggers", async () => {
    await declareHere(() => {
      const group = new Group("store", { location: "x" });
      expect(inspect({ id: group.id })).toBe("{ id: Output<store.id> }");
      expect(inspect(secret("hunter2"))).toBe("Output<secret a value>");
      expect(inspect(text`${group.id}/${group.location}`)).toBe(
        "Output<text of store.id and store.location>",
      );
      expect(inspect(group.id.apply((id) => id.length))).toBe("Output<computed from store.id>");
      expect(inspect(group)).toBe('acme:Group "store"');
      expect(inspect(new Shop("shop", { location: "x" }))).toBe('acme:Shop "shop"');
    });
  });

  test("awaited is itself, so that async functions may return one", async () => {
    expect(await Promise.resolve(some)).toBe(some);
    expect(await (async () => some)()).toBe(some);
  });

  test("is told from everything else", () => {
    expect([some, some.host, all([1])].every(isOutput)).toBe(true);
    expect([undefined, null, "x", 1, {}, [], () => 1, Symbol("x")].some(isOutput)).toBe(false);
  });

  test("read twice from a resource is the same description", async () => {
    await declareHere(() => {
      const cluster = new Cluster("store", {});
      const [first, second]: unknown[] = [cluster.host, cluster.host];
      expect(isOutput(first) && nodeOf(first)).toEqual(isOutput(second) && nodeOf(second));
    });
  });
});
