import type { ResourceRecord, StackState, Urn } from "@berth/core";
import { BerthError, type Problem } from "@berth/diagnostics";
import { type LiveResource, type PlanRequest, inScope } from "@berth/planner";
import { observeClusters, type Observing } from "../observe.ts";
import type { ObservedWorld } from "../planning.ts";
import { readDeclared } from "./read-declared.ts";
import { readLive } from "./read-live.ts";

/** How much of the world is looked at. */
export interface LookingAround extends Observing {
  /**
   * Whether recorded resources are read: `required` fails where one cannot be, `where-possible` warns. Absent: only where
   * a cluster turns out to be gone.
   */
  readonly reads?: "required" | "where-possible";
  /** Whether what the program imports or reads is looked for: in an `up`, and where anybody is asked at all. */
  readonly program: boolean;
  /** Where clusters that are found and not recorded yet are remembered, for whoever connects to them. */
  readonly expected: Map<Urn, ResourceRecord>;
  /** What is planned: it decides, with the operation's scope, which records are read. */
  readonly kind: PlanRequest["operation"];
}

/**
 * What the world is before a plan is made: what clusters hold, and what recorded resources are now. A cluster that
 * does not answer is asked for at its provider: one that is gone is no obstacle, and neither is what stood on it.
 *
 * @throws BERTH6008, BERTH6030 for what must be seen and cannot be
 */
export async function lookAround(looking: LookingAround): Promise<ObservedWorld> {
  const { state, reads, kind, operation } = looking;
  const { records } = inScope({ ...operation, operation: kind, recorded: state });
  // What the program only reads is read because it says so.
  const managed = looking.program ? records.filter((each) => !each.external) : records;
  const read = reads === undefined ? undefined : await readLive(looking, managed);
  const live = new Map<Urn, LiveResource>(read?.live);
  const unread = read?.problems ?? [];
  if (reads === "required" && unread.length > 0) throw new BerthError(unread);

  const declared = looking.program ? await readDeclared(looking, looking.expected) : undefined;
  for (const [urn, each] of declared?.live ?? []) live.set(urn, each);
  const unfound = declared?.problems ?? [];
  if (looking.how === "live" && unfound.length > 0) throw new BerthError(unfound);

  const isGone = (urn: Urn): boolean => live.get(urn)?.kind === "gone";
  const observation = await observeClusters(looking, isGone, [...looking.expected.values()]);
  for (const urn of observation.gone) live.set(urn, { kind: "gone" });
  const after = read ? undefined : await readLive(looking, besideWhatIsGone(state, observation.gone), live);
  for (const [urn, each] of after?.live ?? []) live.set(urn, each);
  const warnings = [
    ...observation.warnings,
    ...(read?.warnings ?? []),
    ...[...unread, ...unfound, ...(after?.problems ?? [])].map(asWarning),
  ];
  const clusters = new Map([...observation.clusters].filter(([urn]) => !isGone(urn)));
  const hasLive = reads !== undefined || live.size > 0;
  return { clusters, warnings, ...(hasLive && { live }) };
}

/**
 * Where a cluster is gone, more may be: its pools, its network, the group that all of it was in. Everything that stands on
 * no cluster is looked at, so that the plan is whole; what stood on this one is gone with it.
 */
function besideWhatIsGone(state: StackState, gone: ReadonlySet<Urn>): readonly ResourceRecord[] {
  if (gone.size === 0) return [];
  return state.resources.filter(({ urn, cluster }) => cluster === undefined && !gone.has(urn));
}

function asWarning(found: Problem): Problem {
  return { ...found, severity: "warning" };
}
