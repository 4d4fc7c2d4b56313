import { BerthError, problem } from "@berth/diagnostics";
import { schedulerCodes } from "./codes.ts";
import { type Change, SchedulerCore } from "./framework/core.ts";
import type { Profile } from "./framework/profile.ts";

/**
 * All changes since the beginning, and the cluster at any moment between them. Decisions keep only
 * the moment they were made at: whoever asks for their details gets the same cluster again, so the
 * explanation comes from the same verdicts. Asking in the order of decisions costs one replay in all.
 */
export class History {
  readonly live: SchedulerCore;
  readonly #profile: Profile;
  readonly #changes: Change[] = [];
  /** Changes before this one are forgotten. */
  #first = 0;
  #replay: { readonly core: SchedulerCore; at: number } | undefined;

  constructor(profile: Profile) {
    this.#profile = profile;
    this.live = new SchedulerCore(profile);
  }

  /** The present moment: the number of changes so far. */
  get now(): number {
    return this.#first + this.#changes.length;
  }

  apply(change: Change): void {
    this.#changes.push(change);
    this.live.apply(change);
  }

  /** The cluster as it was at a moment. Valid until it is asked for another one. */
  at(moment: number): SchedulerCore {
    if (moment === this.now) return this.live;
    if (this.#first > 0)
      throw new BerthError([
        problem(schedulerCodes.BERTH2109, { message: "the changes since this decision were forgotten" }),
      ]);
    if (this.#replay === undefined || this.#replay.at > moment)
      this.#replay = { core: new SchedulerCore(this.#profile), at: 0 };
    const { core } = this.#replay;
    while (this.#replay.at < moment) core.apply(this.#changes[this.#replay.at++]!);
    return core;
  }

  /** Frees the memory of the past. Decisions made until now can no longer be explained. */
  forget(): void {
    this.#first = this.now;
    this.#changes.length = 0;
    this.#replay = undefined;
  }
}
