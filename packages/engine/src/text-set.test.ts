import fc from "fast-check";
import { expect, test } from "vitest";
import { TextSet } from "./text-set.ts";

function setOf(texts: readonly string[]): TextSet {
  const set = new TextSet();
  for (const each of texts) set.add(each);
  return set;
}

test("replaces the longest of those that begin together, wherever it stands", () => {
  const set = setOf(["pass", "password", "word2"]);
  expect(set.replaceIn("password2 pass passwor word2", "*")).toBe("*2 * *wor *");
  expect(set.replaceIn("nothing", "*")).toBe("nothing");
  expect(new TextSet().replaceIn("pass", "*")).toBe("pass");
});

test("does what an alternation of all texts, longest first, does", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", ".", "é", "😀"), maxLength: 8 });
  const texts = fc.array(
    letters.filter((each) => each.length >= 4),
    { minLength: 1, maxLength: 6 },
  );
  const searched = fc.string({ unit: fc.constantFrom("a", "b", ".", "é", "😀"), maxLength: 40 });
  fc.assert(
    fc.property(texts, searched, (all, text) => {
      const alternation = all
        .toSorted((a, b) => b.length - a.length)
        .map((each) => each.replaceAll(".", "\\."))
        .join("|");
      expect(setOf(all).replaceIn(text, "#")).toBe(text.replace(new RegExp(alternation, "g"), "#"));
    }),
  );
});

test("refuses texts that are too short", () => {
  expect(() => new TextSet().add("abc")).toThrow(RangeError);
});

test("takes no longer to search for many texts than for one", () => {
  const many = setOf(Array.from({ length: 50_000 }, (_, i) => `secret-${i}-of-many`));
  const line = "a line of progress that a provider wrote, without anything secret- in it".repeat(10);
  const time = (set: TextSet): number => {
    const start = performance.now();
    for (let i = 0; i < 200; i++) set.replaceIn(line, "*");
    return performance.now() - start;
  };
  const one = setOf(["secret-1-of-many"]);
  const least = (set: TextSet): number => Math.min(...Array.from({ length: 9 }, () => time(set)));
  expect(least(many)).toBeLessThan(30 * least(one));
});
