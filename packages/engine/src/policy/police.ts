import type { Graph, ResourceRecord, StackState, Urn } from "@berth/core";
import type { Problem } from "@berth/diagnostics";
import { inScope, type Plan, type PlanRequest, type Remediation } from "@berth/planner";
import type { Secrets } from "@berth/state";
import type { Operation } from "../operation.ts";
import type { ConfiguredPolicy, PolicyResource } from "./policy.ts";
import { type Remediated, remediate } from "./remediate.ts";
import { runPolicies } from "./run-policies.ts";
import { type PolicyWorld, recordedSubject, Subjects } from "./subjects.ts";

/** Of which operation policies are asked, and what it knows. */
export interface Policed {
  readonly operation: Pick<Operation, "graph" | "policies" | "scope">;
  readonly kind: PlanRequest["operation"];
  readonly recorded: StackState;
  readonly secrets: Secrets;
}

const nothingMended = { remediations: [] as readonly Remediation[], problems: [] as readonly Problem[] };

/** The graph as remediating policies want it: the very one that the program gave where nothing is to be mended. */
export function mend(policed: Policed): Remediated {
  const { operation, kind } = policed;
  const { graph, policies = [] } = operation;
  if (kind !== "up" || policies.length === 0) return { graph, ...nothingMended };
  const planned = new Set(inScope(scopedOf(policed)).resources);
  return remediate(graph, policies, worldOf(policed), (each) => planned.has(each));
}

/** The plan with what policies find in it, and in what it is made from. Errors stay before warnings. */
export function judge(plan: Plan, mended: Remediated, policed: Policed): Plan {
  const { operation, kind } = policed;
  const { policies = [] } = operation;
  if (kind === "refresh" || policies.length === 0) return plan;
  const { graph, remediations } = mended;
  const scope = inScope({ ...scopedOf(policed), graph });
  const world = worldOf(policed);
  const subjects = new Subjects(world);
  const planned = kind === "up" ? scope.resources.map((each) => subjects.of(each).subject) : [];
  const looked = new Set<ResourceRecord>(scope.records);
  const kept = policed.recorded.resources.filter((each) => !looked.has(each));
  const whole = wholeOf(graph, [...planned, ...kept.map((each) => recordedSubject(each, world))]);
  const found = [
    ...mended.problems,
    ...runPolicies(policies, {
      graph: whole,
      planned,
      plan: { ...whole, plan },
      silenced: silencedIn(graph),
    }),
  ];
  const all = [...plan.problems, ...found];
  return {
    ...plan,
    problems: [...ofSeverity(all, "error"), ...ofSeverity(all, "warning")],
    policies: { ran: policies.map(ranAs), remediations },
  };
}

/** What policies find in what is recorded, where an operation failed and left it so. */
export function judgeRecorded(policed: Policed): readonly Problem[] {
  const { operation, recorded } = policed;
  const { graph, policies = [] } = operation;
  if (policies.length === 0) return [];
  const world = worldOf(policed);
  const planned = recorded.resources.map((each) => recordedSubject(each, world));
  return runPolicies(policies, { graph: wholeOf(graph, planned), planned, silenced: silencedIn(graph) });
}

function ranAs({ policy: { name, kind }, level }: ConfiguredPolicy) {
  return { name, kind, level };
}

function wholeOf({ project, stack }: Graph, resources: readonly PolicyResource[]) {
  return { project, stack, resources };
}

function worldOf({ recorded, secrets }: Policed): PolicyWorld {
  return { records: new Map(recorded.resources.map((each) => [each.urn, each])), secrets };
}

function scopedOf({ operation, kind, recorded }: Policed) {
  return { ...operation, operation: kind, recorded };
}

function silencedIn({ resources, index }: Graph): (urn: Urn) => readonly string[] {
  return (urn) => resources[index.get(urn) ?? -1]?.options.silence ?? [];
}

function ofSeverity(problems: readonly Problem[], severity: Problem["severity"]): readonly Problem[] {
  return problems.filter((each) => each.severity === severity);
}
