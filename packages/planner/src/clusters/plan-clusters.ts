import { BerthError, type Problem } from "@berth/diagnostics";
import { type FrontendFacet, Unknown } from "@berth/core";
import { type Facets, ofKind } from "../facets.ts";
import type { ClusterPlan, PlacementGroup, PodCounts, Step } from "../plan.ts";
import type { Prepared } from "../prepare.ts";
import type { PlanRequest } from "../request.ts";
import { concealSecrets } from "./conceal.ts";
import { checkServices } from "./checks.ts";
import { nodeUses } from "./node-use.ts";
import { Owners } from "./owners.ts";
import { groupPlacement } from "./placement.ts";
import { play } from "./play.ts";
import { predictFailures } from "./predictions.ts";
import { remediesIn } from "./remedies.ts";
import { findScenes, type Scene } from "./scene.ts";
import { groupUnplaced, stuckRollouts } from "./unplaced.ts";
import { wireServices } from "./wiring.ts";

export interface PlannedClusters {
  readonly clusters: readonly ClusterPlan[];
  readonly problems: readonly Problem[];
  readonly predictedFailures: number;
}

/** What the plan does in each cluster, found by doing it in the simulator. */
export function planClusters(request: PlanRequest, prepared: Prepared): PlannedClusters {
  const { slice, standings, steps, facets } = prepared;
  const standing = [
    ...standings.flatMap((each) => facets.after(each)),
    ...[...slice.kept.values()].flatMap((each) => facets.before(each)),
  ];
  const frontends = ofKind(standing, "Frontend");
  const clusters: ClusterPlan[] = [];
  const problems: Problem[] = [];
  let predictedFailures = 0;
  for (const scene of findScenes(request, prepared)) {
    try {
      const planned = planCluster(scene, steps, frontends, facets);
      clusters.push(planned.cluster);
      problems.push(...planned.problems);
      predictedFailures += planned.failures;
    } catch (error) {
      if (!BerthError.is(error)) throw error;
      // What scheduler and simulator refuse (a quantity, a version) is wrong with what the program declares.
      problems.push(...error.problems.map((each) => ({ resource: scene.cluster, ...each })));
    }
  }
  return { clusters, problems, predictedFailures };
}

function planCluster(
  scene: Scene,
  steps: readonly Step[],
  frontends: readonly FrontendFacet[],
  facets: Facets,
) {
  const played = play(scene, steps);
  const owners = new Owners(scene);
  const { cluster, name, change, observed } = scene;
  const facet = scene.after ?? scene.before;
  const unplaced = groupUnplaced(played, owners, remediesIn(scene, played, facets));
  const stuck = stuckRollouts(played, owners);
  const predicted = predictFailures(scene, played, unplaced, stuck);
  const planned: ClusterPlan = {
    cluster,
    name,
    ...(facet && !(facet.kubernetes instanceof Unknown) ? { kubernetes: facet.kubernetes } : {}),
    flavour: facet?.flavour ?? "upstream",
    observed: observed?.how ?? "synthesised",
    change,
    unknown: played.unknown,
    nodes: nodeUses(scene, played),
    placement: groupPlacement(played, owners),
    unplaced,
    stuck,
    services: wireServices(
      played,
      owners,
      frontends.filter((each) => each.cluster === cluster),
    ),
  };
  const checks = scene.after ? checkServices(scene, played) : [];
  const shown = concealSecrets(planned, scene);
  return { cluster: shown, problems: [...checks, ...predicted.problems], failures: predicted.failures };
}

/** Pods of all clusters by what becomes of them. */
export function countPods(clusters: readonly ClusterPlan[], system: boolean): PodCounts {
  const groups = clusters.flatMap((each) => each.placement).filter((each) => each.system === system);
  const count = (change: PlacementGroup["change"]): number =>
    groups.filter((each) => each.change === change).reduce((sum, each) => sum + each.pods.length, 0);
  const unplaced = clusters.flatMap((each) => each.unplaced).filter((each) => each.system === system);
  return {
    new: count("new"),
    moved: count("moved"),
    gone: count("gone"),
    staying: count("stays"),
    unplaced: unplaced.reduce((sum, each) => sum + each.pods.length, 0),
  };
}
