import { type Problem, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";

/** An IPv4 range. Addresses are numbers from 0 to 2³² − 1. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
  /** Length of the prefix, 0 to 32. */
  readonly prefix: number;
}

/** The number of an address in dotted form, without leading zeros, or nothing. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

/** `10.0.0.10` */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** Reads `10.0.0.0/16`. Nothing unless the address is the first of its range, as Azure asks. */
export function parseRange(text: string): AddressRange | undefined {
  const enclosing = enclosingRange(text);
  return enclosing !== undefined && formatRange(enclosing) === text ? enclosing : undefined;
}

/** The range that `10.0.3.4/16` lies in. */
function enclosingRange(text: string): AddressRange | undefined {
  const [address, length, ...more] = text.split("/");
  const within = parseAddress(address ?? "");
  if (within === undefined || length === undefined || more.length > 0) return undefined;
  if (!/^(?:0|[1-9]\d?)$/.test(length) || Number(length) > 32) return undefined;
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(within / size) * size;
  return { first, last: first + size - 1, prefix: Number(length) };
}

/** `10.0.0.0/16` */
export function formatRange(range: AddressRange): string {
  return `${formatAddress(range.first)}/${range.prefix}`;
}

/** Number of addresses. */
export function rangeSize(range: AddressRange): number {
  return 2 ** (32 - range.prefix);
}

/** Whether an address, or the whole of a range, lies in a range. */
export function contains(range: AddressRange, inner: number | AddressRange): boolean {
  return typeof inner === "number"
    ? inner >= range.first && inner <= range.last
    : inner.first >= range.first && inner.last <= range.last;
}

/** Whether two ranges share an address. */
export function overlaps(one: AddressRange, other: AddressRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** BERTH5310 if the text is no range that Azure takes, with the range that was probably meant. */
export function rangeProblems(text: string, path: string): readonly Problem[] {
  if (parseRange(text) !== undefined) return [];
  const meant = enclosingRange(text);
  return [
    problem(codes.BERTH5310, {
      message:
        meant === undefined
          ? `"${text}" is no IPv4 range`
          : `"${text}" does not begin with the first address of its range`,
      ...(meant !== undefined && { hint: `did you mean "${formatRange(meant)}"?` }),
      path,
    }),
  ];
}
