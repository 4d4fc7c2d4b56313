import type { Plan } from "@berth/automation";

/** What scripts can tell from `berth`'s exit. */
export const exitCodes = { ok: 0, error: 1, changes: 2, unplaced: 3, policy: 4 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * The exit code of a preview. An error wins over a denial by policies, that over pods that this plan
 * leaves unplaced or steps that are predicted to fail, that over changes. Without `--detailed-exitcode`
 * anything but an error or a denial is 0.
 */
export function exitCodeOf(plan: Plan, detailed: boolean): ExitCode {
  const failure = exitCodeOfErrors(plan.problems);
  if (failure !== exitCodes.ok) return failure;
  if (!detailed) return exitCodes.ok;
  if (plan.summary.predictedFailures > 0) return exitCodes.unplaced;
  return hasChanges(plan) ? exitCodes.changes : exitCodes.ok;
}

/** 4 where policies deny and nothing else is wrong, 1 where anything is. */
export function exitCodeOfErrors(problems: Plan["problems"]): ExitCode {
  const errors = problems.filter((each) => each.severity === "error");
  if (errors.length === 0) return exitCodes.ok;
  return errors.every((each) => each.code === denied) ? exitCodes.policy : exitCodes.error;
}

/** What a mandatory policy's finding is called. */
const denied = "BERTH6101";

/** Whether applying the plan would do anything, if only to record what others did. */
export function hasChanges({ summary, outputs, drift = [] }: Plan): boolean {
  const { create, update, replace, import: imported = 0, move = 0, forget = 0 } = summary;
  const resources = create + update + replace + summary.delete + imported + move + forget;
  return resources + drift.length > 0 || outputs.some((output) => output.action !== "no-op");
}
