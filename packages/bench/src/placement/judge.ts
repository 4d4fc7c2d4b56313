import type { Pod } from "@berth/objects";
import type { Decision, Preempts } from "@berth/scheduler";
import type { PlacementStep } from "./recording.ts";

/**
 * What differs between a prediction and what was recorded, a line each; nothing where they agree
 * (traces/README.md, "What agreement means").
 */
export function disagreements(
  decision: Decision,
  step: PlacementStep,
  running: ReadonlyMap<string, Pod>,
): readonly string[] {
  const { outcome } = step;
  if ("gated" in outcome)
    return decision.kind === "gated" ? [] : [`recorded: gated; predicted: ${decision.kind}`];
  if ("unschedulable" in outcome) {
    const message =
      decision.kind === "placed" || decision.kind === "gated" ? decision.kind : decision.message;
    const same = decision.kind === "unschedulable" && message === outcome.unschedulable;
    return same
      ? []
      : [
          `recorded:  ${outcome.unschedulable}`,
          `predicted: ${decision.kind === "preempts" ? "preempts, " : ""}${message}`,
        ];
  }
  if (outcome.preempted !== undefined) {
    return decision.kind === "preempts"
      ? preemptionDifferences(decision, { ...outcome, preempted: outcome.preempted }, running)
      : [
          `recorded: ${outcome.node} after eviction of ${outcome.preempted.join(", ")}; predicted: ${summary(decision)}`,
        ];
  }
  if (decision.kind !== "placed") return [`recorded: ${outcome.node}; predicted: ${summary(decision)}`];
  const best = decision.best.includes(outcome.node)
    ? []
    : [`recorded: ${outcome.node}; predicted one of: ${decision.best.join(", ")}`];
  return [...best, ...scoreDifferences(decision, step)];
}

function summary(decision: Decision): string {
  switch (decision.kind) {
    case "placed":
      return `one of ${decision.best.join(", ")}`;
    case "unschedulable":
      return decision.message;
    case "gated":
      return "gated";
    case "preempts":
      return `${decision.node} after eviction of ${decision.victims.map(nameOf).join(", ")}`;
  }
}

function preemptionDifferences(
  decision: Preempts,
  recorded: { readonly node: string; readonly preempted: readonly string[]; readonly firstMessage?: string },
  running: ReadonlyMap<string, Pod>,
): string[] {
  const { node, preempted, firstMessage } = recorded;
  const differences: string[] = [];
  if (firstMessage !== undefined && firstMessage !== decision.message) {
    differences.push(`recorded:  ${firstMessage}`, `predicted: ${decision.message}`);
  }
  const candidate = decision.candidates.find((each) => each.node === node);
  if (candidate === undefined) {
    const predicted = decision.candidates.map((each) => each.node).join(", ");
    return [...differences, `recorded: room was made on ${node}; predicted: on one of ${predicted}`];
  }
  const worth = (pods: readonly (Pod | undefined)[]) => pods.map(importanceOf).toSorted().join();
  if (worth(candidate.victims) !== worth(preempted.map((name) => running.get(name)))) {
    const predicted = candidate.victims.map(nameOf).toSorted().join(", ");
    differences.push(
      `recorded victims on ${node}: ${preempted.toSorted().join(", ")}; predicted: ${predicted}`,
    );
  }
  return differences;
}

/** Victims of equal priority and start are interchangeable. */
function importanceOf(pod: Pod | undefined): string {
  if (pod === undefined) return "not running";
  return `${pod.spec?.priority ?? 0} since ${pod.status?.startTime ?? nameOf(pod)}`;
}

function scoreDifferences(decision: Extract<Decision, { kind: "placed" }>, step: PlacementStep): string[] {
  if (step.scores === undefined) return [];
  const differences: string[] = [];
  const nodes = new Set([...Object.keys(step.scores), ...decision.scores.keys()]);
  for (const node of [...nodes].toSorted()) {
    const recorded = step.scores[node] ?? {};
    const own = decision.scores.get(node);
    const predicted: Record<string, number> = own === undefined ? {} : { ...own.plugins, total: own.total };
    for (const plugin of new Set([...Object.keys(recorded), ...Object.keys(predicted)])) {
      if (recorded[plugin] === predicted[plugin]) continue;
      differences.push(
        `${node} ${plugin}: recorded ${recorded[plugin] ?? "nothing"}, predicted ${predicted[plugin] ?? "nothing"}`,
      );
    }
  }
  return differences;
}

export function nameOf(pod: Pod): string {
  return `${pod.metadata?.namespace ?? "default"}/${pod.metadata?.name ?? ""}`;
}
