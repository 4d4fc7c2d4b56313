import type { PodAffinityTerm } from "@berth/objects";
import { makeNodes, makePods, type PodTemplate, type Workload } from "./workload.ts";

// The workloads of kubernetes v1.36.2 test/integration/scheduler_perf with their nodes, pods and
// counts, and the floors that its continuous integration holds kube-scheduler to (scheduling.md §5.1).

const zoneKey = "topology.kubernetes.io/zone";
const oneZone = () => ({ [zoneKey]: "zone1" });
const moons = (index: number) => ({ [zoneKey]: `moon-${(index % 3) + 1}` });

const term = (color: string, topologyKey: string): PodAffinityTerm => ({
  labelSelector: { matchLabels: { color } },
  topologyKey,
  namespaces: ["sched-1", "sched-0"],
});

function near(color: string, how: "podAffinity" | "podAntiAffinity", preferred: boolean): PodTemplate {
  const of = term(color, preferred || how === "podAntiAffinity" ? "kubernetes.io/hostname" : zoneKey);
  const affinity = preferred
    ? { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: of }] }
    : { requiredDuringSchedulingIgnoredDuringExecution: [of] };
  return { labels: { color }, spec: { affinity: { [how]: affinity } } };
}

const affine = near("blue", "podAffinity", false);
const apart = near("green", "podAntiAffinity", false);
const preferablyNear = near("red", "podAffinity", true);
const preferablyApart = near("yellow", "podAntiAffinity", true);

const inZone: PodTemplate = {
  spec: {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: zoneKey, operator: "In", values: ["zone1", "zone2"] }] },
          ],
        },
      },
    },
  },
};

function spread(whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway"): PodTemplate {
  return {
    labels: { color: "blue" },
    spec: {
      topologySpreadConstraints: [
        {
          maxSkew: 5,
          topologyKey: zoneKey,
          whenUnsatisfiable,
          labelSelector: { matchLabels: { color: "blue" } },
        },
      ],
    },
  };
}

const lowPriority: PodTemplate = { cpu: "900m" };
const highPriority: PodTemplate = { cpu: "3", spec: { priority: 10 } };
const tooLarge: PodTemplate = { cpu: "9", spec: { priority: 10 } };
const inSched = (template: PodTemplate, number: 0 | 1): PodTemplate => ({
  ...template,
  namespace: `sched-${number}`,
});

/** Made one after the other, since each holds tens of thousands of objects. */
export const schedulerPerf: readonly (() => Workload)[] = [
  () => ({
    name: "Basic, 5,000 nodes, 10,000 pods",
    floor: 270,
    target: 50_000,
    nodes: makeNodes(5000),
    before: makePods("init", 1000),
    measured: makePods("pod", 10_000),
  }),
  () => ({
    name: "NodeAffinity, 5,000 nodes, 10,000 pods",
    floor: 220,
    nodes: makeNodes(5000, oneZone),
    before: makePods("init", 5000, inZone),
    measured: makePods("pod", 10_000, inZone),
  }),
  () => ({
    name: "TopologySpreading, 5,000 nodes, 5,000 pods",
    floor: 85,
    nodes: makeNodes(5000, moons),
    before: makePods("init", 5000),
    measured: makePods("pod", 5000, spread("DoNotSchedule")),
  }),
  () => ({
    name: "PreferredTopologySpreading, 5,000 nodes, 5,000 pods",
    floor: 125,
    nodes: makeNodes(5000, moons),
    before: makePods("init", 5000),
    measured: makePods("pod", 5000, spread("ScheduleAnyway")),
  }),
  () => ({
    name: "PodAffinity, 5,000 nodes, 5,000 pods",
    floor: 35,
    nodes: makeNodes(5000, oneZone),
    before: makePods("init", 5000, inSched(affine, 0)),
    measured: makePods("pod", 5000, inSched(affine, 1)),
  }),
  () => ({
    name: "PodAntiAffinity, 5,000 nodes, 2,000 pods",
    floor: 60,
    nodes: makeNodes(5000),
    before: makePods("init", 1000, inSched(apart, 0)),
    measured: makePods("pod", 2000, inSched(apart, 1)),
  }),
  () => ({
    name: "PreferredPodAffinity, 5,000 nodes, 5,000 pods",
    floor: 90,
    nodes: makeNodes(5000),
    before: makePods("init", 5000, inSched(preferablyNear, 0)),
    measured: makePods("pod", 5000, inSched(preferablyNear, 1)),
  }),
  () => ({
    name: "MixedSchedulingBasePod, 5,000 nodes, 5,000 pods",
    floor: 140,
    nodes: makeNodes(5000, oneZone),
    before: [
      ...makePods("base", 2000, inSched({}, 0)),
      ...makePods("affine", 2000, inSched(affine, 0)),
      ...makePods("apart", 2000, inSched(apart, 0)),
      ...makePods("preferably-near", 2000, inSched(preferablyNear, 0)),
      ...makePods("preferably-apart", 2000, inSched(preferablyApart, 0)),
    ],
    measured: makePods("pod", 5000),
  }),
  // kube-scheduler gets 5 of the churning pods a second: at its floor one after some 28 measured ones.
  () => ({
    name: "Unschedulable, 5,000 nodes, 10,000 pods",
    floor: 140,
    nodes: makeNodes(5000),
    before: makePods("init", 100),
    measured: makePods("pod", 10_000),
    churn: { pods: makePods("large", 360, tooLarge), every: 28 },
  }),
  () => ({
    name: "PreemptionAsync, 5,000 nodes, 5,000 pods",
    floor: 160,
    nodes: makeNodes(5000),
    before: makePods("low", 20_000, lowPriority),
    measured: makePods("pod", 5000),
    churn: { pods: makePods("high", 156, highPriority), every: 32 },
  }),
  () => ({
    name: "Preemption, 5,000 nodes, 5,000 pods that all preempt",
    floor: 160,
    nodes: makeNodes(5000),
    before: makePods("low", 20_000, lowPriority),
    measured: makePods("high", 5000, highPriority),
  }),
  () => ({
    name: "Daemonset, 15,000 nodes, 30,000 pods",
    floor: 390,
    nodes: [...makeNodes(15_000), daemonNode],
    before: [],
    measured: makePods("daemon", 30_000, onDaemonNode),
  }),
];

const daemonNode = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "scheduler-perf-node", labels: { "kubernetes.io/hostname": "scheduler-perf-node" } },
  status: { allocatable: { cpu: "9000", memory: "90000Gi", pods: "90000" } },
} as const;

const onDaemonNode: PodTemplate = {
  spec: {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchFields: [{ key: "metadata.name", operator: "In", values: ["scheduler-perf-node"] }] },
          ],
        },
      },
    },
  },
};
