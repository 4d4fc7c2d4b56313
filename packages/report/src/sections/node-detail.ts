import type { ExplainedNode, Explanation, ResourceShortage } from "@berth/planner";
import { formatAmount } from "../amounts.ts";
import { type Block, type Item, paragraph, type Section, span, type Spans, type Table } from "../document.ts";

/** One node: every plugin's verdict, the arithmetic of requests, and its scores beside those of the one to hold it against. */
export function nodeDetail({ asked, nodes, fate }: Explanation): Section | undefined {
  if (asked === undefined || fate === "stays" || fate === "gone") return undefined;
  const node = nodes.find((each) => each.node === asked);
  if (!node) {
    const text = "it was not there when the pod was decided";
    return { title: asked, folded: false, digest: text, blocks: [paragraph(span(text))] };
  }
  const other = nodes.find((each) => each !== node && each.feasible);
  const blocks: Block[] = [{ kind: "listing", items: node.filters.map(filterItem) }];
  if (node.amounts.length > 0) blocks.push(arithmetic(node.amounts));
  if (node.scores) blocks.push(scores(node, other));
  return {
    title: node.zone === undefined ? asked : `${asked} in ${node.zone}`,
    folded: false,
    digest: node.feasible ? "can take it" : "refuses it",
    blocks,
  };
}

function filterItem({ plugin, verdict, reasons, resolvable }: ExplainedNode["filters"][number]): Item {
  if (verdict === "passed") return { spans: [span("✓ ", "create"), span(plugin, "quiet")] };
  const spans = [span("✗ ", "danger"), span(plugin), span(`  ${reasons.join(", ")}`, "danger")];
  const hint = "no pod that goes would change that";
  return resolvable === false ? { spans, children: [{ spans: [span(hint, "quiet")] }] } : { spans };
}

function arithmetic(amounts: readonly ResourceShortage[]): Table {
  const right = (title: string) => ({ title, align: "right" }) as const;
  return {
    kind: "table",
    columns: [
      { title: "Resource", align: "left" },
      right("Requested"),
      right("Used"),
      right("Capacity"),
      right("Left"),
    ],
    rows: amounts.map(({ resource, requested, used, capacity, shortBy }): Spans[] => {
      const left = capacity - used - requested;
      return [
        [span(resource)],
        [span(formatAmount(resource, requested))],
        [span(formatAmount(resource, used))],
        [span(formatAmount(resource, capacity))],
        [
          shortBy > 0
            ? span(`short by ${formatAmount(resource, shortBy)}`, "danger")
            : span(formatAmount(resource, left), "quiet"),
        ],
      ];
    }),
  };
}

function scores(node: ExplainedNode, other: ExplainedNode | undefined): Table {
  const pair = other ? [node, other] : [node];
  const plugins = Object.keys(node.scores?.plugins ?? {});
  const columns = [
    { title: "Score of", align: "left" },
    ...pair.map((each) => ({ title: each.chosen ? `→ ${each.node}` : each.node, align: "right" }) as const),
  ] as const;
  const row = (title: string, of: (each: ExplainedNode) => number | undefined): Spans[] => [
    [span(title, title === "Total" ? "strong" : undefined)],
    ...pair.map((each) => [span(String(of(each) ?? ""), title === "Total" ? "strong" : undefined)]),
  ];
  return {
    kind: "table",
    columns,
    rows: [
      ...plugins.map((plugin) => row(plugin, (each) => each.scores?.plugins[plugin])),
      row("Total", (each) => each.scores?.total),
    ],
  };
}
