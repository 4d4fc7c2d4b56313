import type { JsonObject, NodeSupplyFacet } from "@berth/core";
import type { KubernetesObject, Node } from "@berth/objects";

/** A node as the simulator holds it. */
export type NodeObject = Node & KubernetesObject;

type Taint = NonNullable<NonNullable<Node["spec"]>["taints"]>[number];
type Zoned = Pick<NodeSupplyFacet, "zoneLabel">;

/** The Node objects among a pool's templates; they have no names. */
export function nodeTemplates(templates: readonly JsonObject[]): readonly NodeObject[] {
  const nodes: NodeObject[] = [];
  for (const each of templates) if (isNode(each)) nodes.push(each);
  return nodes;
}

function isNode(json: object): json is NodeObject {
  return "kind" in json && json.kind === "Node" && "apiVersion" in json && json.apiVersion === "v1";
}

/** Nodes of a pool, among all nodes in order of creation. */
export function nodesOfPool<N extends Node>(
  nodes: readonly N[],
  { poolLabel: [key, value] }: Pick<NodeSupplyFacet, "poolLabel">,
): readonly N[] {
  return nodes.filter((each) => each.metadata?.labels?.[key] === value);
}

/**
 * The node that joins a pool next: of the first template with the fewest nodes. Its name is its
 * number in the pool (`user#3`), since nobody knows the name that it will get.
 */
export function nextNode(
  pool: Pick<NodeSupplyFacet, "pool" | "zoneLabel">,
  templates: readonly NodeObject[],
  nodes: readonly Node[],
  number: number,
): NodeObject | undefined {
  const counts = templates.map(
    (template) => nodes.filter((each) => zoneOf(each, pool) === zoneOf(template, pool)).length,
  );
  const template = templates[counts.indexOf(Math.min(...counts))];
  if (!template) return undefined;
  const name = `${pool.pool}#${number}`;
  const labels = { ...template.metadata?.labels, "kubernetes.io/hostname": name };
  return { ...template, metadata: { ...template.metadata, name, labels } };
}

/** The node that leaves a pool first: the youngest in the zones with the most nodes. */
export function nodeToRemove<N extends Node>(pool: Zoned, nodes: readonly N[]): N | undefined {
  const counts = new Map<string | undefined, number>();
  for (const each of nodes) counts.set(zoneOf(each, pool), (counts.get(zoneOf(each, pool)) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return nodes.findLast((each) => counts.get(zoneOf(each, pool)) === most);
}

/** A standing node with the labels and taints that its pool's template has now; the very node where they are the same. */
export function relabelled(
  node: NodeObject,
  before: NodeObject | undefined,
  after: NodeObject | undefined,
): NodeObject {
  if (
    !before ||
    !after ||
    JSON.stringify([before.metadata, before.spec]) === JSON.stringify([after.metadata, after.spec])
  )
    return node;
  const [had, has] = [before.metadata?.labels ?? {}, after.metadata?.labels ?? {}];
  const foreign = Object.entries(node.metadata?.labels ?? {}).filter(([key]) => !Object.hasOwn(had, key));
  const own = new Set((before.spec?.taints ?? []).map(formatTaint));
  const foreignTaints = (node.spec?.taints ?? []).filter((each) => !own.has(formatTaint(each)));
  return {
    ...node,
    metadata: { ...node.metadata, labels: { ...Object.fromEntries(foreign), ...has } },
    spec: { ...node.spec, taints: [...foreignTaints, ...(after.spec?.taints ?? [])] },
  };
}

/** A taint as text: an observed one has its properties in another order, and may say when it was added. */
function formatTaint({ key, value = "", effect }: Taint): string {
  return `${key}=${value}:${effect}`;
}

/** The template that a standing node was made from. */
export function templateOf(
  node: Node,
  templates: readonly NodeObject[],
  pool: Zoned,
): NodeObject | undefined {
  return templates.find((each) => zoneOf(each, pool) === zoneOf(node, pool)) ?? templates[0];
}

function zoneOf(node: Node, { zoneLabel }: Zoned): string | undefined {
  return zoneLabel === undefined ? undefined : node.metadata?.labels?.[zoneLabel];
}
