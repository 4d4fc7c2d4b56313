import type { ExplainedNode, Explanation } from "@berth/planner";
import {
  type Block,
  counted,
  type Item,
  paragraph,
  type Section,
  span,
  type Spans,
  type Table,
} from "../document.ts";
import { pluginTitle } from "../plugin-titles.ts";

/** So many nodes are shown; a cluster of thousands is in the JSON. */
const shownNodes = 40;

/** Nodes by plugins: what each plugin said of each node, what it comes to, and who won. */
export function nodeTable({ nodes, fate }: Explanation): Section | undefined {
  if (nodes.length === 0) return undefined;
  const plugins = pluginsOf(nodes);
  const able = nodes.filter((each) => each.feasible);
  const even = plugins.filter((plugin) => saysTheSame(nodes, able, plugin));
  const telling = plugins.filter((plugin) => !even.includes(plugin));
  const shown = mostTelling(nodes);
  const columns = [
    { title: "Node", align: "left" },
    { title: "Total", align: "right" },
    ...telling.map((plugin) => ({ title: pluginTitle(plugin), align: "right" }) as const),
  ] as const;
  const table: Table = {
    kind: "table",
    columns,
    rows: shown.map((node) => [
      [span(node.chosen ? "→ " : "  ", "create"), span(node.node, node.chosen ? "create" : "name")],
      [total(node, fate)],
      ...telling.map((plugin) => cell(node, plugin)),
    ]),
  };
  return {
    title: "Nodes",
    folded: false,
    digest: `${able.length} of ${counted(nodes.length, "node")} can take it`,
    blocks: [
      table,
      ...(shown.length < nodes.length
        ? [
            paragraph(
              span(`and ${counted(nodes.length - shown.length, "more node")}; --json has all`, "quiet"),
            ),
          ]
        : []),
      ...(telling.length > 0 ? [paragraph(span(telling.map(legend).join(", "), "quiet"))] : []),
      ...evenLines(able, even),
    ],
  };
}

/** Why nodes refused, those with the same reasons together. */
export function refusals({ nodes }: Explanation): Section | undefined {
  const groups = new Map<string, ExplainedNode[]>();
  for (const node of nodes) {
    if (node.feasible) continue;
    const reason = refusalText(node);
    groups.set(reason, [...(groups.get(reason) ?? []), node]);
  }
  if (groups.size === 0) return undefined;
  const items = [...groups].map(([reason, members]): Item => {
    const names = members.slice(0, 8).map((each) => each.node);
    const more = members.length > names.length ? ` and ${members.length - names.length} more` : "";
    return {
      spans: [span("✗ ", "danger"), span(reason)],
      children: [{ spans: [span(names.join(", ") + more, "name")] }],
    };
  });
  const refusing = [...groups.values()].reduce((sum, each) => sum + each.length, 0);
  return {
    title: "Refused by",
    folded: false,
    digest: counted(refusing, "node"),
    blocks: [{ kind: "listing", items }],
  };
}

export function refusalText({ filters }: ExplainedNode): string {
  const refusing = filters.filter((each) => each.verdict !== "passed");
  return refusing.map(({ plugin, reasons }) => `${plugin}: ${reasons.join(", ")}`).join("; ");
}

/** Nobody was refused by it, and it tells those that can take the pod no more apart. */
function saysTheSame(
  nodes: readonly ExplainedNode[],
  able: readonly ExplainedNode[],
  plugin: string,
): boolean {
  if (nodes.some((node) => cellText(node, plugin) === "✗")) return false;
  return new Set(able.map((node) => cellText(node, plugin))).size <= 1;
}

/** The chosen one, then those that could have been, best first; where the totals are equal, in the order of nodes. */
function mostTelling(nodes: readonly ExplainedNode[]): readonly ExplainedNode[] {
  if (nodes.length <= shownNodes) return nodes;
  const worth = (each: ExplainedNode): number =>
    each.chosen ? Number.POSITIVE_INFINITY : (each.scores?.total ?? Number.NEGATIVE_INFINITY);
  const byWorth = nodes.toSorted((a, b) => (worth(a) === worth(b) ? 0 : worth(b) - worth(a)));
  const kept = new Set(byWorth.slice(0, shownNodes));
  return nodes.filter((each) => kept.has(each));
}

/** In the order of filters, then of scores, each once. */
function pluginsOf(nodes: readonly ExplainedNode[]): readonly string[] {
  const plugins = new Set<string>();
  for (const { filters } of nodes) for (const { plugin } of filters) plugins.add(plugin);
  for (const { scores } of nodes)
    for (const plugin of Object.keys(scores?.plugins ?? {})) plugins.add(plugin);
  return [...plugins];
}

function total({ feasible, scores, chosen }: ExplainedNode, fate: Explanation["fate"]) {
  if (!feasible) return span("refused", "danger");
  const text = scores === undefined ? "fits" : String(scores.total);
  return span(text, chosen && fate !== "unplaced" ? "strong" : undefined);
}

function cell(node: ExplainedNode, plugin: string): Spans {
  const text = cellText(node, plugin);
  return [span(text, text === "✗" ? "danger" : text === "✓" ? "quiet" : undefined)];
}

/** A score, where it made one; else its verdict as a filter; nothing where it was not asked. */
function cellText({ filters, scores }: ExplainedNode, plugin: string): string {
  const verdict = filters.find((each) => each.plugin === plugin)?.verdict;
  if (verdict === "refused" || verdict === "left-out") return "✗";
  const score = scores?.plugins[plugin];
  return score === undefined ? (verdict === "passed" ? "✓" : "") : String(score);
}

function legend(plugin: string): string {
  const title = pluginTitle(plugin);
  return title === plugin ? title : `${title}: ${plugin}`;
}

/** What is the same on all nodes that can take the pod tells nothing of their order: named once, below. */
function evenLines(nodes: readonly ExplainedNode[], plugins: readonly string[]): readonly Block[] {
  const [first] = nodes;
  if (!first) return [];
  const said = plugins.map((plugin) => ({ plugin, text: cellText(first, plugin) }));
  const passed = said.filter(({ text }) => text === "✓").map(({ plugin }) => plugin);
  const scored = said.filter(({ text }) => /\d/.test(text)).map(({ plugin, text }) => `${plugin} ${text}`);
  return [
    ...(passed.length > 0 ? [paragraph(span(`Passed: ${passed.join(", ")}`, "quiet"))] : []),
    ...(scored.length > 0 ? [paragraph(span(`Equal scores: ${scored.join(", ")}`, "quiet"))] : []),
  ];
}
