import type { Plan } from "@berth/planner";
import type { ReportDocument, Section } from "./document.ts";
import { changes } from "./sections/changes.ts";
import { cost } from "./sections/cost.ts";
import { headline } from "./sections/headline.ts";
import { outputs } from "./sections/outputs.ts";
import { placement } from "./sections/placement.ts";
import { problems } from "./sections/problems.ts";
import { services } from "./sections/services.ts";

/** The whole report of a plan, in the order in which a reviewer asks: is it safe, what, where, wired how, at what cost. */
export function compose(plan: Plan): ReportDocument {
  const sections = [
    problems(plan),
    changes(plan),
    ...placement(plan),
    ...services(plan),
    cost(plan),
    outputs(plan),
  ];
  return {
    title: headline(plan),
    sections: sections.filter((section): section is Section => section !== undefined),
  };
}
