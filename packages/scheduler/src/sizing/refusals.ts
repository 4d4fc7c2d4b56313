import type { Pod } from "@berth/objects";
import type { NodeRecord } from "../cluster/node-record.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import { firstUntolerated } from "../cluster/toleration.ts";
import { valueOf } from "../cluster/selector.ts";
import type { NodeRefusal } from "../decision.ts";
import type { GrowingShape } from "./remedy.ts";
import type { Trial } from "./trial.ts";

/** What refuses a pod on every node and on a new node of every zone of every shape, the commonest reason first. */
export function refusalsOf(
  [pod]: readonly Pod[],
  shapes: readonly GrowingShape[],
  trial: Trial,
): readonly string[] {
  if (pod === undefined) return [];
  const gates = trial.core.view(pod).pods.gates;
  if (trial.view(pod) === undefined) return [`waits for scheduling gates ${gates.join(", ")}`];
  trial.reset();
  for (const shape of shapes) for (let i = 0; i < (shape.zones ?? 1); i++) trial.grow(shape);
  const { pods } = trial.core.view(pod);
  const refusals = trial.core.refusals(pod);
  const counts = new Map<string, number>();
  refusals.forEach((refusal, index) => {
    const reason = reasonOf(refusal, trial.core.cluster.nodes[index]!, pods);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  });
  trial.reset();
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) =>
      counts.size === 1 ? `every node: ${reason}` : `${count} of ${refusals.length} nodes: ${reason}`,
    );
}

function reasonOf({ plugin, reasons }: NodeRefusal, { taints, labels }: NodeRecord, pods: PodClass): string {
  if (plugin === "TaintToleration") {
    const taint = firstUntolerated(taints, pods.tolerations);
    const value = taint?.value ? `=${taint.value}` : "";
    if (taint) return `taint ${taint.key}${value}:${taint.effect} is not tolerated`;
  }
  if (plugin === "NodeAffinity") {
    const missing = Object.entries(pods.nodeSelector ?? {}).filter(
      ([key, value]) => valueOf(labels, key) !== value,
    );
    if (missing.length > 0) return `has no label ${missing.map((pair) => pair.join("=")).join(", ")}`;
  }
  return reasons.join(", ");
}
