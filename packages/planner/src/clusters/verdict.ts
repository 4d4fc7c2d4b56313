import type { ObjectRef } from "@berth/objects";
import type { Placed } from "@berth/scheduler";
import type { PlacementGroup } from "../plan.ts";

/** Why a pod goes where it goes, as the verdict that decided says it. */
export type Verdict = Required<Pick<PlacementGroup, "why" | "certainty">> &
  Pick<PlacementGroup, "tied" | "best">;

/** More nodes that are as good are counted only: in an empty pool, all of them are. */
const namedEquals = 8;

/**
 * Reads a decision. The equals of a tie are found when they are asked for; in the order of decisions
 * this costs one replay of the simulation, so it is done as they come.
 *
 * @param nodes how many nodes the cluster had
 */
export function verdictOf(decision: Placed, workload: ObjectRef | undefined, nodes: number): Verdict {
  const { certainty, feasible, tied, total, runnerUp } = decision;
  if (workload?.kind === "DaemonSet")
    return { certainty, why: "one on each node that its daemon set may use" };
  if (feasible === 1) return { certainty, why: `the only one of ${nodes} nodes that can take it` };
  const among = feasible === nodes ? `${nodes} nodes` : `${feasible} of ${nodes} nodes that can take it`;
  if (tied > 1) {
    const why = `first of ${tied} equals at ${total}, among ${among}`;
    return { certainty, why, tied, ...(tied <= namedEquals ? { best: decision.best } : {}) };
  }
  return { certainty, why: `best of ${among}: ${total} against ${runnerUp}` };
}
