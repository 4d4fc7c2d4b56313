import { isDeepStrictEqual } from "node:util";
import type { KubernetesObject, Pod } from "@berth/objects";
import { canonical } from "./canonical.ts";
import { isHeldKind } from "./kinds.ts";
import type { Naming } from "./naming.ts";
import { isReady } from "./pod.ts";
import { createSimulation, type Simulation } from "./simulation.ts";

/** A rollout of one workload `web` as real controllers did it. */
export interface RolloutRecording {
  readonly kind: "Deployment" | "StatefulSet" | "DaemonSet";
  readonly nodes: number;
  readonly spec: WorkloadSpec;
  readonly actions: readonly {
    readonly label: string;
    readonly patch: { readonly spec: Partial<WorkloadSpec> };
    readonly atFrame: number;
  }[];
  readonly frames: readonly RolloutFrame[];
  readonly endpointSlices: readonly RecordedSlice[];
}

interface WorkloadSpec {
  readonly replicas?: number;
  readonly template: { readonly metadata: object; readonly spec: { readonly containers: readonly object[] } };
}

interface RecordedSlice {
  readonly ports: readonly object[];
  readonly endpoints:
    | readonly {
        readonly pod: string;
        readonly nodeName: string;
        readonly zone: string;
        readonly conditions: { readonly terminating: boolean };
      }[]
    | null;
}

export interface RolloutFrame {
  readonly event: string;
  readonly revisions: Readonly<Record<string, { readonly pods: number; readonly ready: number }>>;
  readonly pods: readonly RecordedPod[];
}

interface RecordedPod {
  readonly name: string;
  readonly rev: string;
  readonly node: string;
  readonly ready: boolean;
}

/** Frames that agree, and what is wrong with the others. */
export interface RolloutAgreement {
  readonly agreed: number;
  readonly disagreements: readonly string[];
}

/**
 * Plays a recording frame by frame against the simulation. Which pod becomes ready, names and nodes
 * are read from the frame; how many pods of which revision there are, which ordinals, and whom a
 * scale-down may choose, is the simulation's answer.
 */
export function replayRollout(recording: RolloutRecording): RolloutAgreement {
  const replay = new Replay(recording);
  const disagreements = recording.frames.flatMap((_, index) => replay.play(index));
  disagreements.push(...replay.compareEndpoints());
  return {
    agreed: recording.frames.length - new Set(disagreements.map((each) => each.split(":")[0])).size,
    disagreements,
  };
}

class Replay {
  readonly #recording: RolloutRecording;
  readonly #cluster: Simulation;
  #spec: WorkloadSpec;
  #newNames: RecordedPod[] = [];

  constructor(recording: RolloutRecording) {
    this.#recording = recording;
    this.#spec = recording.spec;
    const nodes = Array.from({ length: recording.nodes }, (_, index) =>
      largeNode(`n${index}`, `z${index % 3}`),
    );
    this.#cluster = createSimulation({
      kubernetes: "1.36",
      flavour: "upstream",
      objects: nodes,
      naming: this.#naming(),
    });
  }

  play(index: number): string[] {
    const { frames, actions } = this.#recording;
    const frame = frames[index];
    if (!frame) return [];
    const known = new Set((frames[index - 1]?.pods ?? []).map((pod) => pod.name));
    this.#newNames = frame.pods.filter((pod) => !known.has(pod.name));
    const before = new Map(this.#pods().map((pod) => [pod.metadata?.name ?? "", pod]));
    const action = actions.find((each) => each.atFrame === index);
    if (action) this.#spec = patched(this.#spec, action.patch.spec);
    if (frame.event === "created") this.#cluster.put(service());
    if (frame.event === "created" || action) this.#cluster.put(this.#workload());
    if (frame.event === "some unready") this.#loseReadiness(frame);
    if (frame.event.startsWith("ready ")) this.#becomeReady(frame, before);
    this.#cluster.quiesce();
    const problems = this.#compare(frame, before).map(
      (problem) => `frame ${index} (${frame.event}): ${problem}`,
    );
    this.#adopt(frame, before);
    return problems;
  }

  compareEndpoints(): string[] {
    const slices = this.#cluster.list({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" });
    const ours = slices.flatMap((slice) =>
      isHeldKind(slice, "discovery.k8s.io/v1 EndpointSlice")
        ? (slice.endpoints ?? []).map(({ targetRef, nodeName, zone, conditions }) => ({
            pod: targetRef?.name,
            nodeName,
            zone,
            conditions,
          }))
        : [],
    );
    const theirs = this.#recording.endpointSlices
      .flatMap((slice) => slice.endpoints ?? [])
      // Recorded before the endpoints controller had seen the pod go.
      .filter((endpoint) => !endpoint.conditions.terminating)
      .map(({ pod, nodeName, zone, conditions }) => ({ pod, nodeName, zone, conditions }));
    const [left, right] = [ours, theirs].map((each) => each.map(canonical).toSorted());
    return isDeepStrictEqual(left, right) ? [] : [`endpoints: ${left?.join(" ")} is not ${right?.join(" ")}`];
  }

  #naming(): Naming {
    let uids = 0;
    return {
      uid: () => `uid-${++uids}`,
      templateHash: (_, digest) => digest,
      pod: (owner) => {
        const revision = templateRevision(owner);
        const at = this.#newNames.findIndex((pod) => pod.rev === revision);
        return this.#newNames.splice(Math.max(0, at), at < 0 ? 0 : 1)[0]?.name ?? `unrecorded-${++uids}`;
      },
      endpointSlice: () => `slice-${++uids}`,
    };
  }

  #workload(): KubernetesObject {
    const metadata = { name: "web", namespace: "default" };
    return Object.assign(
      { apiVersion: "apps/v1", kind: this.#recording.kind, metadata },
      { spec: this.#spec },
    );
  }

  #pods(): Pod[] {
    return this.#cluster.list({ apiVersion: "v1", kind: "Pod" }).filter((pod) => isHeldKind(pod, "v1 Pod"));
  }

  #loseReadiness(frame: RolloutFrame): void {
    for (const pod of frame.pods) this.#cluster.setReady(podRef(pod.name), pod.ready);
  }

  #becomeReady(frame: RolloutFrame, before: ReadonlyMap<string, Pod>): void {
    const now = frame.pods.find(
      (pod) => pod.ready && before.has(pod.name) && !isReady(before.get(pod.name) ?? (pod as never)),
    );
    const revision = frame.event.slice("ready ".length);
    const oldest = [...before.values()].find(
      (pod) => !isReady(pod) && pod.metadata?.labels?.["v"] === revision,
    );
    const name = now?.name ?? oldest?.metadata?.name;
    if (name !== undefined) this.#cluster.setReady(podRef(name), true);
  }

  #compare(frame: RolloutFrame, before: ReadonlyMap<string, Pod>): string[] {
    const pods = this.#pods();
    const revisions: Record<string, { pods: number; ready: number }> = {};
    for (const pod of pods) {
      const counts = (revisions[pod.metadata?.labels?.["v"] ?? ""] ??= { pods: 0, ready: 0 });
      counts.pods++;
      if (isReady(pod)) counts.ready++;
    }
    const problems = isDeepStrictEqual(revisions, frame.revisions)
      ? []
      : [`${JSON.stringify(revisions)} is not ${JSON.stringify(frame.revisions)}`];
    if (this.#recording.kind === "StatefulSet") {
      const [ours, theirs] = [pods.map((pod) => pod.metadata?.name), frame.pods.map((pod) => pod.name)].map(
        (names) => names.map(String).toSorted().join(" "),
      );
      if (ours !== theirs) problems.push(`${ours} is not ${theirs}`);
    }
    if (this.#recording.kind === "Deployment") problems.push(...this.#compareVictims(frame, before));
    return problems;
  }

  /** Victims may differ inside a rank only. */
  #compareVictims(frame: RolloutFrame, before: ReadonlyMap<string, Pod>): string[] {
    const here = new Set(this.#pods().map((pod) => pod.metadata?.name));
    const there = new Set(frame.pods.map((pod) => pod.name));
    const crowd = (node?: string) => [...before.values()].filter((pod) => pod.spec?.nodeName === node).length;
    const ranks = (gone: (name: string) => boolean) =>
      [...before]
        .filter(([name]) => gone(name))
        .map(
          ([, pod]) =>
            `${pod.metadata?.labels?.["v"]} ${isReady(pod) ? `ready, ${crowd(pod.spec?.nodeName)} there` : "not ready"}`,
        )
        .toSorted();
    const [ours, theirs] = [ranks((name) => !here.has(name)), ranks((name) => !there.has(name))];
    return isDeepStrictEqual(ours, theirs)
      ? []
      : [`victims [${ours.join(", ")}] are not [${theirs.join(", ")}]`];
  }

  /** Goes on from what was recorded: the same victims, names and nodes. */
  #adopt(frame: RolloutFrame, before: ReadonlyMap<string, Pod>): void {
    const recorded = new Map(frame.pods.map((pod) => [pod.name, pod]));
    const ours = new Map(this.#pods().map((pod) => [pod.metadata?.name ?? "", pod]));
    const surplus = [...ours.values()].filter((pod) => !recorded.has(pod.metadata?.name ?? ""));
    for (const pod of frame.pods) {
      const mine = ours.get(pod.name);
      const given = mine ?? before.get(pod.name);
      const spare = surplus.findIndex((each) => each.metadata?.labels?.["v"] === pod.rev);
      if (!mine && spare >= 0)
        this.#cluster.remove(podRef(surplus.splice(spare, 1)[0]?.metadata?.name ?? ""));
      if (!given?.spec || (mine && mine.spec?.nodeName === pod.node)) continue;
      const moved: Pod = { ...given, spec: { ...given.spec, nodeName: pod.node } };
      this.#cluster.put(moved);
    }
  }
}

function templateRevision(owner: KubernetesObject): string | undefined {
  if (!isHeldKind(owner, "apps/v1 ReplicaSet") && !isHeldKind(owner, "apps/v1 DaemonSet")) return undefined;
  return owner.spec?.template?.metadata?.labels?.["v"];
}

function podRef(name: string) {
  return { apiVersion: "v1", kind: "Pod", namespace: "default", name };
}

function patched(spec: WorkloadSpec, { template, ...fields }: Partial<WorkloadSpec>): WorkloadSpec {
  if (!template) return { ...spec, ...fields };
  const containers = template.spec.containers.map((each, index) => ({
    ...spec.template.spec.containers[index],
    ...each,
  }));
  return {
    ...spec,
    ...fields,
    template: { metadata: template.metadata, spec: { ...spec.template.spec, ...template.spec, containers } },
  };
}

function largeNode(name: string, zone: string): KubernetesObject {
  const amounts = { cpu: "64", memory: "256Gi", pods: "250" };
  const labels = { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone };
  return Object.assign(
    { apiVersion: "v1", kind: "Node", metadata: { name, labels } },
    { status: { allocatable: amounts, capacity: amounts } },
  );
}

function service(): KubernetesObject {
  const metadata = { name: "web", namespace: "default" };
  return Object.assign(
    { apiVersion: "v1", kind: "Service", metadata },
    { spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] } },
  );
}
