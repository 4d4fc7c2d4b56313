import fc from "fast-check";
import { expect, test } from "vitest";
import type { PathSegments } from "./path.ts";
import { Places } from "./places.ts";

const path = fc.array(fc.oneof(fc.constantFrom("a", "b", "1"), fc.integer({ min: 0, max: 1 })), {
  maxLength: 4,
});

/** What the words mean, place by place. */
function leads(place: PathSegments, to: PathSegments): boolean {
  return place.length <= to.length && place.every((segment, i) => String(segment) === String(to[i]));
}

test("tells how a path stands to places as looking at each of them does", () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 6 }), path, (all, asked) => {
      const places = new Places(all);
      expect(places.leadTo(asked)).toBe(all.some((each) => leads(each, asked)));
      expect(places.leadInto(asked)).toBe(
        all.some((each) => leads(each, asked) && each.length < asked.length),
      );
      expect(places.areWithin(asked)).toBe(all.some((each) => leads(asked, each)));
    }),
  );
});
