/** The reasons of nodes as kube-scheduler counts them: how many nodes gave each. */
export type ReasonCounts = Map<string, number>;

export function countReasons(counts: ReasonCounts, reasons: readonly string[], nodes: number): void {
  if (nodes === 0) return;
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + nodes);
}

/** What kube-scheduler says when a cluster has no node at all. */
export const noNodes = "no nodes available to schedule pods";

/** kube-scheduler's sentence, to the letter: scheduling.md §2. */
export function fitMessage(
  nodes: number,
  parts: { preFilter?: string; reasons?: ReasonCounts; postFilter?: string },
): string {
  let message = `0/${nodes} nodes are available:`;
  if (parts.preFilter !== undefined) message += ` ${parts.preFilter}.`;
  const histogram = [...(parts.reasons ?? [])].map(([reason, count]) => `${count} ${reason}`).toSorted();
  if (histogram.length > 0) message += ` ${histogram.join(", ")}.`;
  if (parts.postFilter !== undefined && parts.postFilter !== "") message += ` ${parts.postFilter}`;
  return message;
}
