import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BerthError } from "@berth/diagnostics";
import { expect, test } from "vitest";
import { loadProgram } from "./load-program.ts";

async function refusalOf(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "berth-program-"));
  await writeFile(join(directory, "main.ts"), text);
  const loaded = loadProgram({ directory, entry: "main.ts", project: "p", stack: "s", config: {} });
  return loaded.then(
    () => "accepted",
    (error: unknown) => (BerthError.is(error) ? error.message : `not coded: ${String(error)}`),
  );
}

test.each<[string, string, RegExp]>([
  ["a module that is not there", 'import "./nope.ts";\n', /BERTH7103.*nope/],
  [
    "an error of its own",
    'interface A { x: 1 }\n\n  throw new Error("boom");\n',
    /main\.ts:3:9 BERTH7104.*boom/,
  ],
])("%s is a coded error at its line", async (_, text, expected) => {
  expect(await refusalOf(text)).toMatch(expected);
});

test("an entry that is not there is told by the project's file", async () => {
  const directory = await mkdtemp(join(tmpdir(), "berth-program-"));
  const loaded = loadProgram({ directory, entry: "main.ts", project: "p", stack: "s", config: {} });
  await expect(loaded).rejects.toThrow(/berth\.yaml:1:1 BERTH7101/);
});
