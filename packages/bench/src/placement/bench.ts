import { existsSync } from "node:fs";
import { join } from "node:path";
import { createScheduler } from "@berth/scheduler";
import type { Bench, Measurement } from "../bench.ts";
import { openb } from "./openb.ts";
import { schedulerPerf } from "./scheduler-perf.ts";
import { makeNodes, makePods, type Workload } from "./workload.ts";

/** Fifty times the floor that kube-scheduler is held to. */
const promise = 50;

const shared = process.env["BERTH_SHARED"] ?? join(import.meta.dirname, "../../../../../shared");

/** Pods a second, all nodes scored, against kube-scheduler's own workloads. */
export const placement: Bench = {
  name: "placement",
  description: "pods placed a second, every node scored; to reach: 50 times what kube-scheduler is held to",
  async run(progress) {
    progress("the limits of Kubernetes");
    const measurements = kubernetesLimits();
    for (const make of schedulerPerf) {
      const workload = make();
      progress(workload.name);
      const rate = bestOf(workload);
      const floor = workload.floor === undefined ? [] : [workload.floor * promise];
      const atLeast = Math.max(...floor, workload.target ?? 0);
      measurements.push({ name: workload.name, value: rate, unit: "pods/s", target: { atLeast } });
    }
    if (existsSync(join(shared, "data/openb-nodes.csv"))) {
      const workload = openb(join(shared, "data"));
      progress(workload.name);
      measurements.push({ name: workload.name, value: bestOf(workload), unit: "pods/s" });
    }
    return measurements;
  },
};

/** The best of three: what the code can do, not what else the machine was doing. */
function bestOf(workload: Workload): number {
  return Math.max(...[1, 2, 3].map(() => podsPerSecond(workload)));
}

function podsPerSecond(workload: Workload): number {
  const { nodes, objects = [], before, measured, churn } = workload;
  const scheduler = createScheduler({ nodes, objects, kubernetes: "1.36", flavour: "upstream" });
  scheduler.schedule(before);
  const batches: (typeof measured)[] = [];
  const every = churn?.every ?? measured.length;
  for (let from = 0; from < measured.length; from += every) {
    batches.push(measured.slice(from, from + every), churn?.pods.slice(from / every, from / every + 1) ?? []);
  }
  const start = performance.now();
  for (const batch of batches) scheduler.schedule(batch);
  return (1000 * measured.length) / (performance.now() - start);
}

/** First of all, so that the process holds nothing else yet: its peak includes the pods themselves. */
function kubernetesLimits(): Measurement[] {
  const zones = (index: number) => ({ "topology.kubernetes.io/zone": `zone-${index % 3}` });
  const nodes = makeNodes(5000, zones);
  const pods = makePods("pod", 150_000);
  const start = performance.now();
  createScheduler({ nodes, kubernetes: "1.36", flavour: "upstream" }).schedule(pods);
  const seconds = (performance.now() - start) / 1000;
  const name = "150,000 pods on 5,000 nodes";
  return [
    { name, value: seconds, unit: "s", target: { atMost: 10 } },
    {
      name: `${name}, memory`,
      value: process.resourceUsage().maxRSS / 1e6,
      unit: "GB",
      target: { atMost: 1.5 },
    },
  ];
}
