import type { ResourceDefinition, Urn } from "@berth/core";
import type { StateSession } from "@berth/state";

/**
 * Forgets what is on a cluster that is about to be superseded. Requests reach the new one from then on, on which none of
 * it is; it goes when the old one is deleted. Before that is recorded, so that no record ever speaks of the wrong one.
 */
export async function forgetWhatIsOn(
  session: StateSession,
  urn: Urn,
  definition: ResourceDefinition | undefined,
): Promise<void> {
  if (definition?.isCluster !== true) return;
  const { resources, superseded = [] } = session.state;
  for (const each of superseded) if (each.cluster === urn) await session.forget(each.urn, each.operationKey);
  // Each before what it needed.
  for (const each of resources.toReversed()) if (each.cluster === urn) await session.forget(each.urn);
}
