// Control characters (C0, DEL, C1), and the invisible ones that reorder or hide text: bidirectional
// marks, zero-width characters, line and paragraph separators.
// oxlint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Text that somebody else wrote, made harmless for a terminal or a log: control and invisible
 * characters become visible escapes, so that a name can't move the cursor or hide a change.
 */
export function inert(text: string): string {
  return text.replace(unsafe, (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`);
}

/**
 * The same for Markdown: markup, mentions, and HTML lose their meaning. Backslashes would show inside code
 * spans, so entities are used where Markdown lets them through.
 */
export function inertMarkdown(text: string): string {
  return inert(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/@(?=\w)/g, "@\u200b")
    .replace(/[\\`*_{}[\]()#+!|~]/g, (character) => `\\${character}`);
}
