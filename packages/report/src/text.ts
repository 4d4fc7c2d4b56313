import type { Plan } from "@berth/planner";
import { compose } from "./compose.ts";
import type { Block, Item, ReportDocument, Section, Spans } from "./document.ts";
import { paint } from "./paint.ts";
import { type Palette, plainPalette } from "./palette.ts";
import { renderTable } from "./text-table.ts";
import { defaultWidth, wrap } from "./wrap.ts";

export interface TextOptions {
  /** {@link ansiPalette} on terminals; nothing is coloured otherwise. */
  readonly palette?: Palette;
  /** Columns of the terminal; lines are broken between words. Default: 100. */
  readonly width?: number;
}

/** How text is written. */
export interface TextStyle {
  readonly palette: Palette;
  readonly width: number;
}

/** {@link TextOptions} with what is not said. */
export function styleOf({ palette = plainPalette, width = defaultWidth }: TextOptions): TextStyle {
  return { palette, width: Math.max(narrowest, width) };
}

/** Below this many columns, nothing that berth writes can be read. */
const narrowest = 40;

/**
 * The plan for a terminal or a log.
 *
 * @example
 * process.stdout.write(renderText(plan, { palette: ansiPalette, width: process.stdout.columns }));
 */
export function renderText(plan: Plan, options: TextOptions = {}): string {
  return renderDocument(compose(plan), options);
}

export function renderDocument(document: ReportDocument, options: TextOptions): string {
  const style = styleOf(options);
  const sections = document.sections.map((section) => renderSection(section, style));
  return `${[renderLine(document.title, "", style).join("\n"), ...sections].join("\n\n")}\n`;
}

function renderSection(section: Section, style: TextStyle): string {
  const blocks = section.blocks.map((block) => renderBlock(block, style));
  return [style.palette.heading(section.title), ...blocks].join("\n");
}

function renderBlock(block: Block, style: TextStyle): string {
  if (block.kind === "paragraph") return renderLine(block.spans, "  ", style).join("\n");
  if (block.kind === "table") return renderTable(block, style.palette, style.width);
  return block.items.flatMap((item) => renderItem(item, "  ", style)).join("\n");
}

/** An item and its children, each line with its indent. */
export function renderItem(item: Item, indent: string, style: TextStyle): readonly string[] {
  const lines = item.verbatim
    ? [indent + paint(item.spans, style.palette)]
    : renderLine(item.spans, indent, style);
  return [...lines, ...(item.children ?? []).flatMap((child) => renderItem(child, `${indent}    `, style))];
}

/** Continued two columns further in: below the words behind a sign, above the children. */
function renderLine(spans: Spans, indent: string, { palette, width }: TextStyle): readonly string[] {
  return wrap(spans, width - indent.length, 2).map((line) => indent + paint(line, palette));
}
