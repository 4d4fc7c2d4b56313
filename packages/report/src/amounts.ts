const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];

/** An amount of a resource as people write it: millicores as `250m` or `1.9`, bytes as `13.7Gi`. */
export function formatAmount(resource: string, amount: number): string {
  if (resource === "cpu") return amount < 1000 ? `${amount}m` : trimmed(amount / 1000, 2);
  if (resource === "memory" || resource === "ephemeral-storage" || resource.startsWith("hugepages-"))
    return formatBytes(amount);
  return String(amount);
}

function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < binary.length - 1) {
    value /= 1024;
    unit++;
  }
  return trimmed(value, value < 10 ? 2 : value < 100 ? 1 : 0) + binary[unit]!;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** `$1,234.50`; thousands are grouped the same way on every machine. */
export function formatMoney(usd: number): string {
  const [whole, cents] = Math.abs(usd).toFixed(2).split(".") as [string, string];
  return `${usd < 0 ? "-" : ""}$${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

/** `+$70.08`, `-$70.08`. */
export function formatMoneyChange(usd: number): string {
  return `${usd < 0 ? "-" : "+"}${formatMoney(Math.abs(usd))}`;
}

/** Share of a whole in per cent, rounded up while anything is used, so that 0 % means nothing. */
export function percent(part: number, whole: number): number {
  if (whole <= 0) return part > 0 ? 100 : 0;
  return Math.ceil((100 * part) / whole);
}

/** A bar of ten cells, one for each started tenth: `██░░░░░░░░`. More than the whole fills all of it. */
export function bar(part: number, whole: number): string {
  const cells = Math.min(10, Math.ceil(percent(part, whole) / 10));
  return "█".repeat(cells) + "░".repeat(10 - cells);
}
