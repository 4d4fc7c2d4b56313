import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject, Node, Pod } from "@berth/objects";
import { expect, test } from "vitest";
import { referenceDecide } from "./decide.ts";
import type { RunningPod } from "./world.ts";

interface Recording {
  readonly namespaces: readonly { readonly name: string; readonly labels?: Record<string, string> }[];
  readonly nodes: readonly Node[];
  readonly objects: readonly KubernetesObject[];
  readonly steps: readonly {
    readonly pod: Pod;
    readonly outcome: {
      readonly node?: string;
      readonly unschedulable?: string;
      readonly preempted?: readonly string[];
    };
    readonly scores?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  }[];
}

const fixtures = join(import.meta.dirname, "../../fixtures");

// The reference must be right before anything is held to it.
test.each(readdirSync(fixtures))("the reference decides %s as kube-scheduler did", (file) => {
  const recording: Recording = JSON.parse(readFileSync(join(fixtures, file), "utf8"));
  const namespaces = recording.namespaces.map((metadata) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata,
  }));
  let pods: RunningPod[] = [];
  for (const { pod, outcome, scores } of recording.steps) {
    const { nodes } = recording;
    const world = {
      nodes,
      pods,
      objects: [...namespaces, ...recording.objects],
      minor: 36,
      flavour: "upstream" as const,
    };
    const { node } = outcome;
    if (node === undefined && outcome.unschedulable === undefined) continue;
    const decision = referenceDecide(world, pod);
    if (node === undefined) {
      expect(decision).toEqual({ kind: "unschedulable", message: outcome.unschedulable });
      continue;
    }
    const key = (each: RunningPod) => `${each.pod.metadata?.namespace}/${each.pod.metadata?.name}`;
    if (decision.kind === "placed") {
      expect(decision.best).toContain(node);
      if (scores !== undefined) expect(decision.scores).toEqual(scores);
    } else if (decision.kind === "preempts") {
      const candidate = decision.candidates.find((each) => each.node === node);
      expect(candidate?.victims.toSorted()).toEqual(outcome.preempted?.toSorted());
    } else expect.unreachable(decision.message);
    pods = [...pods.filter((each) => !outcome.preempted?.includes(key(each))), { pod, node }];
  }
});
