import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "./codes.ts";

/**
 * An exact amount of a resource. Kubernetes keeps no more than nine decimals, so an integer of
 * nano-units holds every quantity exactly.
 *
 * Rules: `k8s.io/apimachinery` v0.36 `pkg/api/resource/quantity.go`.
 */
export interface Quantity {
  /** The amount in units of 10⁻⁹, rounded away from zero as Kubernetes does on reading. */
  readonly nano: bigint;
  /** Which family of suffixes the text used; it decides how the amount is written back. */
  readonly format: QuantityFormat;
  /** How the API server stores and prints it: `1000m` → `1`, `1024Mi` → `1Gi`, `0.5` → `500m`. */
  readonly text: string;
}

/** Suffixes by powers of 1000, by powers of 1024, or an exponent (`12e6`). */
export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

const UNIT = 1_000_000_000n;
const MILLI = 1_000_000n;
const MAX_INT64 = 2n ** 63n - 1n;
const DECIMAL_EXPONENTS = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY_EXPONENTS = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const SUFFIX_OF_DECIMAL_EXPONENT = new Map(
  Object.entries(DECIMAL_EXPONENTS).map(([suffix, power]) => [power, suffix]),
);
const BINARY_SUFFIXES = ["", ...Object.keys(BINARY_EXPONENTS)];
const SYNTAX = /^([+-]?)(?=\.?\d)0*(\d*)(?:\.(\d*))?((?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,9})?)$/;
// Past these no amount is in range, and raising ten to them would only burn memory.
const LONGEST_TEXT = 128;
const LARGEST_EXPONENT = 128;

/**
 * Reads a quantity as the API server does.
 *
 * @throws BerthError `BERTH2001` for anything that is not a finite number with a known suffix.
 * @example parseQuantity("1000m").text // "1"
 */
export function parseQuantity(value: string | number): Quantity {
  const quantity = readQuantity(value);
  if (quantity) return quantity;
  throw new BerthError([
    problem(codes.BERTH2001, { message: `${describe(value)} is not a quantity`, ...hintFor(value) }),
  ]);
}

/** Like {@link parseQuantity}, but answers nothing instead of throwing. Takes any value. */
export function readQuantity(value: unknown): Quantity | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) return undefined;
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const text = String(value);
  const match = text.length > LONGEST_TEXT ? null : SYNTAX.exec(text);
  if (!match) return undefined;
  const [, sign = "", digits = "", fraction = "", suffix = ""] = match;
  const whole = digits || "0";
  const { base, exponent, format } = suffixOf(suffix);
  if (Math.abs(exponent) > LARGEST_EXPONENT) return undefined;

  const unscaled = BigInt(whole + fraction);
  const magnitude =
    base === 2
      ? min(scale((unscaled << BigInt(exponent)) * UNIT, -fraction.length), MAX_INT64 * UNIT)
      : scale(unscaled, 9 + exponent - fraction.length);
  const nano = sign === "-" ? -magnitude : magnitude;
  const asWritten = isStoredAsWritten(whole, fraction, base, exponent);
  return { nano, format, text: asWritten ? text : formatQuantity(nano, format) };
}

/**
 * The canonical text of an amount: no fraction, the largest suffix that loses nothing.
 *
 * @param nano the amount in units of 10⁻⁹
 */
export function formatQuantity(nano: bigint, format: QuantityFormat = "DecimalSI"): string {
  if (nano === 0n) return "0";
  if (format === "BinarySI" && nano % UNIT === 0n && abs(nano) >= 1024n * UNIT)
    return formatBinary(nano / UNIT);
  let [mantissa, exponent] = [nano, -9];
  while (mantissa % 1000n === 0n && (format === "DecimalExponent" || exponent < 18)) {
    mantissa /= 1000n;
    exponent += 3;
  }
  if (format === "DecimalExponent") return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
  return `${mantissa}${SUFFIX_OF_DECIMAL_EXPONENT.get(exponent)}`;
}

/** The text under which the API server stores a quantity. Throws as {@link parseQuantity} does. */
export function canonicalQuantity(value: string | number): string {
  return parseQuantity(value).text;
}

/** Negative, zero or positive as the first amount is smaller, equal or larger. Throws as {@link parseQuantity} does. */
export function compareQuantities(a: string | number, b: string | number): number {
  const difference = parseQuantity(a).nano - parseQuantity(b).nano;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Whether two values mean the same amount; false where either is not a quantity. */
export function sameQuantity(a: unknown, b: unknown): boolean {
  const left = readQuantity(a);
  return left !== undefined && left.nano === readQuantity(b)?.nano;
}

/**
 * The amount in thousandths, rounded up: what the scheduler counts CPU in. Beyond the integers that a number
 * holds exactly (2⁵³ − 1, as Kubernetes at 2⁶³ − 1) it stays there.
 *
 * @example milliUnits("0.1") // 100
 */
export function milliUnits(value: string | number): number {
  return remembered(milliCache, value, MILLI);
}

/**
 * The amount in whole units (bytes of memory, GPUs, pods), rounded up. Saturates as {@link milliUnits} does.
 *
 * @example wholeUnits("1Gi") // 1073741824
 */
export function wholeUnits(value: string | number): number {
  return remembered(wholeCache, value, UNIT);
}

/** The sum of quantities as canonical text, in the format of the first that is not zero. */
export function addQuantities(values: Iterable<string | number>): string {
  let total = 0n;
  let format: QuantityFormat | undefined;
  for (const value of values) {
    const quantity = parseQuantity(value);
    if (quantity.nano !== 0n) format ??= quantity.format;
    total += quantity.nano;
  }
  return formatQuantity(total, format);
}

/** Rounds up to a thousandth, the finest amount that resource lists keep. */
export function roundUpToMilli(value: string | number): string {
  const quantity = parseQuantity(value);
  if (quantity.nano % MILLI === 0n) return quantity.text;
  return formatQuantity(divideUp(quantity.nano, MILLI) * MILLI, quantity.format);
}

// Clusters repeat a handful of amounts thousands of times, and reading one costs a microsecond.
const CACHE_LIMIT = 4096;
const milliCache = new Map<string | number, number>();
const wholeCache = new Map<string | number, number>();

function remembered(cache: Map<string | number, number>, value: string | number, unit: bigint): number {
  const known = cache.get(value);
  if (known !== undefined) return known;
  const exact = divideUp(parseQuantity(value).nano, unit);
  const largest = BigInt(Number.MAX_SAFE_INTEGER);
  const units = Number(exact > largest ? largest : exact < -largest ? -largest : exact);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(value, units);
  return units;
}

function suffixOf(suffix: string): { base: 2 | 10; exponent: number; format: QuantityFormat } {
  const decimal = lookup(DECIMAL_EXPONENTS, suffix);
  if (decimal !== undefined) return { base: 10, exponent: decimal, format: "DecimalSI" };
  const binary = lookup(BINARY_EXPONENTS, suffix);
  if (binary !== undefined) return { base: 2, exponent: binary, format: "BinarySI" };
  return { base: 10, exponent: Number(suffix.slice(1)), format: "DecimalExponent" };
}

function lookup(table: Readonly<Record<string, number>>, key: string): number | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** ParseQuantity keeps the text of amounts that it takes for canonical, `1.500` and `010` among them. */
function isStoredAsWritten(whole: string, fraction: string, base: 2 | 10, exponent: number): boolean {
  if (base === 2) {
    const fitsFastPath = fraction === "" && 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1 >= 0;
    return fitsFastPath && (BigInt(whole) & 7n) !== 0n;
  }
  const shifted = whole + fraction;
  const power = exponent - fraction.length;
  const fitsFastPath = shifted.length <= 18 && power >= -9;
  return fitsFastPath && power % 3 === 0 && !shifted.endsWith("000") && !shifted.startsWith("0");
}

function formatBinary(units: bigint): string {
  let power = 0;
  while (units % 1024n === 0n && power < BINARY_SUFFIXES.length - 1) {
    units /= 1024n;
    power++;
  }
  return `${units}${BINARY_SUFFIXES[power]}`;
}

/** `value × 10^power`, away from zero where digits are lost. */
function scale(value: bigint, power: number): bigint {
  return power >= 0 ? value * 10n ** BigInt(power) : divideUp(value, 10n ** BigInt(-power));
}

function divideUp(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  if (value % divisor === 0n) return quotient;
  return value > 0n ? quotient + 1n : quotient - 1n;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function describe(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function hintFor(value: unknown): { hint?: string } {
  if (typeof value !== "string") return {};
  const trimmed = value.trim().replace(/[bB]$/, "");
  const candidates = [trimmed, trimmed.replaceAll(" ", ""), trimmed.replace(/[a-zA-Z]+$/, fixCase)];
  const fixed = candidates.find((each) => each !== value && readQuantity(each));
  return fixed ? { hint: `did you mean "${fixed}"?` } : {};
}

function fixCase(suffix: string): string {
  const known = [...Object.keys(DECIMAL_EXPONENTS), ...Object.keys(BINARY_EXPONENTS)];
  return known.find((each) => each.toLowerCase() === suffix.toLowerCase()) ?? suffix;
}
