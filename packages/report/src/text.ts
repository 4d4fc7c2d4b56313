import type { Plan } from "@berth/planner";
import { compose } from "./compose.ts";
import type { Block, Item, ReportDocument, Section, Spans, Table } from "./document.ts";
import { inert } from "./inert.ts";
import { type Palette, plainPalette } from "./palette.ts";

export interface TextOptions {
  /** {@link ansiPalette} on terminals; nothing is coloured otherwise. */
  readonly palette?: Palette;
}

/**
 * The plan for a terminal or a log.
 *
 * @example
 * process.stdout.write(renderText(plan, { palette: ansiPalette }));
 */
export function renderText(plan: Plan, { palette = plainPalette }: TextOptions = {}): string {
  return renderDocument(compose(plan), palette);
}

export function renderDocument(document: ReportDocument, palette: Palette): string {
  const sections = document.sections.map((section) => renderSection(section, palette));
  return `${[paint(document.title, palette), ...sections].join("\n\n")}\n`;
}

function renderSection(section: Section, palette: Palette): string {
  return [palette.heading(section.title), ...section.blocks.map((block) => renderBlock(block, palette))].join(
    "\n",
  );
}

function renderBlock(block: Block, palette: Palette): string {
  if (block.kind === "paragraph") return `  ${paint(block.spans, palette)}`;
  if (block.kind === "table") return renderTable(block, palette);
  return block.items.flatMap((item) => renderItem(item, "  ", palette)).join("\n");
}

function renderItem(item: Item, indent: string, palette: Palette): string[] {
  const children = (item.children ?? []).flatMap((child) => renderItem(child, `${indent}    `, palette));
  return [indent + paint(item.spans, palette), ...children];
}

function renderTable(table: Table, palette: Palette): string {
  const header: readonly Spans[] = table.columns.map((column) => [{ text: column.title, tone: "quiet" }]);
  const rows = [header, ...table.rows];
  const widths = table.columns.map((_, i) => Math.max(...rows.map((row) => width(row[i] ?? []))));
  return rows
    .map((row) => {
      const cells = table.columns.map((column, i) => {
        const cell = row[i] ?? [];
        const gap = " ".repeat(widths[i]! - width(cell));
        return column.align === "right" ? gap + paint(cell, palette) : paint(cell, palette) + gap;
      });
      return `  ${cells.join("  ")}`.trimEnd();
    })
    .join("\n");
}

/** Columns that the spans take: code points, which is right for all that berth writes itself. */
function width(spans: Spans): number {
  return spans.reduce((sum, each) => sum + [...inert(each.text)].length, 0);
}

/** Spans as text: made harmless first, coloured after. */
export function paint(spans: Spans, palette: Palette): string {
  return spans
    .map((each) => (each.tone ? palette.tones[each.tone](inert(each.text)) : inert(each.text)))
    .join("");
}
