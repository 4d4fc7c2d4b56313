import { BerthError } from "@berth/diagnostics";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  milliUnits,
  parseQuantity,
  readQuantity,
  roundUpToMilli,
  sameQuantity,
  wholeUnits,
} from "./quantity.ts";

describe("canonical text, as the API server stores it", () => {
  test.each([
    ["1000m", "1"],
    ["0.5", "500m"],
    [0.25, "250m"],
    [2, "2"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["0.5Ki", "512"],
    ["0.1Ki", "102400m"],
    ["1000k", "1M"],
    ["1e3", "1e3"],
    ["1000e3", "1e6"],
    ["12E6", "12E6"],
    ["1E", "1E"],
    ["0m", "0"],
    ["-500m", "-500m"],
    ["100n", "100n"],
    ["0.1n", "1n"],
    ["1.500", "1.500"],
    ["+1", "+1"],
    [".5", "500m"],
    ["5.", "5."],
    ["16Ei", "9223372036854775807"],
  ])("%s → %s", (written, stored) => {
    expect(canonicalQuantity(written)).toBe(stored);
  });
});

describe("what is not a quantity is refused with a code", () => {
  test.each([
    "",
    " ",
    "1 Gi",
    "1GB",
    "1gi",
    "abc",
    "1.1.1",
    "0x10",
    "1e",
    "--1",
    "m",
    ".",
    "1e999999999",
    "9".repeat(200),
  ])("%j", (text) => {
    expect(() => parseQuantity(text)).toThrow(/BERTH2001/);
    expect(readQuantity(text)).toBeUndefined();
  });

  test.each([Number.NaN, Infinity, -Infinity])("%s", (value) => {
    expect(() => parseQuantity(value)).toThrow(BerthError);
  });

  test.each([
    ["512MB", '"512M"'],
    ["1gi", '"1Gi"'],
    ["1 Gi", '"1Gi"'],
  ])("%s is answered with %s", (typed, nearest) => {
    expect(() => parseQuantity(typed)).toThrow(`did you mean ${nearest}?`);
  });

  test.each([null, undefined, {}, [], true, 10n])("readQuantity takes %s", (value) => {
    expect(readQuantity(value)).toBeUndefined();
  });
});

test("units round up and never lose exactness silently", () => {
  expect(milliUnits("1")).toBe(1000);
  expect(milliUnits("100u")).toBe(1);
  expect(milliUnits("1.0001")).toBe(1001);
  expect(wholeUnits("1Gi")).toBe(1073741824);
  expect(wholeUnits("100m")).toBe(1);
  expect(wholeUnits("8Ei")).toBe(Number.MAX_SAFE_INTEGER);
});

test("sums keep the format of what they add", () => {
  expect(addQuantities(["512Mi", "512Mi"])).toBe("1Gi");
  expect(addQuantities(["0", "250m", "0.75"])).toBe("1");
  expect(addQuantities([])).toBe("0");
});

test("resource lists keep thousandths", () => {
  expect(roundUpToMilli("100u")).toBe("1m");
  expect(roundUpToMilli("1.5")).toBe("1500m");
});

describe("properties", () => {
  const quantity = fc
    .tuple(
      fc.bigInt(-(10n ** 15n), 10n ** 15n),
      fc.constantFrom("", "n", "u", "m", "k", "M", "Ki", "Mi", "Gi", "e2", "e-3"),
    )
    .map(([amount, suffix]) => `${amount}${suffix}`);

  test("canonical text is a fixed point and means the same amount", () => {
    fc.assert(
      fc.property(quantity, (written) => {
        const stored = canonicalQuantity(written);
        expect(canonicalQuantity(stored)).toBe(stored);
        expect(sameQuantity(written, stored)).toBe(true);
      }),
    );
  });

  test("formatting then reading gives the amount back in every format", () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 25n), 10n ** 25n),
        fc.constantFrom("DecimalSI", "BinarySI", "DecimalExponent"),
        (nano, format) => {
          expect(parseQuantity(formatQuantity(nano, format)).nano).toBe(nano);
        },
      ),
    );
  });

  test("comparison is a total order that agrees with numbers", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        expect(compareQuantities(a, b)).toBe(Math.sign(a - b));
        expect(compareQuantities(`${a}m`, `${b}m`)).toBe(Math.sign(a - b));
      }),
    );
  });

  test("no text makes it hang or throw anything but a coded error", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.eEinumkKMGTP+-]{1,40}$/)), (text) => {
        try {
          parseQuantity(text);
        } catch (error) {
          expect(BerthError.is(error)).toBe(true);
        }
      }),
    );
  });
});
