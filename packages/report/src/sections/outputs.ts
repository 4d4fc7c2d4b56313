import type { OutputChange, Plan } from "@berth/planner";
import { signOf } from "../action.ts";
import { counted, type Item, type Section, span } from "../document.ts";
import { formatValue } from "../value.ts";

/** Stack outputs that change. */
export function outputs(plan: Plan): Section | undefined {
  const changed = plan.outputs.filter((output) => output.action !== "no-op");
  if (changed.length === 0) return undefined;
  return {
    title: "Outputs",
    folded: true,
    digest: `${counted(changed.length, "output")} to change`,
    blocks: [{ kind: "listing", items: changed.map(item) }],
  };
}

function item(output: OutputChange): Item {
  const before = output.action === "update" ? [span(formatValue(output.before), "delete"), span(" → ")] : [];
  const after = output.action === "delete" ? formatValue(output.before) : formatValue(output.after);
  return {
    spans: [signOf(output.action), span(" "), span(output.name, "name"), span(": "), ...before, span(after)],
  };
}
