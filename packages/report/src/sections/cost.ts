import type { CostItem, Plan } from "@berth/planner";
import { formatMoney, formatMoneyChange } from "../amounts.ts";
import { paragraph, type Section, type Span, span, type Spans } from "../document.ts";
import { shortUrn } from "./problems.ts";

/** What the nodes cost a month, before → after, with the sources of the prices. */
export function cost(plan: Plan): Section | undefined {
  const { items, unpriced, sources, after, before } = plan.cost;
  if (items.length + unpriced.length === 0) return undefined;
  const notes: Span[] = [];
  if (unpriced.length > 0) notes.push(span(`Not priced: ${unpriced.join("; ")}. `, "warning"));
  if (sources.length > 0) notes.push(span(`730 hours a month. Prices: ${sources.join("; ")}`, "quiet"));
  return {
    title: "Monthly cost",
    folded: true,
    digest: after === undefined ? "not known" : formatMoney(after),
    blocks: [
      {
        kind: "table",
        columns: [
          { title: "Resource", align: "left" },
          { title: "What", align: "left" },
          { title: "Before", align: "right" },
          { title: "After", align: "right" },
          { title: "Change", align: "right" },
        ],
        rows: [...items.map(row), total(before, after)],
      },
      ...(notes.length > 0 ? [paragraph(...notes)] : []),
    ],
  };
}

function row(item: CostItem): Spans[] {
  return [[span(shortUrn(item.urn), "name")], [span(item.what)], ...amounts(item.before, item.after)];
}

function total(before: number | undefined, after: number | undefined): Spans[] {
  return [[span("Total", "strong")], [], ...amounts(before, after)];
}

function amounts(before: number | undefined, after: number | undefined): Spans[] {
  const change = (after ?? 0) - (before ?? 0);
  const tone = change > 0 ? "update" : change < 0 ? "create" : "quiet";
  return [
    [span(before === undefined ? "" : formatMoney(before), "quiet")],
    [span(after === undefined ? "" : formatMoney(after))],
    [span(Math.abs(change) < 0.005 ? "" : formatMoneyChange(change), tone)],
  ];
}
