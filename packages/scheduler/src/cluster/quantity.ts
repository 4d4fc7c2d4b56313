import type { Quantity } from "../kubernetes.ts";

const form = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/;

const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binary: Readonly<Record<string, bigint>> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};

const known = new Map<Quantity, Readonly<Record<"units" | "thousandths", number>> | undefined>();

/**
 * A quantity in whole units or whole thousandths, rounded up as Kubernetes rounds, or nothing
 * where it is not a quantity. Beyond 2^53 it is as near as a double comes.
 */
export function amountOf(quantity: Quantity, scale: "units" | "thousandths"): number | undefined {
  let amounts = known.get(quantity);
  if (amounts === undefined) {
    if (known.has(quantity)) return undefined;
    if (known.size > 10_000) known.clear();
    known.set(quantity, (amounts = parse(quantity)));
  }
  return amounts?.[scale];
}

function parse(quantity: Quantity): Record<"units" | "thousandths", number> | undefined {
  const match = form.exec(String(quantity));
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent, suffix = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const ten = (exponent === undefined ? (decimal[suffix] ?? 0) : Number(exponent)) - fraction.length;
  if (ten > 40) return undefined;
  const digits = BigInt(whole + fraction) * (binary[suffix] ?? 1n) * (sign === "-" ? -1n : 1n);
  return { units: roundedUp(digits, ten), thousandths: roundedUp(digits, ten + 3) };
}

function roundedUp(digits: bigint, ten: number): number {
  if (ten >= 0) return Number(digits * 10n ** BigInt(ten));
  const divisor = 10n ** BigInt(-ten);
  const quotient = digits / divisor;
  return Number(digits > 0n && digits % divisor !== 0n ? quotient + 1n : quotient);
}
