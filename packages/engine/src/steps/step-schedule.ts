import type { Step } from "@berth/planner";
import pLimit from "p-limit";

/**
 * Runs steps as soon as those before them have succeeded, at most `parallel` at a time, ready ones in
 * plan order. Once a step has failed, or `stopped` says so, no other is started; those that run are
 * waited for.
 *
 * @param run - answers whether the step succeeded; it does not throw
 * @returns the steps that were not started
 */
export async function runSteps(
  steps: readonly Step[],
  parallel: number,
  stopped: () => boolean,
  run: (step: Step) => Promise<boolean>,
): Promise<ReadonlySet<Step>> {
  const limit = pLimit(Math.max(1, parallel));
  const waiting = new Map(steps.map((step) => [step.id, step.after.length]));
  const followers = new Map<number, Step[]>();
  for (const step of steps) for (const id of step.after) addTo(followers, id, step);

  const left = new Set(steps);
  let failed = false;
  const started: Promise<void>[] = [];
  const start = (step: Step): void => {
    started.push(
      limit(async () => {
        if (failed || stopped()) return;
        left.delete(step);
        if (!(await run(step))) {
          failed = true;
          return;
        }
        for (const next of followers.get(step.id) ?? []) {
          const missing = (waiting.get(next.id) ?? 0) - 1;
          waiting.set(next.id, missing);
          if (missing === 0) start(next);
        }
      }),
    );
  };
  for (const step of steps) if (step.after.length === 0) start(step);
  // Steps that are started add those that follow them.
  for (const each of started) await each;
  return left;
}

function addTo(lists: Map<number, Step[]>, key: number, step: Step): void {
  const list = lists.get(key);
  if (list) list.push(step);
  else lists.set(key, [step]);
}
