import { expectTypeOf, test } from "vitest";
import { type CodeEntry, defineCodes } from "./index.ts";

const entry = { title: "Unknown property", explanation: "It is not known.", remedy: "Remove it." };

test("a table of codes knows its own codes, and no others", () => {
  const codes = defineCodes({ BERTH1002: entry });
  expectTypeOf(codes.BERTH1002).toEqualTypeOf<CodeEntry>();
  expectTypeOf(codes).not.toHaveProperty("BERTH1003");
});

test("a key that is no code is refused", () => {
  // @ts-expect-error the key must be BERTH and a number
  defineCodes({ UNKNOWN_PROPERTY: entry });
});
