/**
 * The eight digits in the names of a cluster's nodes. AKS derives them from the cluster once and for all; here they
 * are a hash (FNV-1a, 32 bit) of what identifies the cluster, so that the same cluster has the same names each time.
 *
 * @example
 * nodeNameHash("sub", "group", "store"); // eight digits
 */
export function nodeNameHash(...identity: readonly string[]): string {
  let hash = 0x81_1c_9d_c5;
  for (const byte of new TextEncoder().encode(identity.join("\0"))) {
    hash = Math.imul(hash ^ byte, 0x01_00_01_93) >>> 0;
  }
  return String(hash % 100_000_000).padStart(8, "0");
}

/** Name of a pool's scale set: `aks-user-19653187-vmss`. */
export function scaleSetName(pool: string, hash: string): string {
  return `aks-${pool}-${hash}-vmss`;
}

/**
 * Name of the node of a scale set's instance: the set's name and the instance in base 36, six digits. Instances are
 * counted up from 0 and never reused.
 *
 * @example
 * nodeName("user", "19653187", 10); // "aks-user-19653187-vmss00000a"
 */
export function nodeName(pool: string, hash: string, instance: number): string {
  return scaleSetName(pool, hash) + instance.toString(36).padStart(6, "0");
}

/** Pool, hash and instance of a node's name, or nothing if AKS does not name nodes so. */
export function parseNodeName(name: string): { pool: string; hash: string; instance: number } | undefined {
  const [, pool, hash, instance] = /^aks-([a-z][a-z0-9]{0,11})-(\d{8})-vmss([0-9a-z]{6})$/.exec(name) ?? [];
  if (pool === undefined || hash === undefined || instance === undefined) return undefined;
  return { pool, hash, instance: Number.parseInt(instance, 36) };
}
