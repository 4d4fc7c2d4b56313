import type { ClusterPlan, NodeUse, PlacementGroup, Plan, ResourceUse } from "@berth/planner";
import { bar, formatAmount, percent } from "../amounts.ts";
import {
  counted,
  type Item,
  type Listing,
  paragraph,
  type Section,
  type Span,
  span,
  type Spans,
} from "../document.ts";
import { remedyText } from "./remedy.ts";

const origin = {
  live: "observed live",
  saved: "from the saved snapshot",
  synthesised: "a cluster to be created",
} as const;

/** Each cluster's nodes with what will run on them, and why it will run there. */
export function placement(plan: Plan): readonly Section[] {
  return plan.clusters
    .filter((cluster) => cluster.nodes.length + cluster.unplaced.length > 0)
    .map((cluster) => ({
      title: `Placement in ${cluster.name}`,
      folded: false,
      digest: `${counted(cluster.nodes.length, "node")}, ${counted(podCount(cluster), "pod")}`,
      blocks: [
        paragraph(span(setting(cluster), "quiet")),
        ...cluster.unknown.map((what) =>
          paragraph(span(`Not played, because it is not known: ${what}`, "warning")),
        ),
        { kind: "listing", items: cluster.nodes.map((node) => nodeItem(node, cluster.placement)) },
        ...listing([...cluster.unplaced.map(unplacedItem), ...cluster.stuck.map(stuckItem)]),
      ],
    }));
}

function setting({ kubernetes, flavour, observed, change }: ClusterPlan): string {
  const version =
    kubernetes === undefined ? "Kubernetes of a version not known yet" : `Kubernetes ${kubernetes}`;
  const fate = change === "gone" ? ", and goes" : change === "replaced" ? ", and is replaced" : "";
  return `${version}, ${flavour === "aks" ? "AKS" : "upstream"} scheduler defaults, ${origin[observed]}${fate}`;
}

function listing(items: readonly Item[]): readonly Listing[] {
  return items.length > 0 ? [{ kind: "listing", items }] : [];
}

function stuckItem(rollout: ClusterPlan["stuck"][number]): Item {
  const { workload, desired, updated, ready, unplaced } = rollout;
  const waiting = unplaced.length > 0 ? `; ${unplaced.join(", ")} without a node` : "";
  const state = `${updated} of ${desired} updated, ${ready} ready${waiting}`;
  return {
    spans: [span("! ", "danger"), span(workload, "danger"), span(`  the rollout gets stuck: ${state}`)],
  };
}

function podCount(cluster: ClusterPlan): number {
  return cluster.nodes.reduce((sum, node) => sum + node.pods.after, 0);
}

function nodeItem(node: NodeUse, groups: readonly PlacementGroup[]): Item {
  const here = groups.filter((group) => group.node === node.name);
  const own = here.filter((group) => !group.system);
  const system = here.filter((group) => group.system);
  const line: Span[] = [
    span(node.change === "new" ? "+ " : node.change === "gone" ? "- " : "  ", nodeTone(node)),
    span(node.name, node.change === "stays" ? "strong" : nodeTone(node)),
    span(`  ${node.shape}${node.zone ? `  ${node.zone}` : ""}`, "quiet"),
  ];
  return {
    spans: line,
    children: [
      ...(node.change === "gone" ? [] : [{ spans: useLine(node) }]),
      ...own.flatMap(groupItem),
      ...systemLine(system),
    ],
  };
}

function nodeTone(node: NodeUse): "create" | "delete" | "name" {
  return node.change === "new" ? "create" : node.change === "gone" ? "delete" : "name";
}

function useLine(node: NodeUse): Spans {
  const shown = node.resources.filter(
    (use) => ["cpu", "memory"].includes(use.resource) || use.resource === node.limiting,
  );
  return [
    ...shown.flatMap((use) => [...useSpans(use, use.resource === node.limiting), span("  ")]),
    span(`pods ${change(node.pods.before, node.pods.after)}`),
    span(`  limiting: ${node.limiting}`, "quiet"),
  ];
}

function useSpans(use: ResourceUse, limiting: boolean): Spans {
  const share = percent(use.requested, use.allocatable);
  const tone = share > 90 ? "danger" : share > 75 ? "warning" : limiting ? "strong" : "quiet";
  return [
    span(`${use.resource} `),
    span(bar(use.requested, use.allocatable), tone),
    span(
      ` ${formatAmount(use.resource, use.requested)}/${formatAmount(use.resource, use.allocatable)}`,
      tone,
    ),
  ];
}

function change(before: number, after: number): string {
  return before === after ? String(after) : `${before} → ${after}`;
}

const fates = {
  stays: [" ", "quiet"],
  new: ["+", "create"],
  moved: [">", "update"],
  gone: ["-", "delete"],
} as const;

function groupItem(group: PlacementGroup): Item[] {
  const [sign, tone] = fates[group.change];
  const line: Span[] = [span(`${sign} `, tone), span(group.pods.join(", "), tone)];
  if (group.change === "stays") line.push(span("  stays", "quiet"));
  if (group.from) line.push(span(`  from ${group.from}`, "quiet"));
  if (group.why) line.push(span(`  ${group.why}`, "quiet"));
  if (group.certainty)
    line.push(span(`  ${certainty(group)}`, group.certainty === "tied" ? "warning" : "quiet"));
  return [{ spans: line }];
}

function certainty(group: PlacementGroup): string {
  if (group.certainty !== "tied") return group.certainty ?? "";
  if (!group.best) return `tied with ${counted((group.tied ?? 1) - 1, "other node")}`;
  const others = group.best.filter((name) => name !== group.node);
  const shown = others.slice(0, 3).join(", ");
  return `tied with ${shown}${others.length > 3 ? ` and ${others.length - 3} more` : ""}`;
}

/** The cluster's own pods on a node in a line: how many, and some of their names. */
function systemLine(groups: readonly PlacementGroup[]): readonly Item[] {
  const here = groups.filter((group) => group.change !== "gone");
  const pods = here.reduce((sum, group) => sum + group.pods.length, 0);
  if (pods === 0) return [];
  const names = [...new Set(here.map((group) => group.workload.split("/").at(-1) ?? group.workload))].sort();
  const shown = names.length > 3 ? [...names.slice(0, 3), "…"] : names;
  return [{ spans: [span(`  ${counted(pods, "system pod")}: ${shown.join(", ")}`, "quiet")] }];
}

function unplacedItem(group: ClusterPlan["unplaced"][number]): Item {
  const { pods, message, remedy, nodes } = group;
  return {
    spans: [
      span("! ", "danger"),
      span(pods.join(", "), "danger"),
      span(`  no node: ${message}`),
      ...(remedy ? [span(` → ${remedyText(remedy, pods.length)}`, "strong")] : []),
    ],
    children: nodes.map((node) => ({
      spans: [span(`${node.node}: ${node.reasons.join(", ")}`, "quiet"), span(` (${node.plugin})`, "quiet")],
    })),
  };
}
