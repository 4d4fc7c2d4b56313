import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { applyEdits, storeEdits } from "./store-edits.ts";

const program = new URL("../../../../examples/aks-store/store.ts", import.meta.url);

test("each edit has exactly one place in the program", async () => {
  const text = await readFile(program, "utf8");
  const edited = applyEdits(text, storeEdits);
  const changed = edited.split("\n").filter((line, i) => line !== text.split("\n")[i]);
  expect(changed.map((line) => line.trim())).toEqual([
    "count: 3,",
    expect.stringContaining("order-service:2.3.0"),
    "replicas: 3,",
  ]);
});

test("an edit without a place is an error, not silence", () => {
  expect(() => applyEdits("", storeEdits)).toThrow(/0 places/);
});
