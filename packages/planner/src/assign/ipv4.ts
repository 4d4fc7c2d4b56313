/** An IPv4 address as a number, `undefined` for any other text (leading zeros are other texts, as Kubernetes holds). */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** First and last address of a range such as `10.0.0.0/16`. */
export interface Ipv4Range {
  readonly first: number;
  readonly last: number;
}

/** `undefined` where the text is no IPv4 range. */
export function parseIpv4Range(text: string): Ipv4Range | undefined {
  const [base, bits, ...more] = text.split("/");
  const address = parseIpv4(base ?? "");
  if (
    address === undefined ||
    bits === undefined ||
    more.length > 0 ||
    !/^\d{1,2}$/.test(bits) ||
    Number(bits) > 32
  )
    return undefined;
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}
