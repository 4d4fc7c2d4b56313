import { BerthError, problem } from "@berth/diagnostics";
import { schedulerCodes } from "./codes.ts";
import { type Change, SchedulerCore } from "./framework/core.ts";
import type { Profiles } from "./framework/profiles.ts";

/**
 * All changes since the beginning, and the cluster at any moment between them. Decisions keep only
 * the moment they were made at: whoever asks for their details gets the same cluster again, so the
 * explanation comes from the same verdicts. Asking in the order of decisions costs one replay in all.
 */
export class History {
  readonly live: SchedulerCore;
  readonly #profiles: Profiles;
  readonly #changes: Change[] = [];
  /** Changes before this one are forgotten. */
  #first = 0;
  #replay: { readonly core: SchedulerCore; at: number } | undefined;

  constructor(profiles: Profiles) {
    this.#profiles = profiles;
    this.live = new SchedulerCore(profiles);
  }

  /** The present moment: the number of changes so far. */
  get now(): number {
    return this.#first + this.#changes.length;
  }

  apply(change: Change): void {
    // First, since a change that fails must not be told again.
    this.live.apply(change);
    this.#changes.push(change);
  }

  /** The cluster as it was at a moment. Valid until it is asked for another one. */
  at(moment: number): SchedulerCore {
    if (moment === this.now) return this.live;
    this.#mustRemember();
    if (this.#replay === undefined || this.#replay.at > moment)
      this.#replay = { core: new SchedulerCore(this.#profiles), at: 0 };
    const { core } = this.#replay;
    while (this.#replay.at < moment) core.apply(this.#changes[this.#replay.at++]!);
    return core;
  }

  /** A cluster of its own as it was at a moment, for trying what else could have come. */
  fork(moment: number): SchedulerCore {
    this.#mustRemember();
    const core = new SchedulerCore(this.#profiles);
    for (const change of this.#changes.slice(0, moment)) core.apply(change);
    return core;
  }

  #mustRemember(): void {
    if (this.#first === 0) return;
    throw new BerthError([
      problem(schedulerCodes.BERTH2109, { message: "the changes since this decision were forgotten" }),
    ]);
  }

  /** Frees the memory of the past. Decisions made until now can no longer be explained. */
  forget(): void {
    this.#first = this.now;
    this.#changes.length = 0;
    this.#replay = undefined;
  }
}
