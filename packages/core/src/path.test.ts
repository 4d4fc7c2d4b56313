import fc from "fast-check";
import { expect, test } from "vitest";
import { formatPath, parsePath } from "./index.ts";

test.each([
  [["spec", "template", "containers", 0, "image"], "spec.template.containers[0].image"],
  [["metadata", "labels", "app.kubernetes.io/name"], 'metadata.labels["app.kubernetes.io/name"]'],
  [["0"], '["0"]'],
  [[0, 1], "[0][1]"],
  [[""], '[""]'],
  [[], ""],
] as const)("%o is written %s", (segments, text) => {
  expect(formatPath([...segments])).toBe(text);
  expect(parsePath(text)).toEqual(segments);
});

test("what is written can be read", () => {
  const segment = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.nat());
  fc.assert(
    fc.property(fc.array(segment), (segments) => {
      expect(parsePath(formatPath(segments))).toEqual(segments);
    }),
  );
});

test.each(["a b", "a..b", ".a", "a[", "a[x]", 'a["x]', "a]", "a[0]b", "a.0"])("%s is no path", (text) => {
  expect(parsePath(text)).toBeUndefined();
});

test("any text is read or refused", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const segments = parsePath(text);
      if (segments) expect(parsePath(formatPath(segments))).toEqual(segments);
    }),
  );
});
