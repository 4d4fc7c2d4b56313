import type { Plan } from "@berth/planner";
import { compose } from "./compose.ts";
import type { Block, Item, Section, Spans, Table, Tone } from "./document.ts";
import { inertMarkdown } from "./inert.ts";

/** Characters that GitHub takes in one comment. */
export const githubCommentLimit = 65_536;

export interface MarkdownOptions {
  /** Most characters (UTF-16 code units, as GitHub counts) of the result. Default: {@link githubCommentLimit}. */
  readonly limit?: number;
}

/**
 * The plan as Markdown for a pull request. It never exceeds the limit: whole sections give way,
 * the last first, and each leaves its counts behind; no fence or fold is ever cut open.
 *
 * @example
 * await writeFile("preview.md", renderMarkdown(plan));
 */
export function renderMarkdown(plan: Plan, { limit = githubCommentLimit }: MarkdownOptions = {}): string {
  const document = compose(plan);
  const marker = `<!-- berth:preview project=${key(plan.project)} stack=${key(plan.stack)} -->`;
  const head = `${marker}\n**berth preview** ${renderSpans(document.title)}\n`;
  const whole = document.sections.map(renderSection);
  const brief = document.sections.map(renderDigest);
  for (let kept = whole.length; kept >= 0; kept--) {
    const text = [
      head,
      ...whole.slice(0, kept),
      ...brief.slice(kept),
      ...(kept < whole.length ? [shortened] : []),
    ].join("\n");
    if (text.length <= limit) return text;
  }
  // Not even the counts fit: the limit is smaller than any forge's. The verdict's plain words are all there is room for.
  return document.title
    .map((span) => inertMarkdown(span.text))
    .join("")
    .slice(0, limit);
}

const shortened = "_Shortened to fit; the whole preview is in `berth preview --format text`._\n";

/** A name inside an HTML comment: nothing that could end it. */
function key(name: string): string {
  return name.replace(/[^\w.-]/g, "_");
}

function renderSection(section: Section): string {
  const body = section.blocks.map(renderBlock).join("\n\n");
  if (!section.folded) return `#### ${inertMarkdown(section.title)}\n\n${body}\n`;
  return `<details><summary>${inertMarkdown(section.title)}: ${inertMarkdown(section.digest)}</summary>\n\n${body}\n\n</details>\n`;
}

function renderDigest(section: Section): string {
  return `- ${inertMarkdown(section.title)}: ${inertMarkdown(section.digest)}\n`;
}

function renderBlock(block: Block): string {
  if (block.kind === "paragraph") return renderSpans(block.spans);
  if (block.kind === "table") return renderTable(block);
  return block.items.flatMap((item) => renderItem(item, "")).join("\n");
}

function renderItem(item: Item, indent: string): string[] {
  const children = (item.children ?? []).flatMap((child) => renderItem(child, `${indent}  `));
  // A sign for a deletion would open a nested list.
  return [`${indent}- ${renderSpans(item.spans).replace(/^-/, "\\-")}`, ...children];
}

function renderTable(table: Table): string {
  const titles = table.columns.map((column) => column.title);
  const rule = table.columns.map((column) => (column.align === "right" ? "---:" : "---"));
  const rows = table.rows.map((row) => table.columns.map((_, i) => renderSpans(row[i] ?? [])));
  return [titles, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const emphasised: ReadonlySet<Tone> = new Set<Tone>(["strong", "danger", "replace", "delete"]);

function renderSpans(spans: Spans): string {
  return spans
    .map((each) => emphasise(inertMarkdown(each.text), each.tone))
    .join("")
    .replace(/ {2,}/g, " ")
    .trim();
}

/** Emphasis must hug its text, or Markdown shows the stars. */
function emphasise(text: string, tone: Tone | undefined): string {
  const inner = text.trim();
  if (!tone || !emphasised.has(tone) || !/[\p{L}\p{N}]/u.test(inner)) return text;
  return text.replace(inner, () => `**${inner}**`);
}
