import { expect, test } from "vitest";
import { refusal } from "./status.ts";

test.each([
  [400, "Status", true],
  [403, "Status", true],
  [409, "Status", true],
  [422, "Status", true],
  [408, "Status", false],
  [429, "Status", false],
  [500, "Status", false],
  [503, "Status", false],
  [403, "a proxy's page", false],
])("an answer %d from %s is a refusal: %s", (code, kind, isRefusal) => {
  const body = kind === "Status" ? { kind, code, reason: "Invalid", message: "no" } : kind;
  expect(refusal("apply Deployment web", code, body).isRefusal).toBe(isRefusal);
});
