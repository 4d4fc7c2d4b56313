import { hideStandIns } from "@berth/core";
import { BerthError, nearest, problem } from "@berth/diagnostics";
import { type ObjectRef, type Pod, refKey, refOf } from "@berth/objects";
import type { Decision, NodeExplanation } from "@berth/scheduler";
import { ofKindIn } from "./clusters/kinds.ts";
import { Owners, workloadText } from "./clusters/owners.ts";
import { isFinished } from "./clusters/placement.ts";
import { type Played, play } from "./clusters/play.ts";
import { findScenes, type Scene } from "./clusters/scene.ts";
import { withinScope, withLive } from "./live/with-live.ts";
import { plannerCodes } from "./codes.ts";
import type { ExplainedNode, Explanation } from "./explanation.ts";
import { prepare } from "./prepare.ts";
import type { PlanRequest } from "./request.ts";

/** A pod to explain, and a node that it could have gone to. */
export interface PodQuestion {
  /** `store-front#1`, a real name, or either after `NAMESPACE/` or `CLUSTER/NAMESPACE/`. */
  readonly pod: string;
  readonly node?: string;
}

/**
 * Why a pod goes where the plan says, stays, or finds no node. Plays the same plan as {@link planStack}
 * and reads the decision that was made in it.
 *
 * @throws BERTH3204 no such pod, BERTH3205 several, BERTH3206 no such node; what play finds wrong with the program
 * @example
 * const { nodes } = explainPod(request, { pod: "store-front#1" });
 * const refusing = nodes.filter((each) => !each.feasible);
 */
export function explainPod(given: PlanRequest, question: PodQuestion): Explanation {
  const prepared = prepare(withLive(withinScope(given)).request, given.recorded);
  const { slice } = prepared;
  const subjects = findScenes(slice.request, prepared).flatMap((scene) => {
    const played = play(scene, prepared.steps);
    return podsOf(played).map((ref): Subject => ({ scene, played, ref }));
  });
  const subject = choose(subjects, question.pod);
  const explanation = explain(slice.request, subject, question.node);
  const concealed: Explanation = JSON.parse(hideStandIns(JSON.stringify(explanation)));
  return concealed;
}

/** A pod in the cluster that was played. */
interface Subject {
  readonly scene: Scene;
  readonly played: Played;
  readonly ref: ObjectRef;
}

/** All pods that there are before or after. */
function podsOf({ before, after }: Played): readonly ObjectRef[] {
  const pods = new Map<string, ObjectRef>();
  for (const pod of [...ofKindIn(before, "v1 Pod"), ...ofKindIn(after, "v1 Pod")]) {
    const ref = refOf(pod);
    pods.set(refKey(ref), ref);
  }
  return [...pods.values()];
}

function choose(subjects: readonly Subject[], name: string): Subject {
  const found = subjects.filter((each) => namesOf(each).includes(name));
  const [first, ...others] = found;
  if (first && others.length === 0) return first;
  if (first) {
    const level = new Set(found.map((each) => each.scene.cluster)).size > 1 ? 2 : 1;
    const names = found.map((each) => namesOf(each)[level]).join(", ");
    throw new BerthError([
      problem(plannerCodes.BERTH3205, { message: `${name} may be ${names}`, hint: "say which of them" }),
    ]);
  }
  const members = subjects.filter(({ ref, played }) => played.workloads.get(refKey(ref))?.name === name);
  const guess = members[0]?.ref.name ?? nearest(name, subjects.flatMap(namesOf));
  const more = members.length > 1 ? ` (${name} has ${members.length} pods)` : "";
  const hint = guess === undefined ? "`berth preview` names them" : `did you mean ${guess}?${more}`;
  throw new BerthError([
    problem(plannerCodes.BERTH3204, { message: `there is no pod ${JSON.stringify(name)}`, hint }),
  ]);
}

/** By pod, by namespace and pod, and by cluster, namespace and pod. */
function namesOf({ ref, scene }: Subject): readonly string[] {
  const inNamespace = `${ref.namespace ?? "default"}/${ref.name}`;
  return [ref.name, inNamespace, `${scene.name}/${inNamespace}`];
}

function explain(
  { recorded }: PlanRequest,
  { scene, played, ref }: Subject,
  asked: string | undefined,
): Explanation {
  const key = refKey(ref);
  const owners = new Owners(scene);
  const workload = played.workloads.get(key) ?? ref;
  const resource = owners.resource(workload);
  const fate = fateOf(played, ref);
  const zones = nodeZones(played);
  const decision = fate.fate === "stays" || fate.fate === "gone" ? undefined : played.decisions.get(key);
  const table = tableOf(decision).map((each) => explainedNode(each, fate.node, zones));
  if (asked !== undefined) mustBeNode(asked, [...zones.keys(), ...table.map((each) => each.node)]);
  return {
    format: "berth.explanation",
    version: 1,
    project: recorded.project,
    stack: recorded.stack,
    cluster: scene.cluster,
    clusterName: scene.name,
    observed: scene.observed?.how ?? "synthesised",
    pod: ref.name,
    namespace: ref.namespace ?? "default",
    workload: workloadText(workload),
    system: owners.isSystem(workload),
    ...(resource === undefined ? {} : { resource }),
    ...fate,
    ...(asked === undefined ? {} : { asked }),
    nodes: asked === undefined ? table : compared(table, asked),
    unknown: played.unknown,
    problems: [],
  };
}

type Fate = Pick<Explanation, "fate" | "node" | "from" | "why" | "certainty" | "tied" | "best">;

function fateOf(played: Played, ref: ObjectRef): Fate {
  const key = refKey(ref);
  const [was, is] = [find(played.before, key), find(played.after, key)];
  if (!is) return goneFrom(played, key, was);
  const node = is.spec?.nodeName;
  if (!node) return { fate: "unplaced", why: whyNowhere(is, played.decisions.get(key)) };
  const verdict = played.verdicts.get(key);
  if (!verdict) {
    const why = isFinished(is)
      ? "it ran there to its end, and takes no room any more"
      : "it runs there already, and a pod that runs keeps its node";
    return { fate: "stays", node, why };
  }
  const from = played.movedFrom.get(key);
  const moved = from !== undefined && from !== node;
  return { fate: moved ? "moved" : "new", node, ...(moved ? { from } : {}), ...verdict };
}

const causes = {
  "scaled-down": "its workload is to have fewer pods",
  updated: "its workload replaces it by a pod of the new template",
  "node-removed": "its node goes",
  "node-unsuitable": "its node no longer suits it",
  "owner-deleted": "what it belongs to is deleted",
  "namespace-deleted": "its namespace is deleted",
  preempted: "it makes room for a pod of higher priority",
  requested: "it is deleted itself",
} as const;

function goneFrom({ departures }: Played, key: string, was: Pod | undefined): Fate {
  const cause = departures.get(key);
  const node = was?.spec?.nodeName;
  return {
    fate: "gone",
    ...(node ? { node } : {}),
    why: cause === undefined ? "its cluster goes" : causes[cause],
  };
}

/** What the scheduler said; it does not look at all pods. */
function whyNowhere({ spec }: Pod, decision: Decision | undefined): string {
  if (decision && decision.kind !== "placed") return decision.message;
  const gates = (spec?.schedulingGates ?? []).map((each) => each.name);
  if (gates.length > 0) return `waiting for scheduling gates: [${gates.join(" ")}]`;
  return `it waits for the scheduler ${spec?.schedulerName ?? ""}, which berth does not play`;
}

function find(objects: Played["after"], key: string): Pod | undefined {
  return ofKindIn(objects, "v1 Pod").find((each) => refKey(refOf(each)) === key);
}

function nodeZones({ before, after }: Played): ReadonlyMap<string, string | undefined> {
  const nodes = [...ofKindIn(before, "v1 Node"), ...ofKindIn(after, "v1 Node")];
  return new Map(
    nodes.map(({ metadata }) => [metadata?.name ?? "", metadata?.labels?.["topology.kubernetes.io/zone"]]),
  );
}

function tableOf(decision: Decision | undefined): readonly NodeExplanation[] {
  return decision === undefined || decision.kind === "gated" ? [] : decision.nodes;
}

function explainedNode(
  { node, feasible, filters, scores, amounts }: NodeExplanation,
  chosen: string | undefined,
  zones: ReadonlyMap<string, string | undefined>,
): ExplainedNode {
  const zone = zones.get(node);
  return {
    node,
    ...(zone === undefined ? {} : { zone }),
    feasible,
    chosen: node === chosen,
    filters: filters.map((each) => ({
      plugin: each.plugin,
      verdict: each.verdict,
      reasons: each.verdict === "passed" ? [] : each.reasons,
      ...(each.verdict === "refused" ? { resolvable: each.code === "Unschedulable" } : {}),
    })),
    ...(scores ? { scores } : {}),
    amounts,
  };
}

/** The node that was asked about, and the one to hold it against: the chosen one, or the best of the others. */
function compared(table: readonly ExplainedNode[], asked: string): readonly ExplainedNode[] {
  const total = (each: ExplainedNode): number => each.scores?.total ?? Number.NEGATIVE_INFINITY;
  const others = table.filter((each) => each.node !== asked && each.feasible);
  const other = others.find((each) => each.chosen) ?? others.toSorted((a, b) => total(b) - total(a))[0];
  return table.filter((each) => each.node === asked || each === other);
}

function mustBeNode(asked: string, known: readonly string[]): void {
  if (known.includes(asked)) return;
  const guess = nearest(asked, known);
  const hint = guess === undefined ? "`berth preview` names them" : `did you mean ${guess}?`;
  throw new BerthError([
    problem(plannerCodes.BERTH3206, { message: `there is no node ${JSON.stringify(asked)}`, hint }),
  ]);
}
