/**
 * A Kubernetes "int or percentage" of a total: `2` is 2, `"25%"` of 10 is 2.5, rounded as the field's
 * rule says. What is neither counts as 0, as the API refuses it before.
 */
export function scaledAmount(
  value: number | string | undefined,
  total: number,
  round: "up" | "down",
): number {
  if (typeof value === "number") return Number.isFinite(value) ? Math.max(0, Math.trunc(value)) : 0;
  const percent = /^(\d+)%$/.exec(value ?? "")?.[1];
  if (percent === undefined) return 0;
  const exact = (Number(percent) * total) / 100;
  return round === "up" ? Math.ceil(exact) : Math.floor(exact);
}
