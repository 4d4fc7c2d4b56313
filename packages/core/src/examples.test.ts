import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { describe, expect, test } from "vitest";
import * as core from "./index.ts";

const read = (file: string): string => readFileSync(join(import.meta.dirname, file), "utf8");

/** Where each public value comes from, as the room's face says. */
const exported = [...read("index.ts").matchAll(/export \{([^}]*)\} from "\.\/([\w-]+\.ts)"/g)].flatMap(
  ([, names = "", file = ""]) =>
    names
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "" && !each.startsWith("type "))
      .map((name) => ({ name, file })),
);

function commentOf({ name, file }: { readonly name: string; readonly file: string }): string {
  const pattern = `(/\\*\\*(?:(?!\\*/)[^])*?\\*/)\\s*export (?:abstract )?(?:class|const|function|async function) ${name}\\b`;
  return new RegExp(pattern).exec(read(file))?.[1] ?? "";
}

test("every public function and class says what it is, with an example", () => {
  const values = exported.filter(({ name }) => name !== "Input" && name !== "Output");
  expect(values.length).toBeGreaterThan(50);
  expect(values.filter((each) => !commentOf(each).includes("@example"))).toEqual([]);
});

/** `@example call(…) // what comes of it`, in one line, and of nothing that stands elsewhere. */
const runnable = exported.flatMap((each) => {
  const [, call, result] = /@example (.+?) \/\/ (.+)$/m.exec(commentOf(each)) ?? [];
  const isWhole = call !== undefined && result !== undefined && !/^const|\((?:schema|definition),/.test(call);
  return isWhole ? [{ name: each.name, call, result }] : [];
});

describe("examples that say what comes of them are true", () => {
  test("there are many", () => expect(runnable.length).toBeGreaterThan(25));

  test.each(runnable)("$name: $call", ({ call, result }) => {
    const names = Object.keys(core);
    const run = (text: string): unknown => {
      const made: unknown = runInThisContext(`(${names.join(", ")}) => (${text})`);
      return typeof made === "function" ? made(...Object.values(core)) : made;
    };
    expect(run(call)).toEqual(run(result));
  });
});
