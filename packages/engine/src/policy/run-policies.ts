import type { GraphResource } from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { aboutOf, asked, findingsIn } from "./answers.ts";
import { policyCodes } from "./codes.ts";
import type { ConfiguredPolicy, Finding, PolicyGraph, PolicyPlan, PolicyResource } from "./policy.ts";
import { appliesTo } from "./types.ts";

/** What policies are asked about. */
export interface PolicySubjects {
  readonly graph: PolicyGraph;
  /** Of resources that are declared, and planned: those that single rules look at. */
  readonly planned: readonly PolicyResource[];
  /** Absent where there is no plan to look at: after an operation that failed. */
  readonly plan?: PolicyPlan;
  /** Codes that the author silenced on a resource. */
  readonly silenced: (urn: string) => GraphResource["options"]["silence"];
}

/** Asks all policies; what they find, and what is wrong with them, are problems. */
export function runPolicies(
  policies: readonly ConfiguredPolicy[],
  subjects: PolicySubjects,
): readonly Problem[] {
  return policies.flatMap((each) => runPolicy(each, subjects));
}

function runPolicy(
  configured: ConfiguredPolicy,
  { graph, planned, plan, silenced }: PolicySubjects,
): readonly Problem[] {
  const { policy, configuration } = configured;
  const problems: Problem[] = [];
  const ask = (about: PolicyResource | undefined, run: () => unknown): void => {
    const result = asked(configured, aboutOf(about), problems, run);
    const findings = result ? findingsIn(result.answer, configured, aboutOf(about), problems) : [];
    for (const each of findings) problems.push(...problemOf(each, configured, about, graph, silenced));
  };
  if (policy.kind === "resource") {
    if (!policy.check) return [];
    for (const each of planned)
      if (appliesTo(policy, each)) ask(each, () => policy.check?.(each, configuration));
  } else if (policy.kind === "graph") ask(undefined, () => policy.check(graph, configuration));
  else if (plan) ask(undefined, () => policy.check(plan, configuration));
  return problems;
}

function problemOf(
  { message, hint, resource, path }: Finding,
  { policy, level }: ConfiguredPolicy,
  about: PolicyResource | undefined,
  { resources }: PolicyGraph,
  silenced: PolicySubjects["silenced"],
): readonly Problem[] {
  const subject = resource === undefined ? about : (resources.find(({ urn }) => urn === resource) ?? about);
  const isAdvice = level === "advisory";
  const code = isAdvice ? policyCodes.BERTH6102 : policyCodes.BERTH6101;
  if (isAdvice && subject && silenced(subject.urn).includes(code.code)) return [];
  return [
    problem(code, {
      severity: isAdvice ? "warning" : "error",
      message,
      policy: policy.name,
      ...(hint !== undefined && { hint }),
      ...aboutOf(subject),
      ...(path !== undefined && { path }),
    }),
  ];
}
