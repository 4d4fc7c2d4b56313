/**
 * Plan JSON rendered for people and CI. Nothing here plans: every word comes from the Plan.
 *
 * @packageDocumentation
 */
export type { Tone } from "./document.ts";
export { renderExplanation } from "./explanation.ts";
export { inert, inertMarkdown } from "./inert.ts";
export { githubCommentLimit, type MarkdownOptions, renderMarkdown } from "./markdown.ts";
export { ansiPalette, type Palette, plainPalette } from "./palette.ts";
export { renderProblems } from "./problems.ts";
export { renderText, type TextOptions } from "./text.ts";
