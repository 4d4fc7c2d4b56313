import type { Placed } from "@berth/scheduler";
import type { PlacementGroup } from "../plan.ts";

/** Why a pod goes where it goes, as the scheduler's verdict says it. */
export type Verdict = Required<Pick<PlacementGroup, "why" | "certainty">> & Pick<PlacementGroup, "best">;

/**
 * Reads a decision. Scores are made when they are asked for, and in the order of decisions this costs
 * one replay of the simulation, so it is done as they come.
 *
 * @param nodes how many nodes the cluster had
 */
export function verdictOf(decision: Placed, nodes: number): Verdict {
  const { certainty, feasible } = decision;
  if (feasible === 1)
    return {
      certainty,
      why: nodes === 1 ? "the only node" : `the only one of ${nodes} nodes that can take it`,
    };
  const best = decision.best;
  const top = decision.scores.get(decision.node)?.total ?? 0;
  if (best.length > 1) {
    const others =
      best.length === feasible
        ? `all ${feasible} nodes that can take it`
        : `${best.length} of ${feasible} nodes that can take it`;
    return { certainty, best, why: `first of ${others}, equal at ${top}` };
  }
  let next = Number.NEGATIVE_INFINITY;
  for (const [node, { total }] of decision.scores) if (node !== decision.node && total > next) next = total;
  return { certainty, why: `best of ${feasible} nodes: ${top} against ${next}` };
}
