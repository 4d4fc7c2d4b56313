import type { JsonObject } from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";

/**
 * What AKS refuses of a new Kubernetes version: going back. Of a cluster also skipping a minor version.
 *
 * @param before - recorded inputs
 * @param after - desired ones; what is not known is no text in them
 */
export function forbiddenVersions(
  before: JsonObject,
  after: JsonObject,
  { skips }: { readonly skips: boolean },
): readonly Problem[] {
  const [from, to] = [before["kubernetesVersion"], after["kubernetesVersion"]];
  if (typeof from !== "string" || typeof to !== "string") return [];
  const [old, wanted] = [numbersOf(from), numbersOf(to)];
  const refused = (message: string): readonly Problem[] => [
    problem(codes.BERTH5015, { message, path: "kubernetesVersion" }),
  ];
  if (isOlder(wanted, old)) return refused(`Kubernetes cannot go back from ${from} to ${to}`);
  const [[, minor = 0], [, next = 0]] = [old, wanted];
  if (!skips && next > minor + 1)
    return refused(`Kubernetes goes from ${from} to 1.${minor + 1} before it goes to ${to}`);
  return [];
}

/** A version without a patch is the newest of its minor, and older than none of them. */
function isOlder(one: readonly number[], other: readonly number[]): boolean {
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbersOf(version: string): readonly number[] {
  return version.split(".").map(Number);
}
