import { aboutResource } from "@berth/diagnostics";
import { expect, test } from "vitest";
import { armRefusal } from "./error.ts";

const headers = new Headers();
const error = { error: { code: "BadRequest", message: "no" } };

test.each([
  [400, error, false, true],
  [403, error, false, true],
  [404, error, false, true],
  [408, error, false, false],
  [409, error, false, false],
  [412, error, false, false],
  [423, error, false, false],
  [429, error, false, false],
  [500, error, false, false],
  [400, error, true, false],
  [403, "a proxy's page", false, false],
])("an answer %d with %j, in doubt: %s, is a refusal: %s", async (status, body, isInDoubt, isRefusal) => {
  const thrown = armRefusal("put it", { status, headers, body, isInDoubt });
  expect(thrown.isRefusal).toBe(isRefusal);
  const named = aboutResource("urn", () => Promise.reject(thrown));
  await expect(named).rejects.toMatchObject({ isRefusal, problems: [{ resource: "urn" }] });
});
