import type { Pod } from "@berth/objects";
import { classKeyOf } from "./cluster/pod-class.ts";
import { PlacedDecision } from "./decided.ts";
import type { Decision } from "./decision.ts";
import type { SchedulerCore } from "./framework/core.ts";
import { byPriority } from "./queue.ts";

/** Other orders in which the same pods could have come: backwards first, then shuffled, always the same way. */
export function* otherOrders(pods: readonly Pod[], count: number): Generator<readonly Pod[]> {
  if (count > 0) yield pods.toReversed();
  let state = 1;
  const below = (limit: number) => {
    // Numerical Recipes' generator: enough for shuffling, and the same on every machine.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let made = 1; made < count; made++) {
    const shuffled = [...pods];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const at = below(last + 1);
      [shuffled[last], shuffled[at]] = [shuffled[at]!, shuffled[last]!];
    }
    yield shuffled;
  }
}

/**
 * Schedules the same pods in another order on a cluster of their own, and marks the placements that
 * do not hold there. Pods of one class are interchangeable: the first of them in one order is held
 * against the first in the other.
 */
export function markOrderSensitive(
  scheduled: readonly { readonly pod: Pod; readonly decision: Decision }[],
  core: SchedulerCore,
  order: readonly Pod[],
): void {
  const nodes = new Map<string, (string | undefined)[]>();
  for (const pod of byPriority(order)) {
    const key = classKeyOf(pod, false);
    const known = nodes.get(key) ?? [];
    known.push(scheduleOn(core, pod));
    nodes.set(key, known);
  }
  for (const { pod, decision } of scheduled) {
    const node = nodes.get(classKeyOf(pod, false))?.shift();
    if (!(decision instanceof PlacedDecision) || (node !== undefined && decision.best.includes(node)))
      continue;
    decision.becomeOrderSensitive();
  }
}

function scheduleOn(core: SchedulerCore, pod: Pod): string | undefined {
  const outcome = core.decide(pod);
  if (outcome.kind !== "fits" && outcome.kind !== "preempts") return undefined;
  if (outcome.kind === "preempts") {
    for (const { key } of outcome.candidate.victims) core.apply({ kind: "remove", pod: key });
  }
  const index = outcome.kind === "fits" ? outcome.node : outcome.candidate.node;
  const node = core.cluster.nodes[index]!.name;
  core.apply({ kind: "place", pod, node });
  return node;
}
