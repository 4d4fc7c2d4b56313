import type { Plan } from "@berth/planner";
import { type ReportDocument, type Section, span } from "./document.ts";
import { changes } from "./sections/changes.ts";
import { cost } from "./sections/cost.ts";
import { drift } from "./sections/drift.ts";
import { headline } from "./sections/headline.ts";
import { outputs } from "./sections/outputs.ts";
import { policies } from "./sections/policies.ts";
import { placement } from "./sections/placement.ts";
import { problems } from "./sections/problems.ts";
import { scope } from "./sections/scope.ts";
import { services } from "./sections/services.ts";

/** The whole report of a plan, in the order in which a reviewer asks: is it safe, what, where, wired how, at what cost. */
export function compose(plan: Plan): ReportDocument {
  const standing = [...placement(plan), ...services(plan), ...present(cost(plan))];
  const shown = nothingHappens(plan) ? present(digest(standing)) : standing;
  const sections = [
    ...present(scope(plan)),
    ...present(problems(plan)),
    ...present(drift(plan)),
    ...present(policies(plan)),
    ...present(changes(plan)),
    ...shown,
    ...present(outputs(plan)),
  ];
  return { title: headline(plan), sections };
}

/** Nobody reads a page that says that nothing happens: how things stand is then told by its counts. */
function digest(sections: readonly Section[]): Section | undefined {
  if (sections.length === 0) return undefined;
  const items = sections.map(({ title, digest }) => ({ spans: [span(title), span(`: ${digest}`, "quiet")] }));
  return { title: "As it stands", folded: false, digest: "", blocks: [{ kind: "listing", items }] };
}

function nothingHappens({ changes, drift: found = [], outputs, summary, clusters }: Plan): boolean {
  const { new: added, moved, gone, unplaced } = summary.pods;
  const quiet =
    changes.length + found.length + added + moved + gone + unplaced + summary.predictedFailures === 0;
  const settled = clusters.every((cluster) => cluster.unplaced.length + cluster.stuck.length === 0);
  return quiet && settled && outputs.every((output) => output.action === "no-op");
}

function present(section: Section | undefined): readonly Section[] {
  return section ? [section] : [];
}
