import type { Plan } from "@berth/planner";
import { formatMoney, formatMoneyChange } from "../amounts.ts";
import { driftCounts } from "./drift.ts";
import { counted, type Span, span, type Spans } from "../document.ts";

/** The verdict in one sentence: what changes, where pods go, what it costs. */
export function headline(plan: Plan): Spans {
  const parts = [found(plan), changes(plan), pods(plan), money(plan)].filter((part) => part.length > 0);
  const title = [
    span(`${plan.project}/${plan.stack}`, "strong"),
    span(plan.operation === "up" ? ": " : ` (${plan.operation}): `),
  ];
  return parts.reduce<Span[]>((line, part, i) => [...line, ...(i > 0 ? [span(" · ")] : []), ...part], title);
}

/** Where resources were read: what others changed. */
function found(plan: Plan): Spans {
  if (!plan.drift) return [];
  const counts = driftCounts(plan);
  if (counts !== "") return [span(`outside of berth: ${counts}`, "warning")];
  return plan.operation === "refresh" ? [span("as recorded", "strong")] : [];
}

function changes({ operation, summary }: Plan): Spans {
  if (operation === "refresh") return [];
  const counts: Span[] = [];
  if (summary.create > 0) counts.push(span(`${summary.create} to create`, "create"));
  if (summary.replace > 0) counts.push(span(`${summary.replace} to replace`, "replace"));
  if (summary.update > 0) counts.push(span(`${summary.update} to update`, "update"));
  if (summary.delete > 0) counts.push(span(`${summary.delete} to delete`, "delete"));
  if (summary.forget) counts.push(span(`${summary.forget} to forget`, "delete"));
  if (summary.move) counts.push(span(`${summary.move} to move`, "update"));
  if (counts.length === 0) counts.push(span("no changes", "strong"));
  if (summary.unchanged > 0) counts.push(span(`${summary.unchanged} unchanged`, "quiet"));
  return counts.flatMap((count, i) => (i > 0 ? [span(", "), count] : [count]));
}

function pods({ summary }: Plan): Spans {
  const { unplaced, moved, gone, staying } = summary.pods;
  const added = summary.pods.new;
  if (added + moved + gone + unplaced === 0) return [];
  const words: string[] = [];
  if (added > 0) words.push(`${added} new`);
  if (moved > 0) words.push(`${moved} moved`);
  if (gone > 0) words.push(`${gone} gone`);
  if (staying > 0) words.push(`${staying} staying`);
  const line: Span[] = words.length > 0 ? [span(`pods: ${words.join(", ")}`)] : [];
  if (unplaced > 0)
    line.push(span(`${line.length > 0 ? ", " : ""}${counted(unplaced, "pod")} without a node`, "danger"));
  return line;
}

function money({ cost }: Plan): Spans {
  if (cost.after === undefined) return [];
  const change = cost.after - (cost.before ?? 0);
  if (Math.abs(change) < 0.005) return [];
  return [span(`${formatMoneyChange(change)} a month`), span(` (${formatMoney(cost.after)})`, "quiet")];
}
