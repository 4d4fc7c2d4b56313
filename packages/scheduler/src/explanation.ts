import { podKeyOf } from "./cluster/cluster.ts";
import type { NodeScores, ResourceFit } from "./decision.ts";
import type { SchedulerCore } from "./framework/core.ts";
import type { PluginName } from "./framework/plugin-name.ts";
import type { Pod } from "@berth/objects";

/** One node as a pod sees it: each filter's verdict up to the first refusal, and scores where it is feasible. */
export interface NodeExplanation {
  readonly node: string;
  readonly feasible: boolean;
  /** In the order of filters, without those that had nothing to say. Those after a refusal were never asked. */
  readonly filters: readonly FilterVerdict[];
  /** Absent where the node is not feasible. Of a single feasible node kube-scheduler makes none: these say what they would be. */
  readonly scores?: NodeScores;
  /** What the pod requests against what the node has; empty where no filter asked for amounts. */
  readonly amounts: readonly ResourceFit[];
  /** Whether no other node's total is higher. */
  readonly best: boolean;
}

export type FilterVerdict =
  | { readonly plugin: PluginName; readonly verdict: "passed" }
  | {
      readonly plugin: PluginName;
      readonly verdict: "refused";
      readonly code: "Unschedulable" | "UnschedulableAndUnresolvable";
      readonly reasons: readonly string[];
      readonly shortages: readonly ResourceFit[];
    }
  /** The node was not looked at, because these plugins left only others. */
  | { readonly plugin: PluginName; readonly verdict: "left-out"; readonly reasons: readonly string[] };

/** The table of all nodes for a pod, made from the verdicts and scores that decide. */
export function explainNodes(core: SchedulerCore, pod: Pod): readonly NodeExplanation[] {
  const view = core.view(pod);
  const { filters } = view;
  if (filters.refusal === undefined) core.cycle.filter(view, podKeyOf(pod));
  const feasible = new Set(
    filters.refusal === undefined ? core.cycle.feasible.subarray(0, core.cycle.feasibleCount) : [],
  );
  const best = new Set(feasible.size === 0 ? [] : core.best(pod));
  const scores = feasible.size === 0 ? undefined : core.scores(pod);
  const shortages = new Map(core.refusals(pod).map((each) => [each.node, each.shortages]));
  return core.verdicts(view).map(({ node, status, judgement }) => {
    const { name } = core.cluster.nodes[node]!;
    const plugins = filters.filters.map(({ plugin }) => plugin);
    const own = scores?.get(name);
    const amounts = filters.filters.flatMap(({ filter }) => filter.amounts?.(node) ?? []);
    if (feasible.has(node)) {
      return {
        node: name,
        feasible: true,
        filters: plugins.map(passed),
        amounts,
        ...(own && { scores: own }),
        best: best.has(name),
      };
    }
    const { code, reasons, plugin } = status;
    if (judgement === 0 && plugin === undefined) {
      const leftOut = filters.narrowedBy.map((by) => ({ plugin: by, verdict: "left-out" as const, reasons }));
      return { node: name, feasible: false, filters: leftOut, amounts, best: false };
    }
    const refused = plugin!;
    const before = judgement === 0 ? [] : plugins.slice(0, plugins.indexOf(refused));
    const refusal = {
      plugin: refused,
      verdict: "refused" as const,
      code,
      reasons,
      shortages: shortages.get(name) ?? [],
    };
    const asked = [...before.map(passed), refusal];
    return { node: name, feasible: false, filters: asked, amounts, best: false };
  });
}

function passed(plugin: PluginName): FilterVerdict {
  return { plugin, verdict: "passed" };
}
