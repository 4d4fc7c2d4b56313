/** A stable name for one kind of problem, e.g. `BERTH1002`. Never reused for another meaning. */
export type Code = `BERTH${number}`;

/** What `berth help CODE` prints: what happened in general, and the ways out. */
export interface CodeEntry {
  readonly code: Code;
  /** One line, no full stop: "Unknown property". */
  readonly title: string;
  /** One paragraph: when this is raised and why it is a problem. */
  readonly explanation: string;
  /** One paragraph: what to do about it. */
  readonly remedy: string;
}

/**
 * Declares a room's codes. Each room keeps one such table in `codes.ts`, in its own range
 * (`docs/architecture.md` lists them), and exports it, so that `berth help` can be complete
 * without a global registry.
 *
 * @example
 * const codes = defineCodes({
 *   BERTH1002: { title: "Unknown property", explanation: "…", remedy: "…" },
 * });
 * throw new BerthError([problem(codes.BERTH1002, { message: "…" })]);
 */
export function defineCodes<const T extends Record<Code, Omit<CodeEntry, "code">>>(
  table: T & Record<Exclude<keyof T, Code>, never>,
): { readonly [K in keyof T & Code]: CodeEntry } {
  const entries = Object.entries(table).map(([code, entry]) => [code, { code, ...entry }]);
  return Object.freeze(Object.fromEntries(entries)) as { readonly [K in keyof T & Code]: CodeEntry };
}
