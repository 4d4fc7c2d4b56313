import { describe, expect, test } from "vitest";
import { aboutResource, BerthError, defineCodes, nearest, problem, throwIfErrors } from "./index.ts";

const codes = defineCodes({
  BERTH1002: { title: "Unknown property", explanation: "It is not known.", remedy: "Remove it." },
});

describe("problems", () => {
  const unknown = problem(codes.BERTH1002, {
    message: 'unknown property "replica"',
    hint: 'did you mean "replicas"?',
    resource: "urn:web",
    path: "spec.replica",
    site: { file: "store.ts", line: 42, column: 7 },
  });

  test("an error's text names place, code, resource, path, problem and way out", () => {
    expect(new BerthError([unknown]).message).toBe(
      'store.ts:42:7 BERTH1002 [urn:web] spec.replica: unknown property "replica" (did you mean "replicas"?)',
    );
  });

  test("are errors unless told otherwise, and only errors throw", () => {
    expect(unknown.severity).toBe("error");
    expect(() => throwIfErrors([{ ...unknown, severity: "warning" }])).not.toThrow();
    expect(() => throwIfErrors([{ ...unknown, severity: "warning" }, unknown])).toThrow(BerthError);
  });

  test("are recognised across copies of the package by brand", () => {
    expect(BerthError.is(new BerthError([unknown]))).toBe(true);
    expect(BerthError.is(new Error("no"))).toBe(false);
  });
});

describe("problems of a resource", () => {
  const cause = new Error("reset");
  const raise = (resource?: string) => async () => {
    const detail = { message: "no", ...(resource !== undefined && { resource }) };
    throw new BerthError([problem(codes.BERTH1002, detail)], { cause });
  };

  test("name it, unless they name another; what brought them stays", async () => {
    const outcome = { problems: [{ resource: "urn:web", message: "no" }], cause };
    await expect(aboutResource("urn:web", raise())).rejects.toMatchObject(outcome);
    await expect(aboutResource("urn:other", raise("urn:web"))).rejects.toMatchObject(outcome);
  });

  test("other errors and results pass", async () => {
    await expect(aboutResource("urn:web", () => Promise.reject(cause))).rejects.toBe(cause);
    await expect(aboutResource("urn:web", async () => 1)).resolves.toBe(1);
  });
});

describe("nearest", () => {
  test.each([
    ["replica", "replicas"],
    ["Standard_D4s_v5", "Standard_D4s_v5"],
    ["standard_d4_v5", "Standard_D4s_v5"],
    ["repilcas", "replicas"],
  ])("%s → %s", (typed, expected) => {
    expect(nearest(typed, ["selector", "replicas", "Standard_D4s_v5"])).toBe(expected);
  });

  test("says nothing when nothing is near", () => {
    expect(nearest("banana", ["selector", "replicas"])).toBeUndefined();
  });
});
