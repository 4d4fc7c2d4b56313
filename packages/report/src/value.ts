import type { Plan } from "@berth/planner";

type Json = Plan["outputs"][number]["after"];

/** A value of the Plan in one line: unknowns say whom they wait for, secrets say only that. */
export function formatValue(value: Json): string {
  if (value === undefined) return "(none)";
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value !== "object") return String(value);
  if ("$berth" in value) {
    if (value.$berth === "secret") return "[secret]";
    const producers = Array.isArray(value.producers) ? value.producers.join(", ") : "";
    const type = typeof value.type === "string" ? `${value.type} ` : "";
    return `(${type}known after ${producers || "apply"})`;
  }
  const text = JSON.stringify(value, (_, part: unknown) =>
    isMarker(part) ? formatValue(part as Json) : part,
  );
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}

function isMarker(value: unknown): boolean {
  return typeof value === "object" && value !== null && "$berth" in value;
}
