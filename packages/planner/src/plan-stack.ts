import { hideStandIns, pathOfUrn, producersOf, type Urn, type Value } from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { bookkeepingOf } from "./bookkeeping.ts";
import { withCauses } from "./causes.ts";
import { changeOf, deletionOf } from "./changes.ts";
import { countPods, planClusters, type PlannedClusters } from "./clusters/plan-clusters.ts";
import { plannerCodes } from "./codes.ts";
import type { SecretDigest } from "./compare/opaque.ts";
import { planCost } from "./cost.ts";
import { withinScope, withLive } from "./live/with-live.ts";
import { graphDigest, stateDigest } from "./digests.ts";
import type { Endings } from "./endings.ts";
import type { Evicted } from "./identity.ts";
import type { Leaving } from "./leaving.ts";
import { moveProposals } from "./moves/proposals.ts";
import type { Change, Plan, Summary } from "./plan.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { relativeSite } from "./present.ts";
import type { PlanRequest, PlanResult } from "./request.ts";
import type { Resolved } from "./resolve/resolve.ts";
import type { Standing } from "./resolve/standing.ts";
import type { Slice } from "./scope/slice.ts";
import { planOutputs } from "./stack-outputs.ts";

/**
 * Makes the plan: what changes and why, in which order, where pods will run, what services reach,
 * what it costs, and what is wrong. Pure: the same request gives the same bytes.
 *
 * Problems are in the plan, errors too; a plan with an error must not be applied.
 *
 * @example
 * const { plan } = planStack({ operation: "up", graph, recorded, observed: new Map(), definition: (type) => definitions.get(type) });
 * if (!plan.problems.some((each) => each.severity === "error")) await execute(plan);
 */
export function planStack(given: PlanRequest): PlanResult {
  const { request: looked, drift, refreshed } = withLive(withinScope(given));
  const prepared = prepare(looked, given.recorded);
  const { slice, resolved, problems, standings, leaving, leftovers, steps, facets } = prepared;
  const { request, kept } = slice;
  const digest: SecretDigest = request.secrets && ((plaintext) => request.secrets!.digest(plaintext));
  const warnings = request.operation === "destroy" ? [] : request.graph.warnings;
  const isRefresh = request.operation === "refresh";
  const planned = isRefresh ? nothingPlanned : planClusters(request, prepared);
  const outputs = outputValues(slice, resolved);
  const plan: Plan = {
    format: "berth.plan",
    version: 1,
    project: request.recorded.project,
    stack: request.recorded.stack,
    operation: request.operation,
    base: {
      serial: given.recorded.serial,
      stateDigest: stateDigest(given.recorded),
      graphDigest: graphDigest(standings, outputs, digest, (given) => resolved.evaluation.value(given)),
    },
    ...(slice.plan && { scope: slice.plan }),
    ...(looksForDrift(given) && { drift }),
    summary: summarise(prepared, planned),
    changes: changesInStepOrder(prepared, request.projectFolder),
    steps,
    clusters: planned.clusters,
    cost: planCost(standings, [...leaving, ...leftovers], facets, kept),
    outputs: isRefresh ? [] : planOutputs(request.recorded.outputs, outputs, digest),
    problems: inOrder(
      [
        ...slice.problems,
        ...problems,
        ...resolved.problems,
        ...resolved.evaluation.problems,
        ...warnings,
        ...planned.problems,
        ...refusals(standings, [...leaving, ...leftovers], prepared.endings, request),
        ...namesOfRetained(prepared),
        ...moveProposals(standings, leaving, digest),
      ],
      request.projectFolder,
    ),
  };
  return {
    plan,
    bookkeeping: standings.flatMap((each) => bookkeepingOf(each) ?? []),
    refreshed,
    ...(slice.plan && { kept: new Set(kept.keys()) }),
  };
}

/** Whether what the stack made was looked at, and not only what the program reads or imports. */
function looksForDrift({ live, recorded }: PlanRequest): boolean {
  if (!live) return false;
  return live.size === 0 || recorded.resources.some((each) => !each.external && live.has(each.urn));
}

/** A refresh does nothing to a cluster. */
const nothingPlanned: PlannedClusters = Object.freeze({ clusters: [], problems: [], predictedFailures: 0 });

function changesInStepOrder(
  { standings, leaving, leftovers, endings, steps, moves }: Prepared,
  projectFolder: string | undefined,
): readonly Change[] {
  const first = new Map<Urn, number>();
  const superseded = new Map<Urn, number>();
  for (const step of steps) {
    const ids = step.superseded ? superseded : first;
    if (!ids.has(step.urn)) ids.set(step.urn, step.id);
  }
  const changing: ReadonlySet<Urn> = new Set(first.keys());
  const changes = standings.flatMap((each) => {
    const change = changeOf(
      each,
      endings.of(each.resource.urn),
      moves.get(each.resource.urn),
      changing,
      projectFolder,
    );
    return change ? [{ change, at: first.get(change.urn) ?? 0 }] : [];
  });
  for (const each of leaving) {
    const change = deletionOf(each, endings.of(each.record.urn), moves.get(each.record.urn), projectFolder);
    changes.push({ change, at: first.get(change.urn) ?? 0 });
  }
  for (const each of leftovers) {
    const change = deletionOf(each, endings.ofRecord(each.record, each.declared), undefined, projectFolder);
    changes.push({ change, at: superseded.get(change.urn) ?? 0 });
  }
  return withCauses(changes.toSorted((a, b) => a.at - b.at).map(({ change }) => change));
}

/** What takes values from what is outside of the scope and does not exist yet stays as it is recorded. */
function outputValues(
  { request: { operation, graph, recorded }, kept, plan }: Slice,
  { evaluation, byUrn }: Resolved,
): ReadonlyMap<string, Value> {
  if (operation === "destroy") return new Map(kept.size > 0 ? Object.entries(recorded.outputs) : []);
  if (operation === "refresh") return new Map();
  const values = new Map<string, Value>();
  for (const name of Object.keys(graph.outputs).toSorted()) {
    const value = evaluation.value(graph.outputs[name]);
    if (value === undefined) continue;
    const stays = plan && producersOf(value).some(({ urn }) => !byUrn.has(urn));
    if (!stays) values.set(name, value);
    else if (Object.hasOwn(recorded.outputs, name)) values.set(name, recorded.outputs[name] ?? null);
  }
  return values;
}

/** What must not be done, all of it. */
function refusals(
  standings: readonly Standing[],
  leaving: readonly Leaving[],
  endings: Endings,
  { definition }: PlanRequest,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { resource, recorded, action } of standings) {
    if (action !== "replace" || !(resource.options.protect || recorded?.protect)) continue;
    const { urn, name, site } = resource;
    problems.push(
      problem(plannerCodes.BERTH3001, {
        message: `${name} is protected and would be replaced`,
        resource: urn,
        site,
      }),
    );
  }
  const replaced = new Set(
    standings.filter(({ action }) => action === "replace").map(({ resource }) => resource.urn),
  );
  for (const { resource, recorded, action, certainty } of standings) {
    const before = recorded?.providerResource;
    const leaves = action === "replace" && certainty === "will";
    if (before === undefined || leaves || before === resource.options.provider || !replaced.has(before))
      continue;
    const { urn, name, site } = resource;
    const message = `${name} stays in the account of ${pathOfUrn(before)}, which moves to another one in this plan`;
    problems.push(problem(plannerCodes.BERTH3009, { message, resource: urn, site }));
  }
  for (const { record, declared: still } of leaving) {
    const { urn, type } = record;
    const where = still ? { site: still.site } : {};
    if (endings.ofRecord(record, still).retained) continue;
    if (record.protect || still?.options.protect === true) {
      problems.push(
        problem(plannerCodes.BERTH3001, {
          message: `${record.id} is protected and would be deleted`,
          resource: urn,
          ...where,
        }),
      );
    }
    if (definition(type) === undefined) {
      problems.push(
        problem(plannerCodes.BERTH3002, {
          message: `no package defines ${type}, the type of ${record.id}`,
          resource: urn,
          ...where,
        }),
      );
    }
  }
  return problems;
}

/** What is created where something is only forgotten that has the same name. */
function namesOfRetained({ standings, leaving, leftovers, endings, evicts }: Prepared): readonly Problem[] {
  const going = [...leaving, ...leftovers];
  const byUrn = new Map(standings.map((each) => [each.resource.urn, each]));
  const isRetained = ({ urn, superseded }: Evicted): boolean =>
    superseded
      ? going.some(
          ({ record, declared }) => record.urn === urn && endings.ofRecord(record, declared).retained,
        )
      : endings.of(urn).retained;
  const problems: Problem[] = [];
  for (const { resource, action, replacement } of standings) {
    const { urn, name, site } = resource;
    const own = action === "replace" && replacement === "delete-first" && endings.of(urn).retained;
    const holder = own ? urn : evicts.get(urn)?.find(isRetained)?.urn;
    if (holder === undefined) continue;
    const whose =
      holder === urn ? "what it replaces" : (byUrn.get(holder)?.resource.name ?? pathOfUrn(holder));
    const message = `${name} cannot be created: ${whose} stays where it is (retainOnDelete), under the same name as far as can be told`;
    problems.push(problem(plannerCodes.BERTH3012, { message, resource: urn, site }));
  }
  return problems;
}

function inOrder(problems: readonly Problem[], projectFolder: string | undefined): readonly Problem[] {
  const key = ({ severity, resource = "", code, path = "", message }: Problem): string =>
    [severity === "error" ? "0" : "1", resource, code, path, message].join("\u0000");
  const shown = problems.map(({ message, hint, site, ...rest }): Problem => ({
    ...rest,
    message: hideStandIns(message),
    ...(hint === undefined ? {} : { hint: hideStandIns(hint) }),
    ...(site ? { site: relativeSite(site, projectFolder) } : {}),
  }));
  // What was found at the declaration is found again when values that come from outputs are checked with the rest.
  const once = new Map(shown.toReversed().map((each) => [key(each), each]));
  return [...once].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, each]) => each);
}

function summarise(
  { standings, leaving, leftovers, endings, moves }: Prepared,
  { clusters, predictedFailures }: PlannedClusters,
): Summary {
  const going = [...leaving, ...leftovers];
  const moved =
    moves.size === 0
      ? 0
      : standings.filter(({ action, resource }) => action === "no-op" && moves.has(resource.urn)).length;
  const forgotten = going.filter(
    ({ record, declared }) => endings.ofRecord(record, declared).retained,
  ).length;
  const count = (action: Standing["action"]): number =>
    standings.filter((each) => each.action === action).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: going.length - forgotten,
    unchanged: count("no-op") - moved,
    ...(moved > 0 ? { move: moved } : {}),
    ...(forgotten > 0 ? { forget: forgotten } : {}),
    ...(count("import") > 0 ? { import: count("import") } : {}),
    pods: countPods(clusters, false),
    systemPods: countPods(clusters, true),
    predictedFailures,
  };
}
