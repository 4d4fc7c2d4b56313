import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const run = promisify(execFile);
const room = join(import.meta.dirname, "../..");
const fixture = join(room, "fixtures/conformance");
const register = ["--conditions=@berth/source", "--import", join(import.meta.dirname, "register.ts")];
// Beside the room's packages, so that what tsc compiled finds them.
const compiled = join(room, "node_modules/.conformance");
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

interface Derived {
  readonly derived: Readonly<Record<string, unknown>>;
  readonly refused: Readonly<Record<string, string>>;
  readonly values: readonly unknown[];
}

async function outcomeOf(file: string): Promise<Derived> {
  const { stdout } = await run(process.execPath, [...register, file]);
  return JSON.parse(stdout) as Derived;
}

/** What tsc knows and oxc, which sees one file at a time, does not. The loader refuses it, so that none is read in two ways. */
const onlyToTsc = ["alias", "branded", "mode", "colour", "level"];

test("tsc and the loader derive the same schemas from a program's decorators, or refuse", async () => {
  mkdirSync(compiled, { recursive: true });
  writeFileSync(join(compiled, "package.json"), `{ "type": "module" }`);
  const options = [
    "--experimentalDecorators",
    "--emitDecoratorMetadata",
    "--module",
    "nodenext",
    "--target",
    "es2023",
  ];
  const output = [
    "--rewriteRelativeImportExtensions",
    "--verbatimModuleSyntax",
    "--noCheck",
    "--ignoreConfig",
    "--outDir",
    compiled,
  ];
  await run(join(room, "../../node_modules/.bin/tsc"), [...options, ...output, join(fixture, "shapes.ts")]);
  const [tsc, oxc] = [
    await outcomeOf(join(compiled, "shapes.js")),
    await outcomeOf(join(fixture, "shapes.ts")),
  ];

  const shapes = new Set(
    [tsc, oxc].flatMap((each) => [...Object.keys(each.derived), ...Object.keys(each.refused)]),
  );
  expect(shapes.size).toBe(37);
  const different = [...shapes].filter(
    (each) => JSON.stringify(tsc.derived[each]) !== JSON.stringify(oxc.derived[each]),
  );
  expect(different).toEqual(onlyToTsc);
  expect(onlyToTsc.map((each) => oxc.refused[each])).toEqual(onlyToTsc.map(() => "BERTH1020"));
  expect(oxc.derived).toEqual({
    string: { type: "string" },
    number: { type: "number" },
    boolean: { type: "boolean" },
    literal: { type: "string" },
    literals: { type: "string" },
    numbers: { type: "number" },
    template: { type: "string" },
    list: { type: "array" },
    listOf: { type: "array" },
    readonlyList: { type: "array" },
    readonlyListOf: { type: "array" },
    tuple: { type: "array" },
  });
  expect(oxc.values).toEqual(tsc.values);
});
