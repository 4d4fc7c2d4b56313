import { hideStandIns } from "@berth/core";
import type { ClusterPlan } from "../plan.ts";
import type { Scene } from "./scene.ts";

/** The plan of a cluster without what stands for secrets in its objects: they may be names, labels, ports. */
export function concealSecrets(plan: ClusterPlan, { actors }: Scene): ClusterPlan {
  const objects = [...actors.values()].flatMap(({ before, after }) => [before.objects, after.objects]);
  const given = JSON.stringify(objects);
  if (hideStandIns(given) === given) return plan;
  const concealed: ClusterPlan = JSON.parse(hideStandIns(JSON.stringify(plan)));
  return concealed;
}
