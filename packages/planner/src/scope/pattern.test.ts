import { expect, test } from "vitest";
import { readPattern } from "./pattern.ts";

const service = "urn:berth:dev:shop::kubernetes:Service::front/web";

test.each([
  ["front/web", true],
  ["front/*", true],
  ["*/web", true],
  ["f*t/w*", true],
  ["**", true],
  ["**web", true],
  ["kubernetes:Service::front/web", true],
  ["kubernetes:*::**", true],
  [service, true],
  ["urn:berth:*::front/web", true],
  ["web", false],
  ["front", false],
  ["*", false],
  ["front/w.b", false],
  ["front/web*/", false],
  ["kubernetes:Deployment::front/web", false],
  ["kubernetes:Service::*", false],
  ["", false],
])("%s", (text, means) => {
  expect(readPattern(text).matches(service)).toBe(means);
});
