import type { Pod } from "@berth/objects";
import { createScheduler, type NodeExplanation, type Scheduler } from "@berth/scheduler";
import { disagreements, nameOf } from "./judge.ts";
import type { PlacementRecording, PlacementStep } from "./recording.ts";

/** One decision that differs from the recording. */
export interface Disagreement {
  readonly step: number;
  readonly pod: string;
  readonly differences: readonly string[];
  /** Every node as the scheduler saw it. */
  readonly table: readonly NodeExplanation[];
}

/** Predicts each step from the state that the recording left, and goes on as the recording did. */
export function replayRecording(recording: PlacementRecording): {
  readonly decisions: number;
  readonly wrong: readonly Disagreement[];
} {
  const namespaces = recording.namespaces.map((metadata) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata,
  }));
  const scheduler = createScheduler({
    nodes: recording.nodes,
    objects: [...namespaces, ...recording.objects],
    kubernetes: recording.kubernetes,
    flavour: "upstream",
  });
  const running = new Map<string, Pod>();
  const wrong = recording.steps.flatMap((step, index) => {
    const { differences, table } = compare(scheduler, step, running);
    follow(scheduler, running, step);
    return differences.length === 0 ? [] : [{ step: index, pod: nameOf(step.pod), differences, table }];
  });
  return { decisions: recording.steps.length, wrong };
}

/** A step that the scheduler cannot read is a disagreement like any other. */
function compare(
  scheduler: Scheduler,
  step: PlacementStep,
  running: ReadonlyMap<string, Pod>,
): Pick<Disagreement, "differences" | "table"> {
  try {
    const differences = disagreements(scheduler.decide(step.pod), step, running);
    return { differences, table: differences.length === 0 ? [] : scheduler.explain(step.pod) };
  } catch (error) {
    return { differences: [`failed: ${error instanceof Error ? error.message : String(error)}`], table: [] };
  }
}

function follow(scheduler: Scheduler, running: Map<string, Pod>, { pod, outcome }: PlacementStep): void {
  if (!("node" in outcome)) return;
  for (const victim of outcome.preempted ?? []) {
    const [namespace = "", name = ""] = victim.split("/");
    running.delete(victim);
    scheduler.remove({ metadata: { namespace, name } });
  }
  scheduler.assume(pod, outcome.node);
  running.set(nameOf(pod), pod);
}
