import { type CostFacet, type NodeSupplyFacet, Unknown } from "@berth/core";
import { type ObjectRef, refKey, refOf } from "@berth/objects";
import {
  createRemedies,
  daemonPods,
  type GrowingShape,
  type Remedy as FoundRemedy,
  type SizingProblem,
} from "@berth/scheduler";
import { type Facets, ofKind } from "../facets.ts";
import type { Remedy } from "../plan.ts";
import { ofKindIn } from "./kinds.ts";
import { nextNode, nodesOfPool, nodeTemplates, type NodeObject } from "./node-pool.ts";
import type { Played } from "./play.ts";
import type { Scene } from "./scene.ts";

type Cluster = Omit<SizingProblem, "pending">;

/** Finds what would give pods a node in the cluster as the plan leaves it; nothing where the cluster goes. */
export type FindRemedy = (pods: readonly ObjectRef[]) => Remedy | undefined;

/** The cluster is made ready when the first pod is asked about: most plans place all. */
export function remediesIn(scene: Scene, played: Played, facets: Facets): FindRemedy {
  const { after } = scene;
  if (!after) return () => undefined;
  let remedyOf: ReturnType<typeof createRemedies> | undefined;
  const pods = () => ofKindIn(played.after, "v1 Pod");
  const waiting = new Map(pods().flatMap((pod) => (pod.spec?.nodeName ? [] : [[refKey(refOf(pod)), pod]])));
  return (refs) => {
    const asked = refs.flatMap((each) => waiting.get(refKey(each)) ?? []);
    if (asked.length === 0) return undefined;
    if (!remedyOf) {
      const { after: objects, kubernetes } = played;
      const nodes = ofKindIn(objects, "v1 Node");
      const cluster: Cluster = { nodes, pods: pods(), objects, kubernetes, flavour: after.flavour };
      remedyOf = createRemedies(cluster, shapesOf(scene, nodes, cluster, facets));
    }
    return inPools(remedyOf(asked));
  };
}

/** The pools that the stack declares, as far as they are known, with what one more node of each costs. */
function shapesOf(
  { actors }: Scene,
  nodes: readonly NodeObject[],
  cluster: Cluster,
  facets: Facets,
): readonly GrowingShape[] {
  const daemons = daemonPods(cluster);
  return [...actors.values()].flatMap(({ after: { supplies }, standing, kept }) =>
    supplies.flatMap((supply): readonly GrowingShape[] => {
      if (supply.templates instanceof Unknown || supply.count instanceof Unknown) return [];
      const templates = nodeTemplates(supply.templates);
      if (templates.length === 0) return [];
      const price = priceOfNode(
        supplies,
        supply.count,
        ofKind(standing ? facets.after(standing) : kept ? facets.before(kept) : [], "Cost"),
      );
      const node = growing(supply, templates, nodesOfPool(nodes, supply));
      return [
        { name: supply.pool, zones: templates.length, node, daemons, ...(price !== undefined && { price }) },
      ];
    }),
  );
}

/** The nodes that would join a pool, by number from 0 on, as the plan would let them join. */
function growing(
  supply: NodeSupplyFacet,
  templates: readonly NodeObject[],
  standing: readonly NodeObject[],
): GrowingShape["node"] {
  const pool = [...standing];
  return (index) => {
    for (let at = pool.length; at <= standing.length + index; at++) {
      const joins = nextNode(supply, templates, pool, at + 1);
      if (joins) pool.push(joins);
    }
    return pool[standing.length + index]!;
  };
}

/** Which cost is whose is not said where a resource has several, and of no node nobody knows the price of one. */
function priceOfNode(
  supplies: readonly NodeSupplyFacet[],
  count: number,
  costs: readonly CostFacet[],
): number | undefined {
  const total = supplies.length === 1 && costs.length === 1 ? costs[0]?.monthly : undefined;
  return typeof total === "number" && count > 0 ? total / count : undefined;
}

/** In the words of the Plan; prices in whole cents. */
function inPools(remedy: FoundRemedy): Remedy {
  if (remedy.kind === "refused") return remedy;
  const { shape, price, ...rest } = remedy;
  const monthly = price === undefined ? {} : { monthly: Math.round(price * 100) / 100 };
  return rest.kind === "more-nodes"
    ? { ...rest, pool: shape ?? "", ...monthly }
    : { ...rest, ...(shape === undefined ? {} : { pool: shape }), ...monthly };
}
