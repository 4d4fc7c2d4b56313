import type { Spans, Table } from "./document.ts";
import type { Palette } from "./palette.ts";
import { paint } from "./paint.ts";
import { widthOf, wrap } from "./wrap.ts";

const indent = 2;
const gap = 2;
/** Columns of text are not made narrower than this, or than their longest word. */
const narrowest = 12;

/** A table in lines. Where it is too wide, text in its cells is wrapped; where that is not enough, it goes on below, its first column said again. */
export function renderTable(table: Table, palette: Palette, width: number): string {
  const header: readonly Spans[] = table.columns.map((column) => [{ text: column.title, tone: "quiet" }]);
  const rows = [header, ...table.rows];
  const natural = table.columns.map((_, i) => Math.max(...rows.map((row) => widthOf(row[i] ?? []))));
  const least = table.columns.map((column, i) =>
    column.align === "right" ? natural[i]! : Math.min(natural[i]!, Math.max(narrowest, longestWord(rows, i))),
  );
  return partsOf(least, width)
    .map((columns) => {
      const widths = narrowed(columns, natural, least, width);
      return rows.flatMap((row) => renderRow(row, columns, widths, table, palette)).join("\n");
    })
    .join("\n\n");
}

/** Which columns stand side by side: all, or as many as fit. */
function partsOf(least: readonly number[], width: number): readonly (readonly number[])[] {
  const parts: number[][] = [[]];
  for (const [i] of least.entries()) {
    const part = parts.at(-1)!;
    if (part.length < 2 || total([...part, i], least) <= width) part.push(i);
    else parts.push([0, i]);
  }
  return parts;
}

/** The widest columns give way until the table fits. */
function narrowed(
  columns: readonly number[],
  natural: readonly number[],
  least: readonly number[],
  width: number,
): readonly number[] {
  const widths = [...natural];
  while (total(columns, widths) > width) {
    const able = columns.filter((i) => widths[i]! > least[i]!);
    if (able.length === 0) break;
    const widest = able.reduce((a, b) => (widths[b]! > widths[a]! ? b : a));
    widths[widest]!--;
  }
  return widths;
}

function total(columns: readonly number[], widths: readonly number[]): number {
  return indent + columns.reduce((sum, i) => sum + widths[i]!, 0) + gap * (columns.length - 1);
}

function longestWord(rows: readonly (readonly Spans[])[], column: number): number {
  const words = rows.flatMap((row) =>
    (row[column] ?? [])
      .map((each) => each.text)
      .join("")
      .split(/ +/),
  );
  return Math.max(0, ...words.map((text) => widthOf([{ text }])));
}

function renderRow(
  row: readonly Spans[],
  columns: readonly number[],
  widths: readonly number[],
  table: Table,
  palette: Palette,
): readonly string[] {
  const cells = columns.map((i) => wrap(row[i] ?? [], widths[i]!, i === 0 ? 2 : 0));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = columns.map((i, at) => {
      const cell = cells[at]?.[line] ?? [];
      const space = " ".repeat(Math.max(0, widths[i]! - widthOf(cell)));
      return table.columns[i]?.align === "right"
        ? space + paint(cell, palette)
        : paint(cell, palette) + space;
    });
    return `${" ".repeat(indent)}${parts.join(" ".repeat(gap))}`.trimEnd();
  });
}
