import type { Plan } from "./plan.ts";

/** A plan as text: the same bytes for the same plan, one member a line where it is worth one. Ends with a line break. */
export function serializePlan(plan: Plan): string {
  return `${JSON.stringify(plan, undefined, 1)}\n`;
}
