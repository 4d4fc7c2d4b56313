import type { Change } from "./framework/core.ts";
import type { SchedulerOptions } from "./scheduler.ts";

/** What happened to a cluster that is given as it stands. */
export function* initialChanges({ nodes, objects = [], pods = [] }: SchedulerOptions): Generator<Change> {
  for (const node of nodes) yield { kind: "put-node", node };
  for (const object of objects) yield { kind: "put-object", object };
  for (const pod of pods) {
    const phase = pod.status?.phase;
    if (phase === "Succeeded" || phase === "Failed") continue;
    const node = pod.spec?.nodeName;
    const nominated = pod.status?.nominatedNodeName;
    if (node) yield { kind: "place", pod, node };
    else if (nominated) yield { kind: "nominate", pod, node: nominated };
  }
}
