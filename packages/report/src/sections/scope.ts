import type { Plan, Summary } from "@berth/planner";
import { counted, paragraph, type Section, type Span, span } from "../document.ts";

/** Of a plan of a part of the stack: how much was looked at, and what said so. */
export function scope({ scope: part, summary }: Plan): Section | undefined {
  if (!part || part.outside === 0) return undefined;
  const looked = plannedResources(summary);
  const all = counted(looked + part.outside, "resource");
  const digest =
    looked === 0
      ? `none of ${all} was planned`
      : `only ${looked} of ${all} ${looked === 1 ? "was" : "were"} planned`;
  const options = [
    ...part.targets.map((each) => `--target ${each}`),
    ...part.excludes.map((each) => `--exclude ${each}`),
    ...part.replaces.map((each) => `--replace ${each}`),
  ];
  const line: readonly Span[] = [
    span(digest, "warning"),
    span(`: ${options.join(" ")}; everything else stays as it is recorded`, "quiet"),
  ];
  return { title: "Scope", folded: false, digest, blocks: [paragraph(...line)] };
}

function plannedResources(summary: Summary): number {
  const { create, update, replace, unchanged, import: imported = 0, move = 0, forget = 0 } = summary;
  return create + update + replace + summary.delete + unchanged + imported + move + forget;
}
