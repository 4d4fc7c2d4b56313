import type { Spans } from "./document.ts";
import { inert } from "./inert.ts";
import type { Palette } from "./palette.ts";

/** Spans as text: made harmless first, coloured after. */
export function paint(spans: Spans, palette: Palette): string {
  return spans
    .map((each) => (each.tone ? palette.tones[each.tone](inert(each.text)) : inert(each.text)))
    .join("");
}
