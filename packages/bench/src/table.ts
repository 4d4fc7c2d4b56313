import { isMet, type Measurement } from "./bench.ts";

/** Measurements as aligned lines: name, value and unit, what is to reach, and whether it is. */
export function formatTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map((each) => {
    const verdict = each.target === undefined ? "" : isMet(each) ? "reached" : "MISSED";
    return [each.name, formatNumber(each.value), each.unit, formatTarget(each.target), verdict] as const;
  });
  const width = (column: 0 | 1 | 2 | 3): number => Math.max(0, ...rows.map((row) => row[column].length));
  return rows
    .map(([name, value, unit, target, verdict]) =>
      [
        name.padEnd(width(0)),
        value.padStart(width(1)),
        unit.padEnd(width(2)),
        target.padEnd(width(3)),
        verdict,
      ]
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function formatTarget(target: Measurement["target"]): string {
  if (target === undefined) return "";
  return "atMost" in target
    ? `at most ${formatNumber(target.atMost)}`
    : `at least ${formatNumber(target.atLeast)}`;
}

/** Three significant digits below 100, whole numbers above. */
function formatNumber(value: number): string {
  const digits = Math.abs(value) < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 };
  return value.toLocaleString("en-US", digits);
}
