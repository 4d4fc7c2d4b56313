/** The letters that Kubernetes makes names of: no vowels, nothing that looks like another. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const LENGTH = 5;
const COUNT = ALPHABET.length ** LENGTH;
/** Has no factor in common with {@link COUNT}, so that no suffix comes twice before all have come. */
const STRIDE = 6_700_417;

/** The n-th name suffix: five letters in Kubernetes' style. They look mixed, and are counted. */
export function suffix(n: number): string {
  return spell((((n % COUNT) * STRIDE) % COUNT) + 0, LENGTH);
}

/** A digest of hexadecimal digits in the letters of `pod-template-hash`. */
export function hashSuffix(digest: string): string {
  return spell(Number.parseInt(digest.slice(0, 12), 16), 10);
}

function spell(value: number, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest = Math.floor(rest / ALPHABET.length)) {
    text = (ALPHABET[rest % ALPHABET.length] ?? "") + text;
  }
  return text;
}
