import {
  type ClusterFacet,
  type Facet,
  type KubernetesObjectFacet,
  type NodeSupplyFacet,
  parseUrn,
  type ResourceRecord,
  type Urn,
} from "@berth/core";
import type { ClusterPlan } from "../plan.ts";
import type { Prepared } from "../prepare.ts";
import type { ObservedCluster, PlanRequest } from "../request.ts";
import type { Standing } from "../resolve/standing.ts";

/** A resource that concerns a cluster: what it means for it as recorded and as desired. */
export interface Actor {
  readonly urn: Urn;
  readonly name: string;
  readonly before: Part;
  readonly after: Part;
  /** What earlier operations superseded, and is still there. */
  readonly superseded: readonly Part[];
  /** Whether, and because of what, it is uncertain that it changes. */
  readonly because: readonly string[];
  /** Absent for what leaves, and for what is outside of the plan's scope. */
  readonly standing: Standing | undefined;
  /** Outside of the plan's scope: it stands as it is recorded, and is not judged. */
  readonly kept?: ResourceRecord;
}

/** The facets of one resource for one cluster. */
export interface Part {
  readonly cluster: ClusterFacet | undefined;
  readonly supplies: readonly NodeSupplyFacet[];
  readonly objects: readonly KubernetesObjectFacet[];
}

/** A cluster of the stack with all that concerns it. */
export interface Scene {
  readonly cluster: Urn;
  readonly name: string;
  readonly before: ClusterFacet | undefined;
  readonly after: ClusterFacet | undefined;
  readonly change: ClusterPlan["change"];
  readonly observed: ObservedCluster | undefined;
  /** In the order of the record, then of the graph. */
  readonly actors: ReadonlyMap<Urn, Actor>;
}

/** The clusters that the stack has or had, in the order of the graph, then of what leaves. */
export function findScenes(
  request: PlanRequest,
  {
    standings,
    leaving,
    leftovers,
    facets,
    slice: { kept },
  }: Pick<Prepared, "standings" | "leaving" | "leftovers" | "facets" | "slice">,
): readonly Scene[] {
  const left = new Map<Urn, (readonly Facet[])[]>();
  for (const { record } of leftovers) {
    const parts = left.get(record.urn) ?? [];
    left.set(record.urn, [...parts, facets.superseded(record)]);
  }
  const actors = new Map<Urn, Map<Urn, Actor>>();
  const heads = new Map<
    Urn,
    { before: ClusterFacet | undefined; after: ClusterFacet | undefined; name: string; replaced: boolean }
  >();
  const join = (
    urn: Urn,
    name: string,
    had: readonly Facet[],
    has: readonly Facet[],
    standing: Standing | undefined,
    record?: ResourceRecord,
  ): void => {
    const old = left.get(urn) ?? [];
    left.delete(urn);
    for (const cluster of new Set(
      [...had, ...has, ...old.flat()].flatMap((each) => ("cluster" in each ? [each.cluster] : [])),
    )) {
      const [before, after] = [partOf(had, cluster), partOf(has, cluster)];
      if (before.cluster || after.cluster) {
        heads.set(cluster, {
          before: before.cluster,
          after: after.cluster,
          name,
          replaced: standing?.action === "replace",
        });
      }
      const own = actors.get(cluster) ?? new Map<Urn, Actor>();
      own.set(urn, {
        urn,
        name,
        before,
        after,
        superseded: old.map((each) => partOf(each, cluster)),
        because: standing?.certainty === "may" ? standing.because : [],
        standing,
        ...(record && { kept: record }),
      });
      actors.set(cluster, own);
    }
  };
  for (const standing of standings) {
    const { resource } = standing;
    const has = facets.after(standing);
    const had = facets.had(standing);
    join(resource.urn, resource.name, had, has, standing);
  }
  for (const { record, declared } of leaving.toReversed()) {
    join(
      record.urn,
      declared?.name ?? parseUrn(record.urn)?.path.at(-1) ?? record.urn,
      facets.before(record),
      [],
      undefined,
    );
  }
  for (const [urn, record] of kept) {
    const has = facets.before(record);
    join(urn, parseUrn(urn)?.path.at(-1) ?? urn, has, has, undefined, record);
  }
  for (const { record, declared } of leftovers) {
    const name = declared?.name ?? parseUrn(record.urn)?.path.at(-1) ?? record.urn;
    if (left.has(record.urn)) join(record.urn, name, [], [], undefined);
  }
  return [...heads].map(([cluster, { before, after, name, replaced }]) => {
    const observed = request.observed.get(cluster);
    // One that exists already and is only declared here is observed before it is recorded.
    const change = !after ? "gone" : replaced ? "replaced" : before || observed ? "stays" : "new";
    return { cluster, name, before, after, change, observed, actors: actors.get(cluster) ?? new Map() };
  });
}

function partOf(facets: readonly Facet[], cluster: Urn): Part {
  const own = facets.filter((each) => "cluster" in each && each.cluster === cluster);
  return {
    cluster: own.find((each): each is ClusterFacet => each.kind === "Cluster"),
    supplies: own.filter((each): each is NodeSupplyFacet => each.kind === "NodeSupply"),
    objects: own.filter((each): each is KubernetesObjectFacet => each.kind === "KubernetesObject"),
  };
}
