import type { KubernetesObject, Node, Pod } from "@berth/objects";
import { matchesLabels } from "@berth/objects";
import { filter } from "./filters.ts";
import { scores } from "./scores.ts";
import { nameOf, namespaceOf, priorityOf, type RunningPod, type World } from "./world.ts";

export type ReferenceDecision =
  | {
      readonly kind: "placed";
      readonly best: readonly string[];
      readonly scores: Readonly<Record<string, Record<string, number>>>;
    }
  | { readonly kind: "unschedulable"; readonly message: string }
  | { readonly kind: "preempts"; readonly message: string; readonly candidates: readonly Candidate[] };

interface Candidate {
  readonly node: string;
  readonly victims: readonly string[];
}

/** One scheduling cycle, told as scheduling.md tells it. */
export function referenceDecide(world: World, pod: Pod): ReferenceDecision {
  if (world.nodes.length === 0)
    return { kind: "unschedulable", message: "no nodes available to schedule pods" };
  const pinned = pinnedNodes(pod);
  const claims = world.minor >= 35 ? "no new claims to deallocate, " : "";
  const unhelpful = `0/${world.nodes.length} nodes are available: ${world.nodes.length} Preemption is not helpful for scheduling.`;
  const never = pod.spec?.preemptionPolicy === "Never" && "not eligible due to preemptionPolicy=Never.";
  if (pinned?.length === 0) {
    const refusal = `0/${world.nodes.length} nodes are available: pod affinity terms conflict.`;
    return { kind: "unschedulable", message: `${refusal} ${claims}preemption: ${never || unhelpful}` };
  }
  const verdicts = world.nodes.map((node) =>
    pinned === undefined || pinned.includes(nameOf(node)) ? filter(world, pod, node) : leftOut,
  );
  const feasible = world.nodes.filter((_, i) => verdicts[i] === undefined);
  if (feasible.length > 0) return place(world, pod, feasible);

  const message = sentence(
    verdicts.flatMap((each) => each!.reasons),
    world.nodes.length,
  );
  const tried = world.nodes.map((node, i) =>
    verdicts[i]!.code === "Unschedulable"
      ? victimsOn(world, pod, node)
      : ["Preemption is not helpful for scheduling"],
  );
  if (never) return { kind: "unschedulable", message: `${message} ${claims}preemption: ${never}` };
  const candidates = tried.filter((each) => "victims" in each);
  if (candidates.length === 0) {
    const reasons = tried.flatMap((each) => ("victims" in each ? [] : each));
    return {
      kind: "unschedulable",
      message: `${message} ${claims}preemption: ${sentence(reasons, world.nodes.length)}`,
    };
  }
  return {
    kind: "preempts",
    message,
    candidates: leastHarmful(candidates).map(({ node, victims }) => ({ node, victims: victims.map(keyOf) })),
  };
}

const leftOut = {
  code: "UnschedulableAndUnresolvable",
  reasons: ["node(s) didn't satisfy plugin(s) [NodeAffinity]"],
} as const;

/** The nodes that required affinity names, if each of its terms names some. */
function pinnedNodes(pod: Pod): string[] | undefined {
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined || required.nodeSelectorTerms.length === 0) return undefined;
  const byTerm = required.nodeSelectorTerms.map((term) =>
    (term.matchFields ?? []).filter((each) => each.operator === "In").map((each) => each.values ?? []),
  );
  if (byTerm.some((pins) => pins.length === 0)) return undefined;
  return byTerm.flatMap(([first = [], ...rest]) =>
    first.filter((name) => rest.every((pins) => pins.includes(name))),
  );
}

function place(world: World, pod: Pod, feasible: readonly Node[]): ReferenceDecision {
  if (feasible.length === 1) return { kind: "placed", best: feasible.map(nameOf), scores: {} };
  const byPlugin = scores(world, pod, feasible);
  const table = feasible.map((node, i) => {
    const row: Record<string, number> = Object.fromEntries(
      [...byPlugin].map(([plugin, values]) => [plugin, values[i]!]),
    );
    return [nameOf(node), { ...row, total: Object.values(row).reduce((a, b) => a + b) }] as const;
  });
  const most = Math.max(...table.map(([, row]) => row.total));
  return {
    kind: "placed",
    best: table.filter(([, row]) => row.total === most).map(([name]) => name),
    scores: Object.fromEntries(table),
  };
}

function sentence(reasons: readonly string[], nodes: number): string {
  const distinct = [...new Set(reasons)];
  const parts = distinct.map((reason) => `${reasons.filter((each) => each === reason).length} ${reason}`);
  return `0/${nodes} nodes are available: ${parts.toSorted().join(", ")}.`;
}

interface Room {
  readonly node: string;
  readonly victims: readonly RunningPod[];
  readonly violations: number;
}

/** The pods that have to leave a node, or why that does not help. */
function victimsOn(world: World, pod: Pod, node: Node): Room | readonly string[] {
  const lower = world.pods.filter(
    (each) => each.node === nameOf(node) && priorityOf(each.pod) < priorityOf(pod),
  );
  if (lower.length === 0) return ["No preemption victims found for incoming pod"];
  const without = (gone: readonly RunningPod[]): World => ({
    ...world,
    pods: world.pods.filter((each) => !gone.includes(each)),
  });
  let gone = lower;
  const refusal = filter(without(gone), pod, node);
  if (refusal !== undefined) return refusal.reasons;
  const sorted = lower.toSorted(byImportance);
  const protectedPods = overBudget(world, sorted);
  let violations = 0;
  for (const each of [
    ...sorted.filter((p) => protectedPods.has(p)),
    ...sorted.filter((p) => !protectedPods.has(p)),
  ]) {
    const spared = gone.filter((other) => other !== each);
    if (filter(without(spared), pod, node) === undefined) gone = spared;
    else if (protectedPods.has(each)) violations++;
  }
  return { node: nameOf(node), victims: gone.toSorted(byImportance), violations };
}

function startOf({ pod }: RunningPod): number {
  const time = Date.parse(pod.status?.startTime ?? "");
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time;
}

function byImportance(a: RunningPod, b: RunningPod): number {
  return priorityOf(b.pod) - priorityOf(a.pod) || startOf(a) - startOf(b);
}

function overBudget(world: World, pods: readonly RunningPod[]): Set<RunningPod> {
  const over = new Set<RunningPod>();
  for (const budget of world.objects.filter((each) => each.kind === "PodDisruptionBudget")) {
    const { spec, status } = budget as KubernetesObject & {
      spec: { selector?: Parameters<typeof matchesLabels>[0] };
      status?: { disruptionsAllowed?: number; disruptedPods?: object };
    };
    let allowed = status?.disruptionsAllowed ?? 0;
    const asks =
      Object.keys(spec.selector?.matchLabels ?? {}).length + (spec.selector?.matchExpressions ?? []).length;
    for (const each of pods) {
      const labels = each.pod.metadata?.labels ?? {};
      if (asks === 0 || Object.keys(labels).length === 0 || !matchesLabels(spec.selector, labels)) continue;
      if ((budget.metadata?.namespace ?? "default") !== namespaceOf(each.pod)) continue;
      if ((each.pod.metadata?.name ?? "") in (status?.disruptedPods ?? {})) continue;
      if (--allowed < 0) over.add(each);
    }
  }
  return over;
}

function leastHarmful(rooms: readonly Room[]): readonly Room[] {
  const highest = ({ victims }: Room) => Math.max(...victims.map(({ pod }) => priorityOf(pod)));
  const criteria: ((room: Room) => number)[] = [
    (room) => room.violations,
    highest,
    (room) => room.victims.reduce((sum, { pod }) => sum + priorityOf(pod) + 2 ** 31, 0),
    (room) => room.victims.length,
    (room) => -Math.min(...room.victims.filter(({ pod }) => priorityOf(pod) === highest(room)).map(startOf)),
  ];
  return criteria.reduce<readonly Room[]>((left, criterion) => {
    const least = Math.min(...left.map(criterion));
    return left.filter((each) => criterion(each) === least);
  }, rooms);
}

function keyOf({ pod }: RunningPod): string {
  return `${namespaceOf(pod)}/${pod.metadata?.name ?? ""}`;
}
