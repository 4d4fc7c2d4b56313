import { type Facet, type NodeSupplyFacet, Unknown, type Urn } from "@berth/core";
import type { ClusterPart } from "./order/doing.ts";
import { ofKind } from "./facets.ts";

/**
 * Which part a change has in a cluster's life: whether it adds nodes, writes an object, or takes
 * nodes away. A resource that does several of these counts as the first.
 *
 * @param ending clusters that are deleted or replaced
 */
export function clusterPart(
  before: readonly Facet[],
  after: readonly Facet[],
  ending: ReadonlySet<Urn>,
): ClusterPart | undefined {
  const [object] = [...ofKind(after, "KubernetesObject"), ...ofKind(before, "KubernetesObject")];
  if (object) return { cluster: object.cluster, kind: "write", ends: ending.has(object.cluster) };
  const [had, has] = [ofKind(before, "NodeSupply"), ofKind(after, "NodeSupply")];
  const [supply] = [...has, ...had];
  if (!supply) return undefined;
  return {
    cluster: supply.cluster,
    kind: shrinks(had, has) ? "shrink" : "grow",
    ends: ending.has(supply.cluster),
  };
}

/** Whether it only takes nodes away. Counts that are not known may grow. */
function shrinks(before: readonly NodeSupplyFacet[], after: readonly NodeSupplyFacet[]): boolean {
  const counts = new Map(after.map((each) => [each.pool, each.count]));
  let less = false;
  for (const { pool, count } of before) {
    const wanted = counts.get(pool) ?? 0;
    counts.delete(pool);
    if (wanted instanceof Unknown || count instanceof Unknown || wanted > count) return false;
    less ||= wanted < count;
  }
  return less && counts.size === 0;
}
