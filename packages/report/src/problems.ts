import type { Problem } from "@berth/diagnostics";
import type { Item } from "./document.ts";
import { type Palette, plainPalette } from "./palette.ts";
import { problemItem } from "./sections/problems.ts";
import { paint } from "./text.ts";

/** Problems for a terminal or a log, errors first, each with its place and its way out. */
export function renderProblems(problems: readonly Problem[], palette: Palette = plainPalette): string {
  const sorted = [...problems].sort(
    (a, b) => Number(b.severity === "error") - Number(a.severity === "error"),
  );
  return sorted
    .map(problemItem)
    .flatMap((item: Item) => [
      item,
      ...(item.children ?? []).map((child) => ({ spans: [{ text: "  " }, ...child.spans] })),
    ])
    .map((item) => `${paint(item.spans, palette)}\n`)
    .join("");
}
