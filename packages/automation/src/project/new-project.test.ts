import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { newProjectFiles } from "./new-project.ts";

test("the README's first program is the one that `berth new` writes", async () => {
  const readme = await readFile(new URL("../../../../README.md", import.meta.url), "utf8");
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(newProjectFiles("hello")["main.ts"]).toBe(shown);
});
