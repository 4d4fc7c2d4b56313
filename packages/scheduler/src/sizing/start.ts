import { SchedulerCore } from "../framework/core.ts";
import { Profiles } from "../framework/profiles.ts";
import { parseVersion } from "../framework/version.ts";
import { initialChanges } from "../initial.ts";
import type { SizingProblem } from "./problem.ts";

/** The cluster of a problem before any of its pods came, up to date. */
export function coreOf(problem: Omit<SizingProblem, "pending">): SchedulerCore {
  const { kubernetes, flavour, missingVolumes, configuration } = problem;
  const core = new SchedulerCore(
    new Profiles(parseVersion(kubernetes), flavour, missingVolumes === "refused", configuration),
  );
  for (const change of initialChanges({ ...problem, nodes: problem.nodes ?? [] })) core.apply(change);
  core.cluster.refresh();
  return core;
}
