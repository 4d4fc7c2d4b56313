import type { Labels, Node, Taint } from "@berth/objects";
import { type Amounts, amounts } from "./requests.ts";

/** What filters and scores read of a node, made ready. */
export interface NodeRecord {
  readonly object: Node;
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly unschedulable: boolean;
  readonly allocatable: Amounts;
  /** Size in bytes by image name. */
  readonly images: ReadonlyMap<string, number>;
}

export function compileNode(node: Node): NodeRecord {
  const images = new Map<string, number>();
  for (const image of node.status?.images ?? []) {
    for (const name of image.names ?? []) images.set(name, image.sizeBytes ?? 0);
  }
  return {
    object: node,
    name: node.metadata?.name ?? "",
    labels: node.metadata?.labels ?? {},
    taints: node.spec?.taints ?? [],
    unschedulable: node.spec?.unschedulable === true,
    allocatable: amounts(node.status?.allocatable),
    images,
  };
}
