import type { Step } from "@berth/planner";
import pLimit from "p-limit";

/** How steps are run. */
export interface Schedule {
  /** At most so many at the same time. */
  readonly parallel: number;
  /** Whether what does not need a failed step is started all the same. */
  readonly goOn: boolean;
  /** Whether nothing more is to be started. */
  readonly stopped: () => boolean;
  /** Answers whether the step succeeded; it does not throw. */
  readonly run: (step: Step) => Promise<boolean>;
}

/**
 * Runs steps as soon as those before them have ended, ready ones in plan order. Once a step has failed no
 * other is started, or, with `goOn`, none of those that need it; once `stopped` says so, no other at all. Those
 * that run are waited for.
 *
 * @returns the steps that were not started, each with the failed ones without which it cannot be done: none
 *   where it only was not its turn any more
 */
export async function runSteps(
  steps: readonly Step[],
  schedule: Schedule,
): Promise<ReadonlyMap<Step, readonly number[]>> {
  return new Run(steps, schedule).all();
}

const none: readonly number[] = Object.freeze([]);

class Run {
  readonly #steps: readonly Step[];
  readonly #schedule: Schedule;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #waiting: Map<number, number>;
  readonly #followers = new Map<number, Step[]>();
  readonly #left: Map<Step, readonly number[]>;
  readonly #started: Promise<void>[] = [];
  /** Steps that did not succeed, with the failures that are behind it. */
  readonly #unsuccessful = new Map<number, readonly number[]>();

  constructor(steps: readonly Step[], schedule: Schedule) {
    this.#steps = steps;
    this.#schedule = schedule;
    this.#limit = pLimit(Math.max(1, schedule.parallel));
    this.#waiting = new Map(steps.map((step) => [step.id, step.after.length]));
    this.#left = new Map(steps.map((step) => [step, none]));
    for (const step of steps) for (const id of step.after) addTo(this.#followers, id, step);
  }

  async all(): Promise<ReadonlyMap<Step, readonly number[]>> {
    for (const step of this.#steps) if (step.after.length === 0) this.#start(step);
    // Steps that are started add those that follow them.
    for (const each of this.#started) await each;
    return this.#left;
  }

  #start(step: Step): void {
    this.#started.push(this.#limit(() => this.#run(step)));
  }

  async #run(step: Step): Promise<void> {
    const { goOn, stopped, run } = this.#schedule;
    if ((!goOn && this.#unsuccessful.size > 0) || stopped()) return;
    this.#left.delete(step);
    this.#ended(step, (await run(step)) ? none : [step.id]);
  }

  /** What follows is started, or, where it needs what failed, passed over, and what follows that has its turn. */
  #ended({ id }: Step, failures: readonly number[]): void {
    if (failures.length > 0) this.#unsuccessful.set(id, failures);
    if (failures.length > 0 && !this.#schedule.goOn) return;
    const open = [id];
    for (const each of open) {
      for (const next of this.#followers.get(each) ?? []) {
        const missing = (this.#waiting.get(next.id) ?? 0) - 1;
        this.#waiting.set(next.id, missing);
        if (missing > 0) continue;
        const behind = this.#failuresBehind(next);
        if (behind.length === 0) this.#start(next);
        else {
          this.#left.set(next, behind);
          this.#unsuccessful.set(next.id, behind);
          open.push(next.id);
        }
      }
    }
  }

  #failuresBehind({ after, needs = after }: Step): readonly number[] {
    if (this.#unsuccessful.size === 0) return none;
    const behind = new Set(needs.flatMap((each) => this.#unsuccessful.get(each) ?? none));
    return [...behind].toSorted((a, b) => a - b);
  }
}

function addTo(lists: Map<number, Step[]>, key: number, step: Step): void {
  const list = lists.get(key);
  if (list) list.push(step);
  else lists.set(key, [step]);
}
