import type { JsonObject } from "@berth/objects";
import { judge, type Verdict } from "./judge.ts";
import { isFirstWriters, isStored, type PatchRecording, type PatchStep } from "./recording.ts";
import type { PatchTarget } from "./target.ts";

/** One replayed step. */
export interface ReplayedStep extends Verdict {
  readonly index: number;
  readonly step: PatchStep;
  /** Whether it belongs to the first writer's part. */
  readonly firstWriters: boolean;
}

/**
 * Sends every request of a recording to an API server and judges each answer alone: before it, the server is given
 * the object that the recording had.
 */
export async function replayPatchRecording(
  recording: PatchRecording,
  target: PatchTarget,
): Promise<readonly ReplayedStep[]> {
  const replayed: ReplayedStep[] = [];
  let live: JsonObject | undefined;
  for (const [index, step] of recording.steps.entries()) {
    await target.load(recording.path, live);
    const { method, contentType, query, body } = step.request;
    const response = await target.transport(
      new Request(`${target.server}${recording.path}?${query}`, {
        method,
        headers: { "content-type": contentType, accept: "application/json" },
        body: JSON.stringify(body),
      }),
    );
    const verdict = judge(step, { status: response.status, body: JSON.parse(await response.text()) });
    replayed.push({ ...verdict, index, step, firstWriters: isFirstWriters(recording, index) });
    if (isStored(step)) live = step.stored;
  }
  await target.load(recording.path, undefined);
  return replayed;
}

/** Counts of replayed steps, as the command prints them. */
export function tally(steps: readonly ReplayedStep[]): string {
  const agree = steps.filter((each) => each.differences.length === 0).length;
  const wrong = steps.filter((each) => each.wrongSuccess).length;
  return `${steps.length} steps, ${agree} agree, ${wrong} wrong successes`;
}
