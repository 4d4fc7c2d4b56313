import { type FilterPlugin, type ScorePlugin, skip } from "../framework/plugin.ts";
import { constraintsOf, type DefaultConstraints } from "./spread-constraint.ts";
import { SpreadFilter } from "./spread-filter.ts";
import { SpreadScorer } from "./spread-scorer.ts";

/** Keeps matching pods even over zones, nodes or any other label: DoNotSchedule filters, ScheduleAnyway scores. */
export function podTopologySpread(defaults: DefaultConstraints): FilterPlugin & ScorePlugin {
  return {
    name: "PodTopologySpread",
    preFilter(pods, cluster) {
      const { constraints } = constraintsOf(pods, cluster, "DoNotSchedule", defaults);
      return constraints.length === 0
        ? skip
        : { kind: "filter", filter: new SpreadFilter(constraints, pods.labels) };
    },
    preScore(pods, cluster) {
      const { constraints, needsAllKeys } = constraintsOf(pods, cluster, "ScheduleAnyway", defaults);
      return constraints.length === 0 ? undefined : new SpreadScorer(constraints, needsAllKeys);
    },
  };
}
