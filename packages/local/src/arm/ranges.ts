import { type AddressRange, parseRange, rangeProblems } from "@berth/machines";
import { ArmRefusal } from "./refusal.ts";

/** An address prefix of a network or subnet, as Azure's network provider reads it. */
export function readRange(prefix: string, resource: string): AddressRange {
  const range = parseRange(prefix);
  if (range) return range;
  const meant = rangeProblems(prefix, "")[0]?.hint;
  if (meant === undefined) {
    const message = `Address prefix ${prefix} of resource ${resource} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`;
    throw new ArmRefusal(400, "InvalidAddressPrefixFormat", message);
  }
  const message = `The address prefix ${prefix} in resource ${resource} has an invalid CIDR notation: ${meant}`;
  throw new ArmRefusal(400, "InvalidCIDRNotation", message);
}
