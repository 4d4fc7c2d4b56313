import { formatSite, type Problem } from "@berth/diagnostics";
import type { Plan } from "@berth/planner";
import { counted, type Item, type Section, type Span, span } from "../document.ts";

/** Errors and warnings, with the way out of each. */
export function problems(plan: Plan): Section | undefined {
  if (plan.problems.length === 0) return undefined;
  const errors = plan.problems.filter((each) => each.severity === "error").length;
  const warnings = plan.problems.length - errors;
  const digest = [errors > 0 && counted(errors, "error"), warnings > 0 && counted(warnings, "warning")]
    .filter(Boolean)
    .join(", ");
  return {
    title: errors > 0 ? "Problems" : "Warnings",
    folded: false,
    digest,
    blocks: [{ kind: "listing", items: plan.problems.map(problemItem) }],
  };
}

/** A problem as a list item: severity and code, place, message; below it the message's further lines and the way out. */
export function problemItem(problem: Problem): Item {
  const tone = problem.severity === "error" ? "danger" : "warning";
  const line: Span[] = [span(`${problem.severity} ${problem.code}`, tone), span(" ")];
  if (problem.site) line.push(span(formatSite(problem.site), "name"), span(" "));
  if (problem.resource) line.push(span(shortUrn(problem.resource), "quiet"), span(" "));
  if (problem.path) line.push(span(`${problem.path}: `));
  if (problem.policy) line.push(span(`${problem.policy}: `, "name"));
  const [message = "", ...more] = problem.message.split("\n");
  line.push(span(message));
  const children = more.map((each): Item => ({ spans: [span(each)], verbatim: true }));
  if (problem.hint) children.push({ spans: [span(problem.hint, "quiet")] });
  return { spans: line, children };
}

/** `kubernetes:Deployment web/web` of `urn:berth:dev:shop::kubernetes:Deployment::web/web`. */
export function shortUrn(urn: string): string {
  const [, type, path] = urn.split("::");
  return type && path ? `${type} ${path}` : urn;
}
