import type { Plan } from "@berth/automation";

/** What scripts can tell from `berth`'s exit. `policy` is reserved for a denied policy: nothing answers it yet. */
export const exitCodes = { ok: 0, error: 1, changes: 2, unplaced: 3, policy: 4 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * The exit code of a preview. Error wins over pods that this plan
 * leaves unplaced or steps that are predicted to fail, that over changes. Without `--detailed-exitcode`
 * anything but an error is 0.
 */
export function exitCodeOf(plan: Plan, detailed: boolean): ExitCode {
  if (plan.problems.some((problem) => problem.severity === "error")) return exitCodes.error;
  if (!detailed) return exitCodes.ok;
  if (plan.summary.predictedFailures > 0) return exitCodes.unplaced;
  return hasChanges(plan) ? exitCodes.changes : exitCodes.ok;
}

/** Whether applying the plan would do anything, if only to record what others did. */
export function hasChanges({ summary, outputs, drift = [] }: Plan): boolean {
  const { create, update, replace, import: imported = 0, move = 0, forget = 0 } = summary;
  const resources = create + update + replace + summary.delete + imported + move + forget;
  return resources + drift.length > 0 || outputs.some((output) => output.action !== "no-op");
}
