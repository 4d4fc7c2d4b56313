import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import type { MachineSize } from "../sizes/size.ts";
import { formatBytes, formatCpu, GiB, KiB } from "./quantity.ts";
import { type ReservationModel, reservationTerms, type Term } from "./reservation.ts";

/** What decides a node's capacity and what pods may request of it. */
export interface NodeResourcesInput {
  readonly size: Pick<MachineSize, "name" | "vcpus" | "memoryGiB" | "gpu">;
  readonly maxPods: number;
  /** GiB; see {@link osDiskOf} for what AKS chooses. */
  readonly osDiskSizeGiB: number;
  readonly model: ReservationModel;
  /**
   * The part of the nominal memory that hypervisor, firmware and kernel take before the kubelet sees it. Published
   * nodes lose 3.1 % (8 GiB) and 4.0 % (4 GiB), Karpenter assumes 7.5 %. Default 0.05: a little less than nodes
   * have, so that a pod which fits in the plan fits on the node.
   */
  readonly memoryOverheadFraction?: number;
  /** Memory that a real node of this size reported, in KiB, instead of the estimate. */
  readonly observedMemoryKiB?: number;
  /** A device plugin runs, so that the node offers `nvidia.com/gpu` (AKS installs none by itself). */
  readonly gpuDevicePlugin?: boolean;
}

/** Resources of a node as Kubernetes quantities: `{ cpu: "1900m", memory: "5930384Ki", … }`. */
export type ResourceQuantities = Readonly<Record<string, string>>;

/** A node's resources with the arithmetic behind them. */
export interface NodeResources {
  readonly capacity: ResourceQuantities;
  readonly allocatable: ResourceQuantities;
  /**
   * Every amount that was added or taken away. Per resource the terms of the capacity sum to the capacity, and all
   * terms to the allocatable (or to less than 0, which counts as 0).
   */
  readonly terms: readonly Term[];
}

/** Used where nothing was observed; see {@link NodeResourcesInput.memoryOverheadFraction}. */
export const defaultMemoryOverheadFraction = 0.05;

/**
 * Capacity and allocatable of a node, by the documented formulas of the model.
 *
 * Storage: AKS nodes of a 128 and a 256 GiB disk report 129,886,128 and 259,966,896 KiB; the line through both is
 * the estimate. Ten percent are the kubelet's eviction threshold, computed as it does, with a 32-bit 0.1.
 *
 * @throws BERTH5317 for numbers that no machine has.
 * @example
 * nodeResources({ size, maxPods: 110, osDiskSizeGiB: 128, model: "aks-1.29" }).allocatable["cpu"]; // "3860m"
 */
export function nodeResources(input: NodeResourcesInput): NodeResources {
  const problems = impossibilities(input);
  if (problems.length > 0) throw new BerthError(problems);
  const terms = [
    ...capacityTerms(input),
    ...reservationTerms(input.model, { ...input.size, maxPods: input.maxPods }),
  ];
  const storage = sum(terms, "ephemeral-storage", "capacity");
  terms.push({
    resource: "ephemeral-storage",
    name: "hard eviction threshold",
    how: "nodefs.available<10%",
    amount: -Math.trunc(storage * Math.fround(0.1)),
    of: "reserved",
  });
  const gpus = input.gpuDevicePlugin === true ? Math.ceil(input.size.gpu?.count ?? 0) : 0;
  const quantities = (of?: Term["of"]): ResourceQuantities => ({
    cpu: formatCpu(Math.max(0, sum(terms, "cpu", of))),
    "ephemeral-storage": formatBytes(Math.max(0, sum(terms, "ephemeral-storage", of))),
    "hugepages-1Gi": "0",
    "hugepages-2Mi": "0",
    memory: formatBytes(Math.max(0, sum(terms, "memory", of))),
    pods: String(sum(terms, "pods", of)),
    ...(gpus > 0 && { "nvidia.com/gpu": String(gpus) }),
  });
  return { capacity: quantities("capacity"), allocatable: quantities(), terms };
}

function sum(terms: readonly Term[], resource: Term["resource"], of?: Term["of"]): number {
  return terms
    .filter((each) => each.resource === resource && (of === undefined || each.of === of))
    .reduce((total, each) => total + each.amount, 0);
}

function capacityTerms(input: NodeResourcesInput): Term[] {
  const { size, maxPods, osDiskSizeGiB, observedMemoryKiB } = input;
  const term = (resource: Term["resource"], name: string, how: string, amount: number): Term => ({
    resource,
    name,
    how,
    amount,
    of: "capacity",
  });
  const nominal = size.memoryGiB * GiB;
  const fraction = input.memoryOverheadFraction ?? defaultMemoryOverheadFraction;
  const seen =
    observedMemoryKiB === undefined
      ? Math.floor((nominal * (1 - fraction)) / KiB) * KiB
      : observedMemoryKiB * KiB;
  const why =
    observedMemoryKiB === undefined ? `${Number((fraction * 100).toFixed(4))} % of memory` : "observed";
  const disk = osDiskSizeGiB * GiB;
  const fileSystem = Math.min(disk, Math.ceil(osDiskSizeGiB * 32_320 + 194_640) * KiB);
  return [
    term("cpu", "virtual machine", `${size.vcpus} vCPU`, size.vcpus * 1000),
    term("memory", "virtual machine", `${size.memoryGiB} GiB`, nominal),
    term("memory", "hypervisor and kernel", why, seen - nominal),
    term("ephemeral-storage", "OS disk", `${osDiskSizeGiB} GiB`, disk),
    term("ephemeral-storage", "partitions and file system", "32,320 KiB a GiB and 194,640 KiB", -fileSystem),
    term("pods", "maxPods", String(maxPods), maxPods),
  ];
}

function impossibilities(input: NodeResourcesInput): readonly Problem[] {
  const { size, maxPods, osDiskSizeGiB, memoryOverheadFraction = 0, observedMemoryKiB = 1, model } = input;
  const whole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  const custom = typeof model === "object" ? model : { cpuMilli: 0, memoryBytes: 0, evictionMemoryBytes: 0 };
  const checks: readonly (readonly [string, number, boolean])[] = [
    ["size.vcpus", size.vcpus, whole(size.vcpus) && size.vcpus > 0 && size.vcpus <= 100_000],
    ["size.memoryGiB", size.memoryGiB, size.memoryGiB > 0 && size.memoryGiB <= 1_000_000],
    ["maxPods", maxPods, whole(maxPods)],
    ["osDiskSizeGiB", osDiskSizeGiB, whole(osDiskSizeGiB) && osDiskSizeGiB <= 1_000_000],
    [
      "memoryOverheadFraction",
      memoryOverheadFraction,
      memoryOverheadFraction >= 0 && memoryOverheadFraction < 1,
    ],
    ["observedMemoryKiB", observedMemoryKiB, whole(observedMemoryKiB) && observedMemoryKiB <= 1e12],
    ["model.cpuMilli", custom.cpuMilli, whole(custom.cpuMilli)],
    ["model.memoryBytes", custom.memoryBytes, whole(custom.memoryBytes)],
    ["model.evictionMemoryBytes", custom.evictionMemoryBytes, whole(custom.evictionMemoryBytes)],
  ];
  return checks
    .filter(([, , possible]) => !possible)
    .map(([path, value]) =>
      problem(codes.BERTH5317, { message: `a ${size.name} node cannot have ${path} ${value}`, path }),
    );
}
