import { type KubernetesObject, milliUnits, type Node, type Pod } from "@berth/objects";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical } from "./canonical.ts";
import { SERVICE_LABEL } from "./controllers/endpoints.ts";
import { rollingBounds } from "./controllers/revision.ts";
import { isHeldKind } from "./kinds.ts";
import { isActive, isReady } from "./pod.ts";
import { createSimulation, type Simulation } from "./simulation.ts";
import { countedNames, node, podsIn, service, workload } from "./testing.ts";

const numRuns = process.env["BERTH_LONG"] === "1" ? 5000 : 150;

/** Something that happens to a cluster. */
type Deed =
  | {
      readonly deed: "deploy";
      readonly name: string;
      readonly replicas: number;
      readonly image: number;
      readonly cpu: number;
      readonly strategy: object;
    }
  | {
      readonly deed: "set";
      readonly name: string;
      readonly replicas: number;
      readonly image: number;
      readonly parallel: boolean;
      readonly partition: number;
    }
  | { readonly deed: "daemon"; readonly name: string; readonly image: number; readonly surge: boolean }
  | {
      readonly deed: "remove";
      readonly kind: "Deployment" | "StatefulSet" | "DaemonSet";
      readonly name: string;
    }
  | { readonly deed: "add-node"; readonly name: string; readonly zone: string }
  | { readonly deed: "remove-node"; readonly name: string }
  | { readonly deed: "lose-readiness"; readonly nth: number }
  | { readonly deed: "step" };

const name = fc.constantFrom("a", "b");
const amount = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom("0%", "25%", "50%", "100%"));
const rolling = fc.record({
  type: fc.constant("RollingUpdate"),
  rollingUpdate: fc.record({ maxSurge: amount, maxUnavailable: amount }),
});
// Each keeps its kind: a deployment that is resized and becomes Recreate in the middle of a rollout is stuck for ever, in Kubernetes too.
const strategies = { a: rolling, b: fc.constant({ type: "Recreate" }) };
const image = fc.integer({ min: 1, max: 3 });
const replicas = fc.integer({ min: 0, max: 7 });
const nodeName = fc.constantFrom("n1", "n2", "n3", "n4");
const cpu = fc.constantFrom(100, 700, 1500);
const deploy = (named: "a" | "b") =>
  fc.record({
    deed: fc.constant("deploy" as const),
    name: fc.constant(named),
    replicas,
    image,
    cpu,
    strategy: strategies[named],
  });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 2, arbitrary: deploy("a") },
  { weight: 2, arbitrary: deploy("b") },
  fc.record({
    deed: fc.constant("set"),
    name,
    replicas,
    image,
    parallel: fc.boolean(),
    partition: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({ deed: fc.constant("daemon"), name, image, surge: fc.boolean() }),
  fc.record({
    deed: fc.constant("remove"),
    kind: fc.constantFrom("Deployment", "StatefulSet", "DaemonSet"),
    name,
  }),
  fc.record({ deed: fc.constant("add-node"), name: nodeName, zone: fc.constantFrom("z1", "z2") }),
  fc.record({ deed: fc.constant("remove-node"), name: nodeName }),
  fc.record({ deed: fc.constant("lose-readiness"), nth: fc.nat(20) }),
  { weight: 3, arbitrary: fc.record({ deed: fc.constant("step") }) },
);

function start(
  objects: Iterable<KubernetesObject> = [node("n1", "z1"), node("n2", "z2"), service("a"), service("b")],
  prefix = "uid",
): Simulation {
  return createSimulation({ kubernetes: "1.36", flavour: "aks", objects, naming: countedNames(prefix) });
}

function perform(cluster: Simulation, each: Deed): void {
  const apps = { apiVersion: "apps/v1", namespace: "default" };
  switch (each.deed) {
    case "deploy":
      cluster.put(
        workload(
          "Deployment",
          each.name,
          { replicas: each.replicas, strategy: each.strategy },
          `x:${each.image}`,
          `${each.cpu}m`,
        ),
      );
      return;
    case "set": {
      const podManagementPolicy = each.parallel ? "Parallel" : "OrderedReady";
      const updateStrategy = { type: "RollingUpdate", rollingUpdate: { partition: each.partition } };
      cluster.put(
        workload(
          "StatefulSet",
          each.name,
          { replicas: each.replicas, podManagementPolicy, updateStrategy },
          `x:${each.image}`,
        ),
      );
      return;
    }
    case "daemon": {
      const rollingUpdate = each.surge
        ? { maxSurge: 1, maxUnavailable: 0 }
        : { maxSurge: 0, maxUnavailable: 1 };
      cluster.put(
        workload(
          "DaemonSet",
          each.name,
          { updateStrategy: { type: "RollingUpdate", rollingUpdate } },
          `x:${each.image}`,
        ),
      );
      return;
    }
    case "remove":
      cluster.remove({ ...apps, kind: each.kind, name: each.name });
      return;
    case "add-node":
      cluster.put(node(each.name, each.zone));
      return;
    case "remove-node":
      cluster.remove({ apiVersion: "v1", kind: "Node", name: each.name });
      return;
    case "lose-readiness": {
      const pods = podsIn(cluster.objects()).filter(isReady);
      const pod = pods[each.nth % Math.max(1, pods.length)];
      if (pod)
        cluster.setReady(
          { apiVersion: "v1", kind: "Pod", namespace: "default", name: pod.metadata?.name ?? "" },
          false,
        );
      return;
    }
    case "step":
      cluster.step();
  }
}

/** What must hold at any moment. */
function expectSound(cluster: Simulation): void {
  const pods = podsIn(cluster.objects());
  const nodes = new Map(
    cluster.list({ apiVersion: "v1", kind: "Node" }).map((each) => [each.metadata?.name, each as Node]),
  );
  const used = new Map<string, number>();
  for (const pod of pods) {
    const where = pod.spec?.nodeName;
    if (where === undefined) continue;
    expect(nodes.has(where)).toBe(true);
    used.set(where, (used.get(where) ?? 0) + cpuOf(pod));
  }
  for (const [where, cpu] of used)
    expect(cpu).toBeLessThanOrEqual(milliUnits(nodes.get(where)?.status?.allocatable?.["cpu"] ?? "0"));
  const addresses = pods.flatMap((pod) => pod.status?.podIP ?? []);
  expect(new Set(addresses).size).toBe(addresses.length);
}

function cpuOf(pod: Pod): number {
  return (pod.spec?.containers ?? []).reduce(
    (sum, each) => sum + milliUnits(each.resources?.requests?.["cpu"] ?? "0"),
    0,
  );
}

describe("whatever happens to a cluster", () => {
  test("pods run on nodes that are there, and within what those have", () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 14 }), (deeds) => {
        const cluster = start();
        for (const each of deeds) {
          perform(cluster, each);
          cluster.quiesce();
          expectSound(cluster);
        }
      }),
      { numRuns },
    );
  });

  test("it comes to rest, and rest is a fixed point, also for one who finds it so", () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 14 }), (deeds) => {
        const cluster = start();
        for (const each of deeds) perform(cluster, each);
        cluster.settle();
        cluster.takeChanges();
        expect(cluster.settle()).toEqual([]);
        expect(cluster.takeChanges()).toEqual([]);
        const objects = [...cluster.objects()];
        const found = start(objects, "found");
        expect(found.settle().filter((event) => event.kind !== "pod-unschedulable")).toEqual([]);
        expect(canonical([...found.objects()])).toBe(canonical(objects));
      }),
      { numRuns },
    );
  });

  test("what rests short of its spec waits for a pod without a node", () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 14 }), (deeds) => {
        const cluster = start();
        for (const each of deeds) perform(cluster, each);
        cluster.settle();
        for (const stuck of cluster.stuck()) {
          expect(stuck.notReady).toEqual([]);
          expect(stuck.unschedulable.length).toBeGreaterThan(0);
        }
      }),
      { numRuns },
    );
  });
});

test("a rolling update never has more pods than surge allows, nor fewer available than it must", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      amount,
      amount,
      fc.integer({ min: 1, max: 9 }),
      (before, maxSurge, maxUnavailable, after) => {
        const rolling = { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } };
        const cluster = start();
        cluster.put(workload("Deployment", "a", { replicas: before, strategy: rolling }));
        cluster.settle();
        const updated = cluster.put(
          workload("Deployment", "a", { replicas: Math.min(before, after), strategy: rolling }, "a:v2"),
        );
        if (!isHeldKind(updated, "apps/v1 Deployment")) throw new TypeError("a deployment was put");
        const { maxTotal, minAvailable } = rollingBounds(updated);
        let frames = 0;
        for (let events = cluster.quiesce(); frames === 0 || events.length > 0; events = cluster.step()) {
          frames++;
          const pods = podsIn(cluster.objects()).filter(isActive);
          expect(pods.length).toBeLessThanOrEqual(Math.max(maxTotal, before));
          expect(pods.filter(isReady).length).toBeGreaterThanOrEqual(Math.min(before, minAvailable));
        }
        expect(cluster.stuck()).toEqual([]);
        expect(podsIn(cluster.objects()).every((pod) => pod.spec?.containers[0]?.image === "a:v2")).toBe(
          true,
        );
      },
    ),
    { numRuns },
  );
});

test("settling does what stepping does", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 14 }), (deeds) => {
      const [stepped, settled] = [start(), start()];
      for (const each of deeds) {
        perform(stepped, each);
        perform(settled, each);
      }
      while (stepped.step().length > 0);
      settled.settle();
      expect(outcome(settled)).toEqual(outcome(stepped));
    }),
    { numRuns },
  );
});

/** Where pods run, and who serves: all but what objects are called inside. */
function outcome(cluster: Simulation): object {
  const slices = [...cluster.objects()].flatMap((each) =>
    isHeldKind(each, "discovery.k8s.io/v1 EndpointSlice")
      ? (each.endpoints ?? []).map(
          (endpoint) => `${each.metadata?.labels?.[SERVICE_LABEL]} ${endpoint.targetRef?.name}`,
        )
      : [],
  );
  const pods = podsIn(cluster.objects()).map(
    (pod) => `${pod.metadata?.name} ${pod.spec?.nodeName} ${isReady(pod)}`,
  );
  return { pods, slices: slices.toSorted(), stuck: cluster.stuck() };
}

test("who takes a cluster over as it is observed goes on as it would have gone on itself", () => {
  fc.assert(
    fc.property(
      fc.array(deed, { maxLength: 10 }),
      fc.array(deed, { minLength: 1, maxLength: 4 }),
      (past, future) => {
        const own = start();
        for (const each of past) perform(own, each);
        own.settle();
        const objects = [...own.objects()].map(withoutTimes);
        const kinds = [
          "Namespace",
          "Node",
          "Pod",
          "Service",
          "Deployment",
          "ReplicaSet",
          "StatefulSet",
          "DaemonSet",
        ];
        const observed = [...kinds, "EndpointSlice", "ControllerRevision"].flatMap((kind) =>
          objects.filter((each) => each.kind === kind),
        );
        const other = start(observed, "other");
        other.settle();
        for (const each of future) {
          if (each.deed === "lose-readiness") continue;
          perform(own, each);
          perform(other, each);
          if (each.deed === "step") continue;
          own.settle();
          other.settle();
        }
        own.settle();
        other.settle();
        expect(shape(other)).toEqual(shape(own));
      },
    ),
    { numRuns },
  );
});

function withoutTimes(object: KubernetesObject): KubernetesObject {
  const { creationTimestamp: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}

/** Which pods there are and where, by what they belong to, in order of creation. */
function shape(cluster: Simulation): readonly string[] {
  return podsIn(cluster.objects())
    .map((pod) => {
      const owner = cluster.workloadOf({
        apiVersion: "v1",
        kind: "Pod",
        namespace: "default",
        name: pod.metadata?.name ?? "",
      });
      return `${owner?.kind} ${owner?.name} ${pod.spec?.containers[0]?.image} on ${pod.spec?.nodeName}`;
    })
    .toSorted();
}
