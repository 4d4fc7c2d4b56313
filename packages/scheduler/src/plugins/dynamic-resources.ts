import type { ScorePlugin } from "../framework/plugin.ts";

/** Resource claims are not modelled: pods that have none get 0 on every node, as in a real cluster. */
export const dynamicResources: ScorePlugin = {
  name: "DynamicResources",
  preScore: () => ({ scope: "node", uniform: true, score: (_nodes, count, out) => out.fill(0, 0, count) }),
};
