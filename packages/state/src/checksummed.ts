import { digestOf } from "./canonical.ts";

/**
 * Text that carries a checksum over every byte of itself, and is still one JSON object:
 * `{"checksum":"<64 hex>",` and the rest. The checksum covers the rest, byte by byte, and a
 * `salt` that binds it to its place (the checksum of the line before).
 */
const opening = '{"checksum":"';
const bodyStart = opening.length + 64 + 2;

/** Puts a checksum in front of the members of a JSON object (all after its opening brace). */
export function withChecksum(
  members: string,
  salt = "",
): { readonly text: string; readonly checksum: string } {
  const checksum = digestOf(`${salt}\n${members}`);
  return { text: `${opening}${checksum}",${members}`, checksum };
}

/** The checksum of the text if every byte is as it was written, else `undefined`. */
export function verifiedChecksum(text: string, salt = ""): string | undefined {
  const checksum = text.slice(opening.length, opening.length + 64);
  const intact =
    text.slice(0, bodyStart) === `${opening}${checksum}",` &&
    digestOf(`${salt}\n${text.slice(bodyStart)}`) === checksum;
  return intact ? checksum : undefined;
}
