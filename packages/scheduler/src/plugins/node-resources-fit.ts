import type { ResourceFit } from "../decision.ts";
import type { PluginArgs } from "../configuration.ts";
import type { ResourceColumn } from "../cluster/columns.ts";
import type { FilterPlugin, ScorePlugin } from "../framework/plugin.ts";
import { type Status, unresolvable, unschedulable } from "../framework/status.ts";
import { allocationScore } from "./allocation-score.ts";

/** A verdict is a set of bits: the reasons, from the third bit on one for each requested resource. */
const tooManyPods = 1;
const neverFits = 2;
const firstResource = 4;
/** So many different resources can one pod request, which is as many as verdicts have bits for. */
export const resourceLimit = 24;

interface Wanted {
  readonly resource: string;
  readonly amount: number;
  readonly column: ResourceColumn;
}

/** What is requested must be free, and there must be room for one more pod. */
export function nodeResourcesFit(args: PluginArgs["NodeResourcesFit"]): FilterPlugin & ScorePlugin {
  const ignored = (resource: string) =>
    isExtended(resource) &&
    (args.ignoredResources.includes(resource) ||
      args.ignoredResourceGroups.includes(resource.split("/")[0]!));
  return {
    name: "NodeResourcesFit",
    preFilter(pods, cluster) {
      const wanted: Wanted[] = [...pods.requests.real]
        .filter(([resource, amount]) => amount > 0 && !ignored(resource))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([resource, amount]) => ({ resource, amount, column: cluster.columns.resource(resource) }));
      const { podCount, podLimit } = cluster.columns;
      return {
        kind: "filter",
        filter: {
          scope: "node",
          verdict(node) {
            let verdict = podCount[node]! + 1 > podLimit[node]! ? tooManyPods : 0;
            for (let i = 0; i < wanted.length; i++) {
              const { amount, column } = wanted[i]!;
              const capacity = column.allocatable[node]!;
              if (amount <= capacity - column.requested[node]!) continue;
              verdict |= (firstResource << i) | (amount > capacity ? neverFits : 0);
            }
            return verdict;
          },
          statusOf: (verdict) => statusOf(verdict, wanted),
          amounts: (node) => [
            fit("pods", 1, podCount[node]!, podLimit[node]!),
            ...wanted.map(({ resource, amount, column }) =>
              fit(resource, amount, column.requested[node]!, column.allocatable[node]!),
            ),
          ],
        },
      };
    },
    preScore: (pods, cluster) => allocationScore(pods, cluster, args.scoringStrategy),
  };
}

function statusOf(verdict: number, wanted: readonly Wanted[]): Status {
  const reasons = wanted
    .filter((_, i) => (verdict & (firstResource << i)) !== 0)
    .map(({ resource }) => `Insufficient ${resource}`);
  if ((verdict & tooManyPods) !== 0) reasons.unshift("Too many pods");
  return (verdict & neverFits) === 0 ? unschedulable(...reasons) : unresolvable(...reasons);
}

/** Resources with a domain that is not Kubernetes' own. */
function isExtended(resource: string): boolean {
  return resource.includes("/") && !resource.includes("kubernetes.io/");
}

function fit(resource: string, requested: number, used: number, capacity: number): ResourceFit {
  return { resource, requested, used, capacity, shortBy: Math.max(0, requested + used - capacity) };
}
