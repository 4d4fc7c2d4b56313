import { problem, type Problem } from "@berth/diagnostics";
import type { PlanResult } from "@berth/planner";
import { codes } from "./codes.ts";
import type { StackProject } from "./stack-project.ts";

/**
 * A warning for a stack of which nothing is recorded although its cloud holds what it made: somebody deleted the
 * state and not the cloud. Planning all of it anew, without a word, would end in "it exists already".
 */
export async function leftBehind(project: StackProject, stack: string): Promise<Problem | undefined> {
  const { cloud, backend, name } = project;
  if (!cloud.madeBy || (await backend.list()).includes(stack)) return undefined;
  const ids = await cloud.madeBy(`${name}/${stack}`);
  if (ids.length === 0) return undefined;
  const shown = ids.slice(0, 3).join(", ") + (ids.length > 3 ? ` and ${ids.length - 3} more` : "");
  return problem(codes.BERTH7009, {
    severity: "warning",
    message: `nothing is recorded of ${name}/${stack}, and the local cloud holds what it made: ${shown}`,
    hint: "restore .berth/state from a backup (`berth state repair` looks in its history), or remove .berth/local to begin anew",
  });
}

/** The plan, which says so. */
export function withWarning(result: PlanResult, warning: Problem | undefined): PlanResult {
  if (!warning) return result;
  return { ...result, plan: { ...result.plan, problems: [...result.plan.problems, warning] } };
}
