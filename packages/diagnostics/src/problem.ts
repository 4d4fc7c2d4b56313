import type { Code, CodeEntry } from "./codes.ts";
import { formatSite, type SourceSite } from "./site.ts";

export type Severity = "error" | "warning";

/**
 * One thing that is wrong, as data. Rendered elsewhere: nothing here knows about terminals.
 * `path` is written as in a program: `spec.template.spec.containers[0].image`.
 */
export interface Problem {
  readonly code: Code;
  readonly severity: Severity;
  /** What is wrong here, with the names involved. */
  readonly message: string;
  /** The way out, when this instance allows a more precise one than the code's remedy. */
  readonly hint?: string;
  /** URN of the resource concerned. */
  readonly resource?: string;
  /** Property path inside that resource's inputs. */
  readonly path?: string;
  /** Name of the policy that found it. */
  readonly policy?: string;
  /** Where the resource was declared, or where the mistake is. */
  readonly site?: SourceSite;
}

export type ProblemDetail = Omit<Problem, "code" | "severity"> & { readonly severity?: Severity };

/** Makes a problem of a declared code. Severity is `error` unless told otherwise. */
export function problem(entry: CodeEntry, detail: ProblemDetail): Problem {
  return { code: entry.code, severity: "error", ...detail };
}

/** One line for logs and for `Error.message`: `store.ts:42:7 BERTH1002 [urn] path: message`. */
export function formatProblem(value: Problem): string {
  const where = value.site ? `${formatSite(value.site)} ` : "";
  const what = value.resource ? ` [${value.resource}]` : "";
  const path = value.path ? ` ${value.path}:` : ":";
  const hint = value.hint ? ` (${value.hint})` : "";
  const policy = value.policy ? ` ${value.policy}:` : "";
  return `${where}${value.code}${what}${path}${policy} ${value.message}${hint}`;
}
