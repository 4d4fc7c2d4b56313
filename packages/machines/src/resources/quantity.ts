/** Bytes in a KiB, MiB and GiB. */
export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;

/** CPU as Kubernetes writes it: `2`, `1900m`. */
export function formatCpu(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** Bytes as the kubelet writes them on nodes: `4025836Ki`, or plain bytes where they are not whole KiB. */
export function formatBytes(bytes: number): string {
  return bytes !== 0 && bytes % KiB === 0 ? `${bytes / KiB}Ki` : String(bytes);
}
