import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BerthError } from "@berth/diagnostics";
import { beforeEach, describe, expect, test } from "vitest";
import { checkName, findProject } from "./project-file.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "berth-project-"));
});

const refusal = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "accepted",
    (error: unknown) => (BerthError.is(error) ? error.message : `not coded: ${String(error)}`),
  );

describe("berth.yaml", () => {
  test("is found in the folder or above it", async () => {
    await writeFile(join(directory, "berth.yaml"), "name: shop\nentry: shop.ts\n");
    await mkdir(join(directory, "a/b"), { recursive: true });
    expect(await findProject(join(directory, "a/b"))).toEqual({
      directory,
      file: { name: "shop", entry: "shop.ts" },
    });
  });

  test("a misspelt key is told with its line and the nearest", async () => {
    await writeFile(join(directory, "berth.yaml"), "name: shop\nentri: shop.ts\n");
    const text = await refusal(findProject(directory));
    expect(text).toContain('unknown key "entri" (did you mean "entry"?)');
    expect(text).toContain("berth.yaml:2:1 BERTH7203");
    expect(text).toContain("must have required property 'entry'");
  });

  test.each([
    ["name: [", "BERTH7202"],
    ["name: a\nname: b\nentry: x", "BERTH7202"],
    ["name: ../up\nentry: x", "BERTH7204"],
    ["name: 7\nentry: x", "BERTH7203"],
    ["- a", "BERTH7203"],
    ["", "BERTH7203"],
  ])("%j is refused with %s", async (text, code) => {
    await writeFile(join(directory, "berth.yaml"), text);
    expect(await refusal(findProject(directory))).toContain(code);
  });

  test("none is BERTH7201 with the way out", async () => {
    expect(await refusal(findProject(directory))).toContain("berth new");
  });
});

test.each(["", ".", "..", "a/b", "a\\b", "-x", "x".repeat(101), "a..b", "über", "a b"])(
  "%j is no name",
  (name) => {
    expect(() => checkName("stack", name)).toThrow(BerthError);
  },
);
