import fc from "fast-check";
import { expect, test } from "vitest";
import type { KubernetesObject, Node } from "@berth/objects";
import type { Decision, Placed } from "../../decision.ts";
import { createScheduler } from "../../scheduler.ts";
import { type Event, history } from "./arbitrary.ts";
import { type ReferenceDecision, referenceDecide } from "./decide.ts";
import { nameOf, namespaceOf, type RunningPod, type World } from "./world.ts";

const runs = process.env["BERTH_LONG"] === "1" ? 5000 : 100;

/** The part of a decision that both can tell. */
function plain(decision: Decision): ReferenceDecision {
  switch (decision.kind) {
    case "placed": {
      const rows = [...decision.scores].map(
        ([name, { plugins, total }]) => [name, { ...plugins, total }] as const,
      );
      return { kind: "placed", best: decision.best, scores: Object.fromEntries(rows) };
    }
    case "unschedulable":
      return { kind: "unschedulable", message: decision.message };
    case "preempts": {
      const candidates = decision.candidates.map(({ node, victims }) => ({
        node,
        victims: victims.map((each) => `${namespaceOf(each)}/${each.metadata?.name}`),
      }));
      return { kind: "preempts", message: decision.message, candidates };
    }
    case "gated":
      throw new Error("no pod of this test has gates");
  }
}

/** Plays a history against both schedulers; tells each pair of decisions, the fast one's read late. */
function play(
  start: {
    readonly nodes: readonly Node[];
    readonly objects: readonly KubernetesObject[];
    readonly events: readonly Event[];
  },
  minor: number,
  flavour: "upstream" | "aks",
): void {
  const scheduler = createScheduler({ nodes: start.nodes, kubernetes: `1.${minor}`, flavour });
  let nodes = [...start.nodes];
  let pods: RunningPod[] = [];
  const objects = new Map<string, KubernetesObject>();
  const keyOf = (object: KubernetesObject) =>
    `${object.kind}/${object.metadata?.namespace}/${object.metadata?.name}`;
  for (const object of start.objects) {
    objects.set(keyOf(object), object);
    scheduler.putObject(object);
  }
  const decided: { readonly decision: Decision; readonly expected: ReferenceDecision }[] = [];
  for (const event of start.events) {
    switch (event.kind) {
      case "pod": {
        const { pod } = event;
        const there = pods.filter((each) => nodes.some((node) => nameOf(node) === each.node));
        const world: World = { nodes, pods: there, objects: [...objects.values()], minor, flavour };
        const decision = scheduler.decide(pod);
        const expected = referenceDecide(world, pod);
        expect(decision.kind).toBe(expected.kind);
        decided.push({ decision, expected });
        if (decision.kind === "preempts") {
          for (const victim of decision.victims) scheduler.remove(victim);
          pods = pods.filter((each) => !decision.victims.includes(each.pod));
        }
        if (decision.kind === "placed" || decision.kind === "preempts") {
          scheduler.assume(pod, decision.node);
          pods.push({ pod, node: decision.node });
        }
        break;
      }
      case "remove-pod": {
        const [removed] = pods.splice(event.which % Math.max(1, pods.length), 1);
        if (removed) expect(scheduler.remove(removed.pod)).toBe(true);
        break;
      }
      case "node": {
        const at = nodes.findIndex((each) => nameOf(each) === nameOf(event.node));
        if (at < 0) scheduler.addNode(event.node);
        else scheduler.updateNode(event.node);
        nodes = at < 0 ? [...nodes, event.node] : nodes.with(at, event.node);
        break;
      }
      case "remove-node":
        scheduler.removeNode(event.name);
        nodes = nodes.filter((each) => nameOf(each) !== event.name);
        break;
      case "object":
        objects.set(keyOf(event.object), event.object);
        scheduler.putObject(event.object);
        break;
      case "remove-object":
        objects.delete(keyOf(event.object));
        scheduler.removeObject(event.object);
        break;
    }
  }
  for (const { decision, expected } of decided) {
    expect(plain(decision)).toEqual(expected);
    if (decision.kind === "placed") expectTotals(decision);
  }
}

/** What is told of totals at once is what the scores say that are made later. */
function expectTotals({ node, scores, total, runnerUp }: Placed): void {
  const others = [...scores].filter(([name]) => name !== node).map(([, each]) => each.total);
  expect(total).toBe(scores.get(node)?.total);
  expect(runnerUp).toBe(others.length === 0 ? undefined : Math.max(...others));
}

test.each([
  [36, "upstream"],
  [35, "aks"],
  [34, "upstream"],
] as const)("the fast scheduler decides as the slow one, whatever happens (1.%i, %s)", (minor, flavour) => {
  fc.assert(
    fc.property(history, (start) => play(start, minor, flavour)),
    { numRuns: runs },
  );
});
