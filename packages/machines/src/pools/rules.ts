import { type Problem, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import { aksLimits } from "../sizes/quota.ts";
import type { MachineSize } from "../sizes/size.ts";

/** Where pods get their addresses from, which decides how many a node may hold. */
export type NetworkMode = "overlay" | "pod-subnet" | "node-subnet" | "kubenet" | "none";

/** Pods per node that AKS allows by default. */
export function defaultMaxPods(mode: NetworkMode): number {
  const defaults: Readonly<Record<NetworkMode, number>> = {
    overlay: 250,
    "pod-subnet": 110,
    "node-subnet": 30,
    kubenet: 110,
    none: 250,
  };
  return defaults[mode];
}

/** BERTH5304 for a name that AKS does not take. */
export function poolNameProblems(
  name: string,
  path: string,
  os: "linux" | "windows" = "linux",
): readonly Problem[] {
  const longest = os === "windows" ? 6 : 12;
  const reasons = [
    ...(name.length < 1 || name.length > longest ? [`it must have 1 to ${longest} characters`] : []),
    ...(/^[a-z]?[a-z0-9]*$/.test(name) && !/^[0-9]/.test(name)
      ? []
      : ["it may have lower-case letters and digits only, and begins with a letter"]),
  ];
  if (reasons.length === 0) return [];
  const fixed = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]|^[^a-z]+/g, "")
    .slice(0, longest);
  return [
    problem(codes.BERTH5304, {
      message: `"${name}" cannot be a node pool's name: ${reasons.join(", and ")}`,
      ...(fixed !== "" && { hint: `"${fixed}" can` }),
      path,
    }),
  ];
}

/** BERTH5305 for a size that AKS does not take for the pool's mode. */
export function poolSizeProblems(
  size: MachineSize,
  mode: "System" | "User",
  path: string,
): readonly Problem[] {
  const leastGiB = mode === "System" ? 4 : 2;
  const pool = `a ${mode.toLowerCase()} pool`;
  if (size.vcpus < 2 || size.memoryGiB < leastGiB) {
    const message = `${size.name} has ${size.vcpus} vCPU and ${size.memoryGiB} GiB; ${pool} needs 2 vCPUs and ${leastGiB} GiB`;
    return [problem(codes.BERTH5305, { message, path })];
  }
  if (mode === "System" && /^Standard_B\d/i.test(size.name)) {
    const message = `${size.name} is a burstable size, which AKS does not support for system pools`;
    return [problem(codes.BERTH5305, { message, path, severity: "warning" })];
  }
  return [];
}

/** BERTH5306 for a number of nodes that AKS does not take; one node in a system pool is a warning. */
export function poolCountProblems(count: number, mode: "System" | "User", path: string): readonly Problem[] {
  const found = (message: string, severity: "error" | "warning" = "error"): readonly Problem[] => [
    problem(codes.BERTH5306, { message, path, severity }),
  ];
  if (!Number.isSafeInteger(count) || count < 0) return found(`a pool cannot have ${count} nodes`);
  if (count > aksLimits.nodesPerPool)
    return found(`a pool has at most ${aksLimits.nodesPerPool} nodes, not ${count}`);
  if (mode === "User" || count >= 2) return [];
  if (count === 0) return found("a system pool has at least one node");
  return found(
    "a system pool of one node stops DNS and metrics when that node is lost; AKS advises two",
    "warning",
  );
}

/** BERTH5307 for pods per node that AKS does not take, also with regard to the pool's 30 pods in all. */
export function maxPodsProblems(maxPods: number, count: number, path: string): readonly Problem[] {
  const found = (message: string): readonly Problem[] => [problem(codes.BERTH5307, { message, path })];
  if (!Number.isSafeInteger(maxPods) || maxPods < 10 || maxPods > aksLimits.podsPerNode) {
    return found(`a node holds 10 to ${aksLimits.podsPerNode} pods, not ${maxPods}`);
  }
  if (count > 0 && maxPods * count < 30) {
    return found(`${count} × ${maxPods} pods are fewer than the 30 that a pool must have room for`);
  }
  return [];
}
