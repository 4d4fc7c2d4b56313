import type { Span, Spans } from "./document.ts";
import { inert } from "./inert.ts";

/** Columns where nothing says how many there are: logs, files, pipes. */
export const defaultWidth = 100;

/** Columns that the spans take: code points, which is right for all that berth writes itself. */
export function widthOf(spans: Spans): number {
  return spans.reduce((sum, each) => sum + [...inert(each.text)].length, 0);
}

/**
 * Spans in lines of at most so many columns, broken between words: where two spaces stand rather than where one does,
 * since they part what belongs together less. A word that is longer than a line has one of its own.
 *
 * @param hanging - columns by which all lines but the first are indented, in addition to what the first one begins with
 */
export function wrap(spans: Spans, width: number, hanging: number): readonly Spans[] {
  if (widthOf(spans) <= width) return [spans];
  const segments = segmentsOf(spans);
  const lead = segments[0]?.gap ?? 0;
  const lines = new Lines(width, hanging + lead);
  for (const { gap, words } of segments) {
    const whole = words.reduce((sum, each) => sum + each.gap + widthOf(each.spans), 0);
    // What fits on a line of its own is not torn.
    if (!lines.fits(gap + whole) && whole <= width - hanging - lead) lines.next();
    for (const [index, word] of words.entries()) {
      const before = index === 0 ? gap : word.gap;
      if (!lines.fits(before + widthOf(word.spans))) lines.next();
      lines.add(before, word.spans);
    }
  }
  return lines.all();
}

/** Words with single spaces between them, and how many spaces stand before. */
interface Segment {
  readonly gap: number;
  readonly words: readonly Word[];
}

interface Word {
  gap: number;
  spans: Span[];
}

function segmentsOf(spans: Spans): readonly Segment[] {
  const segments: { gap: number; words: Word[] }[] = [];
  let gap = 0;
  let open: Word | undefined;
  for (const { text, tone } of spans) {
    for (const part of inert(text).split(/( +)/)) {
      if (part === "") continue;
      if (part.startsWith(" ")) {
        gap += part.length;
        open = undefined;
        continue;
      }
      const piece: Span = tone === undefined ? { text: part } : { text: part, tone };
      if (open) open.spans.push(piece);
      else {
        open = { gap, spans: [piece] };
        if (gap === 1 && segments.length > 0) segments.at(-1)?.words.push(open);
        else segments.push({ gap, words: [{ ...open, gap: 0 }] });
        open = segments.at(-1)?.words.at(-1);
      }
      gap = 0;
    }
  }
  return segments;
}

/** Lines as they fill. */
class Lines {
  readonly #width: number;
  readonly #hanging: number;
  readonly #lines: Span[][] = [[]];
  #column = 0;

  constructor(width: number, hanging: number) {
    this.#width = width;
    this.#hanging = hanging;
  }

  fits(columns: number): boolean {
    return this.#column + columns <= this.#width;
  }

  /** Begins a line, unless one has just begun. */
  next(): void {
    if (this.#isFresh) return;
    this.#lines.push([{ text: " ".repeat(this.#hanging) }]);
    this.#column = this.#hanging;
  }

  /** Spaces at the beginning of another line than the first are the break itself. */
  add(gap: number, spans: Spans): void {
    const line = this.#lines.at(-1)!;
    const spaces = this.#isFresh && this.#lines.length > 1 ? 0 : gap;
    if (spaces > 0) push(line, { text: " ".repeat(spaces) });
    for (const each of spans) push(line, each);
    this.#column += spaces + widthOf(spans);
  }

  all(): readonly Spans[] {
    return this.#lines;
  }

  get #isFresh(): boolean {
    return this.#lines.length === 1 ? this.#column === 0 : this.#column === this.#hanging;
  }
}

/** Pieces of one tone become one, spaces between them too. */
function push(line: Span[], piece: Span): void {
  const [before, last] = [line.at(-2), line.at(-1)];
  if (last && last.tone === piece.tone) line[line.length - 1] = { ...last, text: last.text + piece.text };
  else if (before && last && last.tone === undefined && last.text.trim() === "" && before.tone === piece.tone)
    line.splice(-2, 2, { ...before, text: before.text + last.text + piece.text });
  else line.push(piece);
}
