import { type Problem, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import type { EphemeralOsPlacement, MachineSize } from "../sizes/size.ts";

/** The OS disk of a pool's nodes. */
export interface OsDisk {
  readonly kind: "Managed" | "Ephemeral";
  readonly sizeGiB: number;
  /** Local disk that an ephemeral one lives on, where that is verified. */
  readonly placement?: EphemeralOsPlacement;
}

/** What a pool asks for; all of it optional, as in AKS. */
export interface OsDiskRequest {
  readonly kind?: "Managed" | "Ephemeral";
  readonly sizeGiB?: number;
}

/** Managed OS disk that AKS takes by default: 128 GiB, 256 from 8 vCPUs, 512 from 16, 1024 from 64. */
export function defaultOsDiskSizeGiB(vcpus: number): number {
  return vcpus >= 64 ? 1024 : vcpus >= 16 ? 512 : vcpus >= 8 ? 256 : 128;
}

/**
 * Room for an ephemeral OS disk in each local disk that can hold one, in the order of AKS's and Karpenter's choice:
 * NVMe, cache, temporary disk. Sizes of the cache are known for few sizes; the others are left out.
 */
export function ephemeralOsRoom(size: MachineSize): readonly (readonly [EphemeralOsPlacement, number])[] {
  const rooms: readonly (readonly [EphemeralOsPlacement, number | undefined])[] = [
    ["NvmeDisk", size.nvmeDiskGiB],
    ["CacheDisk", size.cacheGiB],
    ["ResourceDisk", size.tempDiskGiB],
  ];
  return rooms.flatMap(([placement, room]) =>
    room !== undefined && room > 0 && size.ephemeralOsPlacements?.includes(placement) === true
      ? [[placement, Math.floor(room)]]
      : [],
  );
}

/**
 * The OS disk that AKS gives a pool. Without a kind, AKS takes an ephemeral disk where the temporary disk has at
 * least 128 GiB, and then (since March 2025) all of it, else a managed one by the number of cores. An ephemeral disk
 * goes to the first local disk that is large enough.
 *
 * @example
 * osDiskOf(size); // Standard_D4s_v5: { kind: "Managed", sizeGiB: 128 }
 */
export function osDiskOf(size: MachineSize, request: OsDiskRequest = {}): OsDisk {
  const wanted = request.sizeGiB === 0 ? undefined : request.sizeGiB;
  const fitting = ephemeralOsRoom(size).find(([, room]) => room >= (wanted ?? 128));
  if (request.kind === "Managed" || (request.kind === undefined && fitting === undefined)) {
    return { kind: "Managed", sizeGiB: wanted ?? defaultOsDiskSizeGiB(size.vcpus) };
  }
  const [placement, room] = fitting ?? [];
  return {
    kind: "Ephemeral",
    sizeGiB: wanted ?? room ?? 128,
    ...(placement !== undefined && { placement }),
  };
}

/** BERTH5316 if an ephemeral disk is asked for by name and no local disk of the size can hold it. */
export function osDiskProblems(size: MachineSize, request: OsDiskRequest, path: string): readonly Problem[] {
  if (request.kind !== "Ephemeral" || size.ephemeralOsPlacements === undefined) return [];
  const wanted = request.sizeGiB || 128;
  const cacheUnknown = size.ephemeralOsPlacements.includes("CacheDisk") && size.cacheGiB === undefined;
  const largest = Math.max(0, ...ephemeralOsRoom(size).map(([, room]) => room));
  if (largest >= wanted || cacheUnknown) return [];
  const message =
    largest === 0
      ? `${size.name} has no local disk for an ephemeral OS disk`
      : `an ephemeral OS disk of ${wanted} GiB does not fit on ${size.name}, whose largest place has ${largest} GiB`;
  const hint =
    largest === 0 ? "use a managed OS disk" : `ask for at most ${largest} GiB, or use a managed OS disk`;
  return [problem(codes.BERTH5316, { message, hint, path })];
}
