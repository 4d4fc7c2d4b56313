import type { Measurement } from "../bench.ts";
import type { Spent } from "./spent.ts";

/** How many resources a second: by the clock, and by the time of the processor alone. */
export function speedMeasurements(
  name: string,
  count: number,
  { elapsed, processor }: Spent,
  target?: Measurement["target"],
): readonly Measurement[] {
  const unit = "resources/s";
  const promised = target && { target };
  return [
    { name, value: Math.round((1000 * count) / elapsed), unit, ...promised },
    { name: "  of processor time", value: Math.round((1000 * count) / processor), unit, ...promised },
  ];
}
