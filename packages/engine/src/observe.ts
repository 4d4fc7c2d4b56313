import type { ClusterSnapshot, ResourceRecord, StackState, Urn } from "@berth/core";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import type { ObservedCluster } from "@berth/planner";
import type { Secrets } from "@berth/state";
import { engineCodes } from "./codes.ts";
import { readRecord } from "./live/read-live.ts";
import type { Operation } from "./operation.ts";
import type { ProviderRegistry } from "./providers.ts";
import type { Redactor } from "./redactor.ts";

/** What clusters hold, and what stood in the way of seeing it. */
export interface Observation {
  readonly clusters: ReadonlyMap<Urn, ObservedCluster>;
  /** Clusters that do not answer because they do not exist any more. */
  readonly gone: ReadonlySet<Urn>;
  readonly warnings: readonly Problem[];
}

/** How to look at clusters. */
export interface Observing {
  readonly operation: Operation;
  readonly state: StackState;
  readonly secrets: Secrets;
  readonly providers: ProviderRegistry;
  readonly redactor: Redactor;
  /** `live`: asks, and fails where a cluster does not answer. `saved`: takes what was saved. `live-or-saved`: asks, then takes what was saved. */
  readonly how: "live" | "saved" | "live-or-saved";
}

/** The recorded resources that are Kubernetes clusters: their definitions say so. */
export function recordedClusters(
  state: StackState,
  definition: Operation["definition"],
): readonly ResourceRecord[] {
  return state.resources.filter(({ type }) => definition(type)?.isCluster === true);
}

/**
 * Observes all recorded clusters, side by side. One that is in nobody's sight is missing in the
 * answer: the planner makes it up from what its resources say.
 *
 * @param isGone - what is known to exist no more, and is not asked
 * @param others - clusters that are not recorded yet, and exist
 * @throws BERTH6008 where a cluster must be seen live and cannot be
 */
export async function observeClusters(
  observing: Observing,
  isGone: (urn: Urn) => boolean = () => false,
  others: readonly ResourceRecord[] = [],
): Promise<Observation> {
  const { operation, state } = observing;
  const recorded = recordedClusters(state, operation.definition).filter(({ urn }) => !isGone(urn));
  const found = [...recorded, ...others];
  const answers = await Promise.all(found.map((record) => observeCluster(record, observing)));
  const clusters = new Map<Urn, ObservedCluster>();
  for (const { urn, observed } of answers) if (observed) clusters.set(urn, observed);
  const gone = new Set(answers.filter((each) => each.isGone).map((each) => each.urn));
  const problems = answers.flatMap((answer) => answer.problems);
  if (observing.how === "live" && problems.length > 0)
    throw new BerthError(problems.map((each) => ({ ...each, severity: "error" as const })));
  return { clusters, gone, warnings: problems };
}

interface Answer {
  readonly urn: Urn;
  readonly isGone?: true;
  readonly observed: ObservedCluster | undefined;
  readonly problems: readonly Problem[];
}

async function observeCluster(record: ResourceRecord, observing: Observing): Promise<Answer> {
  const { urn } = record;
  if (observing.how === "saved") return { urn, ...(await saved(urn, observing)) };
  try {
    const snapshot = await ask(record, observing);
    return { urn, observed: snapshot && { snapshot, how: "live" }, problems: [] };
  } catch (thrown) {
    if (await doesNotExist(record, observing))
      return { urn, observed: undefined, isGone: true, problems: [] };
    const reasons = observing.redactor.problems(thrown, {}).map((each) => each.message);
    const message = `the cluster could not be observed: ${reasons.join("; ")}`;
    const problems = [problem(engineCodes.BERTH6008, { message, resource: urn, severity: "warning" })];
    if (observing.how === "live") return { urn, observed: undefined, problems };
    const instead = await saved(urn, observing);
    return { urn, observed: instead.observed, problems: [...problems, ...instead.problems] };
  }
}

/** Whether the provider that made it says for certain that it is not there. */
async function doesNotExist(record: ResourceRecord, observing: Observing): Promise<boolean> {
  const found = await readRecord(observing, record).catch(() => "unknown" as const);
  return found === undefined;
}

/** The provider that made a cluster need not be the one that sees into it: Azure makes it, Kubernetes observes it. */
async function ask(
  record: ResourceRecord,
  { operation, providers }: Observing,
): Promise<ClusterSnapshot | undefined> {
  for (const provider of providers.values()) {
    const snapshot = await provider.observe?.(record, operation.signal);
    if (snapshot) return snapshot;
  }
  return undefined;
}

/** What was saved is only a memory: one that is damaged is a warning, and the cluster is made up instead. */
async function saved(
  urn: Urn,
  { operation, state }: Observing,
): Promise<Pick<Answer, "observed" | "problems">> {
  try {
    const snapshot = await operation.backend.readClusterSnapshot(state.stack, urn);
    return { observed: snapshot && { snapshot, how: "saved" }, problems: [] };
  } catch (thrown) {
    if (!BerthError.is(thrown)) throw thrown;
    const reasons = thrown.problems.map((each) => each.message).join("; ");
    const message = `what was saved of the cluster cannot be used: ${reasons}`;
    const hint = "the next `berth up` or `berth refresh` saves it anew";
    return {
      observed: undefined,
      problems: [problem(engineCodes.BERTH6008, { message, hint, resource: urn, severity: "warning" })],
    };
  }
}
