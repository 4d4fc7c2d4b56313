/** Shorter texts are not taken: they would begin everywhere. */
const shortest = 4;

/**
 * A set of texts that are replaced wherever they occur, the longest first. Takes time in proportion
 * to what is searched, however many texts there are: a stack may have a secret in each of ten
 * thousand resources, and a line of progress for each.
 */
export class TextSet {
  readonly #texts = new Set<string>();
  /** By the first characters of texts: the lengths of those that begin so, longest first. */
  readonly #lengths = new Map<string, readonly number[]>();
  /** Whether some text may begin with two characters, by a hash of them. */
  readonly #begins = new Uint8Array(1 << 14);

  /** @throws RangeError for a text of fewer than four characters */
  add(text: string): void {
    if (text.length < shortest) throw new RangeError("the text is too short to be told from others");
    if (this.#texts.has(text)) return;
    this.#texts.add(text);
    const beginning = text.slice(0, shortest);
    const lengths = this.#lengths.get(beginning) ?? [];
    if (!lengths.includes(text.length))
      this.#lengths.set(
        beginning,
        [...lengths, text.length].toSorted((a, b) => b - a),
      );
    this.#begins[hashAt(text, 0)] = 1;
  }

  /** The text with each occurrence replaced. Of those that overlap the first counts, and of those that begin together the longest. */
  replaceIn(text: string, by: string): string {
    if (this.#texts.size === 0) return text;
    let replaced = "";
    let copied = 0;
    for (let at = 0; at <= text.length - shortest;) {
      const length = this.#begins[hashAt(text, at)] === 1 ? this.#lengthAt(text, at) : undefined;
      if (length === undefined) {
        at++;
        continue;
      }
      replaced += text.slice(copied, at) + by;
      copied = at += length;
    }
    return copied === 0 ? text : replaced + text.slice(copied);
  }

  #lengthAt(text: string, at: number): number | undefined {
    const lengths = this.#lengths.get(text.slice(at, at + shortest));
    return lengths?.find((length) => this.#texts.has(text.slice(at, at + length)));
  }
}

function hashAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) & 0x3fff;
}
