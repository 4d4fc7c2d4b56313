import type { ClusterPlan } from "@berth/planner";
import { formatAmount, formatMoneyChange } from "../amounts.ts";

type Remedy = NonNullable<ClusterPlan["unplaced"][number]["remedy"]>;

/** What would place pods, in words: `fits with 1 more node of pool user (+$167.90 a month)`. */
export function remedyText(remedy: Remedy, pods: number): string {
  switch (remedy.kind) {
    case "more-nodes":
      return `${whoFits(remedy.pods, pods)} with ${growth(remedy.nodes, remedy.pool)}${price(remedy.monthly)}`;
    case "smaller-request": {
      const less = remedy.less.map(
        ({ resource, amount }) => `${formatAmount(resource, amount)} less ${resource}`,
      );
      const where =
        remedy.pool === undefined
          ? `on ${remedy.node}`
          : `with ${growth(1, remedy.pool)}${price(remedy.monthly)}`;
      const asked = `${pods > 1 ? "each needs" : "needs"} ${less.join(" and ")}`;
      return remedy.pods < pods
        ? `${asked}; then ${whoFits(remedy.pods, pods)} ${where}`
        : `${asked} to fit ${where}`;
    }
    case "refused":
      return remedy.reasons.length === 0
        ? "there is no node and no pool"
        : `no number of nodes helps: ${remedy.reasons.join("; ")}`;
  }
}

function whoFits(fitting: number, pods: number): string {
  if (pods === 1) return "fits";
  return fitting === pods ? "all fit" : `${fitting} of ${pods} fit`;
}

function growth(nodes: number, pool: string): string {
  return `${nodes} more ${nodes === 1 ? "node" : "nodes"} of pool ${pool}`;
}

function price(monthly: number | undefined): string {
  return monthly === undefined ? "" : ` (${formatMoneyChange(monthly)} a month)`;
}
