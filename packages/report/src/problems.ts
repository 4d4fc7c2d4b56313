import type { Problem } from "@berth/diagnostics";
import { plainPalette, type Palette } from "./palette.ts";
import { problemItem } from "./sections/problems.ts";
import { renderItem, styleOf } from "./text.ts";
import { defaultWidth } from "./wrap.ts";

/** Problems for a terminal or a log, errors first, each with its place and its way out. */
export function renderProblems(
  problems: readonly Problem[],
  palette: Palette = plainPalette,
  width = defaultWidth,
): string {
  const style = styleOf({ palette, width });
  const sorted = [...problems].sort(
    (a, b) => Number(b.severity === "error") - Number(a.severity === "error"),
  );
  return sorted
    .map(problemItem)
    .flatMap((item) => [
      ...renderItem({ spans: item.spans }, "", style),
      ...(item.children ?? []).flatMap((child) => renderItem(child, "  ", style)),
    ])
    .map((line) => `${line}\n`)
    .join("");
}
