import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drawn, picture } from "./readme.ts";

test("the README shows what the command prints now (`npm run picture` draws it anew)", () => {
  expect(readFileSync(picture, "utf8")).toBe(drawn());
});
