import fc from "fast-check";
import { expect, test } from "vitest";
import { formatUrn, parseUrn, pathOfUrn } from "./index.ts";
import { nameProblem } from "./urn.ts";

test("a URN is its parts", () => {
  const parts = { stack: "dev", project: "shop", type: "acme:App", path: ["web", "front"] };
  expect(formatUrn(parts)).toBe("urn:berth:dev:shop::acme:App::web/front");
  expect(parseUrn(formatUrn(parts))).toEqual(parts);
  expect(pathOfUrn(formatUrn(parts))).toBe("web/front");
});

test("any good names make a URN that can be read", () => {
  const name = fc.string({ minLength: 1 }).filter((each) => nameProblem(each) === undefined);
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), (path) => {
      const parts = { stack: "dev", project: "shop", type: "acme:App", path };
      expect(parseUrn(formatUrn(parts))).toEqual(parts);
    }),
  );
});

test.each([
  ["", "must not be empty"],
  [" a", "begin or end with white space"],
  ["a/b", 'must not contain "/"'],
  ["a::b", 'must not contain "/" or "::"'],
  ["a\nb", "control characters"],
  ["x".repeat(254), "at most 253"],
  [3, "plain text"],
  [undefined, "plain text"],
])("%o is no name", (name, reason) => {
  expect(nameProblem(name)).toContain(reason);
});

test.each(["", "urn:berth:dev:shop", "urn:berth:dev:shop::app::web", "urn:pulumi:a:b::c:d::e"])(
  "%s is no URN",
  (text) => {
    expect(parseUrn(text)).toBeUndefined();
  },
);
