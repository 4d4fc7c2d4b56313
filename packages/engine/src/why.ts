import type { Explanation, PlanRequest, PodQuestion } from "@berth/planner";
import { look } from "./look.ts";
import type { PreviewOperation } from "./operation.ts";
import { planRequest } from "./planning.ts";
import { mend } from "./policy/police.ts";

/** A question about one pod of a preview. */
export interface WhyOperation extends PreviewOperation {
  readonly question: PodQuestion;
  /** The planner's. */
  readonly explain: (request: PlanRequest, question: PodQuestion) => Explanation;
}

/**
 * Says why a pod goes where `preview` says that it goes, from the decision that was made. Like a
 * preview it takes no lock, writes nothing and needs no network.
 *
 * @throws BERTH40xx where the state cannot be read, and BERTH3204 to BERTH3206 where there is no such pod or node
 * @example const { why, nodes } = await why({ ...operation, question: { pod: "store-front#1" }, explain: explainPod });
 */
export async function why(operation: WhyOperation): Promise<Explanation> {
  const { state, secrets, world } = await look(operation);
  const kind = operation.operation ?? "up";
  const { graph } = mend({ operation, kind, recorded: state, secrets });
  const request = planRequest({ ...operation, graph }, kind, state, secrets, world);
  const explanation = operation.explain(request, operation.question);
  return { ...explanation, problems: [...explanation.problems, ...world.warnings] };
}
