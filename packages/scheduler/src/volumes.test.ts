import type { KubernetesObject } from "@berth/objects";
import { describe, expect, test } from "vitest";
import { createScheduler, type SchedulerOptions } from "./scheduler.ts";
import { node, pod } from "./test-objects.ts";

// Rules: scheduling.md §1.4, the volume plugins. Not in the recordings.

const nodes = [node("a1", { zone: "west-1" }), node("b1", { zone: "west-2" }), node("nowhere")];
const inZone = (zone: string) => ({
  required: {
    nodeSelectorTerms: [
      { matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: [zone] }] },
    ],
  },
});

function volume(name: string, spec: object = {}, labels: Record<string, string> = {}) {
  const csi = { driver: "disk.csi.azure.com", volumeHandle: name };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, labels },
    spec: { capacity: { storage: "10Gi" }, csi, ...spec },
  };
}

function claim(name: string, spec: object = {}, status: object = {}, metadata: object = {}) {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default", ...metadata },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Gi" } }, ...spec },
    status,
  };
}

const bound = (name: string, to: string, spec: object = {}) =>
  claim(name, { volumeName: to, ...spec }, { phase: "Bound" });

function storageClass(name: string, volumeBindingMode: string, rest: object = {}) {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name },
    provisioner: "disk.csi.azure.com",
    volumeBindingMode,
    ...rest,
  };
}

function mounting(name: string, ...claims: string[]) {
  const volumes = claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } }));
  return pod(name, { cpu: "100m" }, { spec: { volumes } });
}

/** Why each node refuses, or that it does not. */
function verdicts(
  objects: readonly KubernetesObject[],
  of = mounting("pod", "data"),
  options: Partial<SchedulerOptions> = {},
) {
  const scheduler = createScheduler({ nodes, objects, kubernetes: "1.36", flavour: "upstream", ...options });
  return scheduler.explain(of).map(({ filters }) => {
    const last = filters.at(-1);
    return last === undefined || last.verdict === "passed" ? "ok" : last.reasons.join(", ");
  });
}

const out = "node(s) didn't match PersistentVolume's node affinity";
const none = "node(s) didn't find available persistent volumes to bind";

describe("VolumeBinding", () => {
  test("a bound volume draws its pod to where it is", () => {
    expect(verdicts([bound("data", "disk"), volume("disk", { nodeAffinity: inZone("west-2") })])).toEqual([
      out,
      "ok",
      out,
    ]);
  });

  test("a claim bound to a volume that is gone keeps its pod away from all nodes", () => {
    const gone = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
    expect(verdicts([bound("data", "disk")])).toEqual([gone, gone, gone]);
  });

  test("a class that waits makes volumes where its topologies allow", () => {
    const allowedTopologies = [
      { matchLabelExpressions: [{ key: "topology.kubernetes.io/zone", values: ["west-1"] }] },
    ];
    const waiting = storageClass("zonal", "WaitForFirstConsumer", { allowedTopologies });
    expect(verdicts([waiting, claim("data", { storageClassName: "zonal" })])).toEqual(["ok", none, none]);
  });

  test("without a provisioner, an available volume must fit: size, class, modes, reach", () => {
    const local = storageClass("local", "WaitForFirstConsumer", {
      provisioner: "kubernetes.io/no-provisioner",
    });
    const wanted = claim("data", { storageClassName: "local" });
    const fits = {
      storageClassName: "local",
      accessModes: ["ReadWriteOnce"],
      nodeAffinity: inZone("west-1"),
    };
    expect(verdicts([local, wanted, volume("disk", fits)])).toEqual(["ok", none, none]);
    expect(verdicts([local, wanted, volume("disk", { ...fits, capacity: { storage: "1Gi" } })])).toEqual([
      none,
      none,
      none,
    ]);
    expect(verdicts([local, wanted, volume("disk", { ...fits, claimRef: { name: "other" } })])).toEqual([
      none,
      none,
      none,
    ]);
    expect(verdicts([local, wanted, volume("disk", { ...fits, accessModes: ["ReadOnlyMany"] })])).toEqual([
      none,
      none,
      none,
    ]);
  });

  test("two claims do not take the same volume", () => {
    const local = storageClass("local", "WaitForFirstConsumer", {
      provisioner: "kubernetes.io/no-provisioner",
    });
    const claims = ["one", "two"].map((name) => claim(name, { storageClassName: "local" }));
    const disk = volume("disk", { storageClassName: "local", accessModes: ["ReadWriteOnce"] });
    expect(verdicts([local, ...claims, disk], mounting("pod", "one", "two"))).toEqual([none, none, none]);
    expect(verdicts([local, ...claims, disk], mounting("pod", "one"))).toEqual(["ok", "ok", "ok"]);
  });

  test.each([
    ["not there", [], 'persistentvolumeclaim "data" not found'],
    [
      "without its class",
      [claim("data", { storageClassName: "x" })],
      "pod has unbound immediate PersistentVolumeClaims",
    ],
    [
      "not bound at once",
      [storageClass("now", "Immediate"), claim("data", { storageClassName: "now" })],
      "pod has unbound immediate PersistentVolumeClaims",
    ],
  ])("a claim that is %s is refused where missing objects are", (_, objects, reason) => {
    const scheduler = createScheduler({
      nodes,
      objects,
      kubernetes: "1.36",
      flavour: "upstream",
      missingVolumes: "refused",
    });
    expect(scheduler.decide(mounting("pod", "data"))).toMatchObject({
      message: `0/3 nodes are available: ${reason}. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
    });
    expect(verdicts(objects)).toEqual(["ok", "ok", "ok"]);
  });

  test("a claim that is lost or leaving is refused always", () => {
    const lost = claim("data", { volumeName: "disk" }, { phase: "Lost" });
    const leaving = claim("data", {}, {}, { deletionTimestamp: "2026-01-01T00:00:00Z" });
    expect(verdicts([lost])[0]).toBe(
      'persistentvolumeclaim "data" bound to non-existent persistentvolume "disk"',
    );
    expect(verdicts([leaving])[0]).toBe('persistentvolumeclaim "data" is being deleted');
  });
});

describe("VolumeZone", () => {
  const wrongZone = "node(s) had no available volume zone";
  test("a volume's zone label is that of its nodes; nodes without zones pass", () => {
    const disk = volume("disk", {}, { "topology.kubernetes.io/zone": "west-1" });
    expect(verdicts([bound("data", "disk"), disk])).toEqual(["ok", wrongZone, "ok"]);
    const both = volume("disk", {}, { "failure-domain.beta.kubernetes.io/zone": "west-1__west-2" });
    expect(verdicts([bound("data", "disk"), both])).toEqual(["ok", "ok", "ok"]);
  });
});

describe("NodeVolumeLimits", () => {
  const limit = (name: string, count: number) => ({
    apiVersion: "storage.k8s.io/v1",
    kind: "CSINode",
    metadata: { name },
    spec: { drivers: [{ name: "disk.csi.azure.com", nodeID: name, allocatable: { count } }] },
  });
  const disks = ["one", "two"].flatMap((name) => [bound(name, `disk-${name}`), volume(`disk-${name}`)]);

  test("a driver attaches no more volumes than its CSINode says; one that is there already is not counted twice", () => {
    const scheduler = createScheduler({
      nodes,
      objects: [...disks, limit("a1", 1)],
      kubernetes: "1.36",
      flavour: "upstream",
    });
    scheduler.assume(mounting("first", "one"), "a1");
    const refused = scheduler.explain(mounting("second", "two")).filter((each) => !each.feasible);
    expect(refused.map((each) => [each.node, each.filters.at(-1)])).toMatchObject([
      ["a1", { reasons: ["node(s) exceed max volume count"] }],
    ]);
    expect(scheduler.explain(mounting("third", "one"))[0]?.feasible).toBe(true);
  });

  test("volumes that are attached for others count", () => {
    const attachment = {
      apiVersion: "storage.k8s.io/v1",
      kind: "VolumeAttachment",
      metadata: { name: "x" },
      spec: { attacher: "disk.csi.azure.com", nodeName: "a1", source: { persistentVolumeName: "disk-two" } },
    };
    expect(verdicts([...disks, limit("a1", 1), attachment], mounting("pod", "one"))[0]).toBe(
      "node(s) exceed max volume count",
    );
  });
});

describe("VolumeRestrictions", () => {
  test("a claim of one pod only is in use wherever its pod runs", () => {
    const objects = [bound("data", "disk", { accessModes: ["ReadWriteOncePod"] }), volume("disk")];
    const scheduler = createScheduler({ nodes, objects, kubernetes: "1.36", flavour: "upstream" });
    expect(scheduler.decide(mounting("first", "data")).kind).toBe("placed");
    scheduler.assume(mounting("first", "data"), "b1");
    const taken =
      "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod";
    expect(scheduler.decide(mounting("second", "data"))).toMatchObject({
      message: `0/3 nodes are available: 3 ${taken}. no new claims to deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.`,
    });
  });

  test("preemption frees it", () => {
    const objects = [bound("data", "disk", { accessModes: ["ReadWriteOncePod"] }), volume("disk")];
    const scheduler = createScheduler({ nodes, objects, kubernetes: "1.36", flavour: "upstream" });
    scheduler.assume(mounting("first", "data"), "b1");
    const important = mounting("second", "data");
    const decision = scheduler.decide({ ...important, spec: { ...important.spec!, priority: 10 } });
    expect(decision).toMatchObject({
      kind: "preempts",
      node: "b1",
      victims: [{ metadata: { name: "first" } }],
    });
  });
});
