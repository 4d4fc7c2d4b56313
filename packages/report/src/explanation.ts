import type { Explanation } from "@berth/planner";
import { paragraph, type ReportDocument, type Section, span, type Spans } from "./document.ts";
import { nodeDetail } from "./sections/node-detail.ts";
import { nodeTable, refusals } from "./sections/node-table.ts";
import { problemItem } from "./sections/problems.ts";
import { renderDocument, type TextOptions } from "./text.ts";

/**
 * Why a pod is where it is, for a terminal or a log: a table of nodes and plugins, or one node in detail
 * where one was asked about.
 *
 * @example
 * process.stdout.write(renderExplanation(await stack.why("store-front#1")));
 */
export function renderExplanation(explanation: Explanation, options: TextOptions = {}): string {
  return renderDocument(explained(explanation), options);
}

function explained(explanation: Explanation): ReportDocument {
  const sections = [
    warnings(explanation),
    reason(explanation),
    ...(explanation.asked === undefined
      ? [nodeTable(explanation), refusals(explanation)]
      : [nodeDetail(explanation)]),
  ];
  return {
    title: headline(explanation),
    sections: sections.filter((section): section is Section => section !== undefined),
  };
}

function headline({ namespace, pod, clusterName, fate, node, from }: Explanation): Spans {
  const where = {
    new: `will run on ${node}`,
    moved: `moves from ${from} to ${node}`,
    stays: `stays on ${node}`,
    gone: node === undefined ? "goes" : `goes from ${node}`,
    unplaced: "finds no node",
  }[fate];
  const tone = fate === "unplaced" ? "danger" : "strong";
  return [
    span(`${namespace}/${pod}`, "name"),
    span(" "),
    span(where, tone),
    span(` in ${clusterName}`, "quiet"),
  ];
}

function reason({ why, certainty, best, node, unknown }: Explanation): Section {
  const others = (best ?? []).filter((each) => each !== node);
  const tie = others.length > 0 ? `; ${others.join(", ")} ${others.length === 1 ? "is" : "are"} as good` : "";
  const spans = [span(why), ...(certainty === undefined ? [] : [span(` (${certainty}${tie})`, "quiet")])];
  const doubts = unknown.map((what) =>
    paragraph(span(`Not played, because it is not known: ${what}`, "warning")),
  );
  return { title: "Why", folded: false, digest: why, blocks: [paragraph(...spans), ...doubts] };
}

function warnings({ problems }: Explanation): Section | undefined {
  if (problems.length === 0) return undefined;
  const items = problems.map(problemItem);
  return { title: "Warnings", folded: false, digest: "", blocks: [{ kind: "listing", items }] };
}
