import { GiB, MiB } from "./quantity.ts";

/**
 * How a node's reservations are computed: AKS since Kubernetes 1.29, AKS before (and karpenter-provider-azure
 * still), a kubeadm node with the kubelet's defaults, or amounts of one's own.
 */
export type ReservationModel = "aks-1.29" | "aks-legacy" | "kubeadm" | CustomReservation;

/** Reservations of one's own. */
export interface CustomReservation {
  /** Millicores kept from pods. */
  readonly cpuMilli: number;
  /** Bytes kept from pods, without the eviction threshold. */
  readonly memoryBytes: number;
  /** The kubelet's hard eviction threshold `memory.available`, in bytes. */
  readonly evictionMemoryBytes: number;
}

/** One amount that stands between what a machine has and what pods may request, with its reason. */
export interface Term {
  readonly resource: "cpu" | "memory" | "ephemeral-storage" | "pods";
  /** What people read: `kube-reserved`, `hard eviction threshold`. */
  readonly name: string;
  /** How the amount comes about: `min(20 Mi × 110 pods + 50 Mi, 25 % of 8192 Mi)`. */
  readonly how: string;
  /** Signed; millicores for cpu, bytes for memory and storage, a number for pods. */
  readonly amount: number;
  /** Whether it makes the capacity, or what is taken from it. */
  readonly of: "capacity" | "reserved";
}

/** The model that AKS uses for nodes of a Kubernetes version (`1.33`, `1.33.2`). */
export function aksReservationModel(kubernetes: string): "aks-1.29" | "aks-legacy" {
  const [major = 1, minor = 0] = kubernetes.replace(/^v/, "").split(".").map(Number);
  return major > 1 || minor >= 29 ? "aks-1.29" : "aks-legacy";
}

/**
 * Millicores that AKS reserves: 60 for the first core, 40 for the second, 20 each for the third and fourth, 10 for
 * every further one. The formula is inferred; it meets every entry of the table in AKS's page on node resource
 * reservations.
 */
export function aksReservedCpuMilli(vcpus: number): number {
  let milli = 0;
  for (let core = 1; core <= vcpus; core++) milli += core === 1 ? 60 : core === 2 ? 40 : core <= 4 ? 20 : 10;
  return milli;
}

interface Machine {
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly maxPods: number;
}

/** The terms by which cpu and memory shrink from capacity to allocatable. Memory reserves count nominal GiB. */
export function reservationTerms(model: ReservationModel, machine: Machine): readonly Term[] {
  const nominal = machine.memoryGiB * GiB;
  const evictionAt = (bytes: number, how: string): Term =>
    reserved("memory", "hard eviction threshold", how, bytes);
  if (typeof model === "object") {
    return [
      reserved("cpu", "kube-reserved", "given", model.cpuMilli),
      reserved("memory", "kube-reserved", "given", model.memoryBytes),
      evictionAt(model.evictionMemoryBytes, "given"),
    ];
  }
  if (model === "kubeadm") return [evictionAt(100 * MiB, "memory.available<100Mi")];
  const cpu = reserved(
    "cpu",
    "kube-reserved",
    "60m for the first core, 40m for the second, 20m for the third and fourth, 10m for each further",
    aksReservedCpuMilli(machine.vcpus),
  );
  if (model === "aks-legacy") {
    const how =
      "25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % of the next 112, 2 % above 128";
    return [
      cpu,
      reserved("memory", "kube-reserved", how, legacyReservedBytes(nominal)),
      evictionAt(750 * MiB, "memory.available<750Mi"),
    ];
  }
  const byPods = (20 * machine.maxPods + 50) * MiB;
  const how = `min(20 Mi × ${machine.maxPods} pods + 50 Mi, 25 % of ${machine.memoryGiB} GiB)`;
  return [
    cpu,
    reserved("memory", "kube-reserved", how, Math.min(byPods, Math.floor(nominal / 4))),
    evictionAt(100 * MiB, "memory.available<100Mi"),
  ];
}

function reserved(resource: Term["resource"], name: string, how: string, amount: number): Term {
  return { resource, name, how, amount: amount === 0 ? 0 : -amount, of: "reserved" };
}

function legacyReservedBytes(bytes: number): number {
  const brackets: readonly (readonly [upTo: number, percent: number])[] = [
    [4 * GiB, 25],
    [8 * GiB, 20],
    [16 * GiB, 10],
    [128 * GiB, 6],
    [Number.POSITIVE_INFINITY, 2],
  ];
  let below = 0;
  let hundredths = 0;
  for (const [upTo, percent] of brackets) {
    hundredths += Math.max(0, Math.min(bytes, upTo) - below) * percent;
    below = upTo;
  }
  return Math.floor(hundredths / 100);
}
