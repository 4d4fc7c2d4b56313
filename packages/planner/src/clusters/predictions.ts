import type { CodeEntry, Problem } from "@berth/diagnostics";
import { problem } from "@berth/diagnostics";
import { refKey } from "@berth/objects";
import { plannerCodes } from "../codes.ts";
import type { StuckRollout, UnplacedGroup } from "../plan.ts";
import { workloadText } from "./owners.ts";
import type { Played } from "./play.ts";
import type { Refusal } from "./story.ts";
import type { Scene } from "./scene.ts";
import { oversizes } from "./unplaced.ts";

export interface Predictions {
  /** What is known to be left undone of the stack's own resources, silenced or not. */
  readonly failures: number;
  readonly problems: readonly Problem[];
}

/** Warnings for pods of the stack that find no node, and for its rollouts that get stuck. */
export function predictFailures(
  scene: Scene,
  played: Played,
  unplaced: readonly UnplacedGroup[],
  stuck: readonly StuckRollout[],
): Predictions {
  const own = unplaced.filter((each) => each.resource !== undefined);
  const rollouts = stuck.filter(
    (each) => each.resource !== undefined && each.unplaced.length > 0 && each.updated < each.desired,
  );
  const problems: Problem[] = [];
  const warn = (entry: CodeEntry, resource: string | undefined, message: string, hint?: string): void => {
    const standing = resource === undefined ? undefined : scene.actors.get(resource)?.standing;
    if (standing?.resource.options.silence.includes(entry.code) === true) return;
    problems.push(
      problem(entry, {
        severity: "warning",
        message,
        ...(hint === undefined ? {} : { hint }),
        ...(resource === undefined ? {} : { resource }),
        ...(standing ? { site: standing.resource.site } : {}),
      }),
    );
  };
  const refusals = firstRefusals(played);
  for (const { resource, pods, message, workload } of own) {
    const refusal = refusals.get(`${workload} ${message}`);
    const [oversize] = refusal ? oversizes(refusal, played.after, played.kubernetes) : [];
    warn(plannerCodes.BERTH3201, resource, `${podsText(pods)} without a node: ${message}`);
    if (!oversize) continue;
    const { resource: what, requested, largest, node } = oversize;
    const text = `a pod of ${workload} requests ${amountText(what, requested)} of ${what}, and the largest node, ${node}, gives ${amountText(what, largest)}`;
    warn(plannerCodes.BERTH3203, resource, text);
  }
  for (const { resource, workload, desired, updated, unplaced: waiting } of rollouts) {
    const text = `the rollout of ${workload} stops at ${updated} of ${desired} pods, waiting for ${podsText(waiting)}`;
    warn(plannerCodes.BERTH3202, resource, text);
  }
  return { failures: own.length + rollouts.length, problems };
}

function firstRefusals({ refusals, workloads }: Played): ReadonlyMap<string, Refusal> {
  const first = new Map<string, Refusal>();
  for (const refusal of refusals) {
    const key = `${workloadText(workloads.get(refKey(refusal.pod)) ?? refusal.pod)} ${refusal.message}`;
    if (!first.has(key)) first.set(key, refusal);
  }
  return first;
}

function podsText(pods: readonly string[]): string {
  const [first = "", ...others] = pods;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** `1500m` of cpu, `2Gi` of memory. */
function amountText(resource: string, amount: number): string {
  if (resource === "cpu") return `${amount}m`;
  if (resource !== "memory" && resource !== "ephemeral-storage") return String(amount);
  const mebibytes = amount / 2 ** 20;
  return Number.isInteger(mebibytes) ? `${mebibytes}Mi` : `${amount} bytes`;
}
