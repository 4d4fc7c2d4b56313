/**
 * What a report says, before it is decided how: sections of blocks of toned spans. Sections are
 * made from the Plan alone; writers turn them into terminal text or Markdown. So no format can
 * say what the Plan lacks, and all formats say the same.
 */
export interface ReportDocument {
  readonly title: Spans;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Whether Markdown may fold it away behind its title. */
  readonly folded: boolean;
  /** What to say of it when there is no room for it: its counts. */
  readonly digest: string;
}

export type Block = Paragraph | Listing | Table;

export interface Paragraph {
  readonly kind: "paragraph";
  readonly spans: Spans;
}

export interface Listing {
  readonly kind: "listing";
  readonly items: readonly Item[];
}

export interface Item {
  readonly spans: Spans;
  readonly children?: readonly Item[];
  /** Somebody else's lines, whose columns mean something: a frame of source code. They are not broken. */
  readonly verbatim?: true;
}

export interface Table {
  readonly kind: "table";
  readonly columns: readonly { readonly title: string; readonly align: "left" | "right" }[];
  readonly rows: readonly (readonly Spans[])[];
}

export type Spans = readonly Span[];

export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}

/** Meaning, not colour: a palette gives each its look. */
export type Tone =
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "danger"
  | "warning"
  | "strong"
  | "quiet"
  | "name";

export function span(text: string, tone?: Tone): Span {
  return tone === undefined ? { text } : { text, tone };
}

export function paragraph(...spans: readonly Span[]): Paragraph {
  return { kind: "paragraph", spans };
}

/** `1 pod`, `3 pods`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
