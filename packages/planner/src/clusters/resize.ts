import { type NodeSupplyFacet, Unknown } from "@berth/core";
import { refOf } from "@berth/objects";
import type { Simulation } from "@berth/simulator";
import type { Doubts } from "./doubts.ts";
import { ofKindIn } from "./kinds.ts";
import { nextNode, nodesOfPool, nodeTemplates, nodeToRemove, relabelled, templateOf } from "./node-pool.ts";

/** Takes a pool's nodes away with it, in the order in which they came. */
export function removePool(simulation: Simulation, supply: NodeSupplyFacet): void {
  const standing = ofKindIn(simulation.list({ apiVersion: "v1", kind: "Node" }), "v1 Node");
  for (const node of nodesOfPool(standing, supply)) simulation.remove(refOf(node));
}

/** Brings a pool to its number of nodes and its nodes to its labels and taints, as far as both are known. */
export function resizePool(
  simulation: Simulation,
  supply: NodeSupplyFacet,
  before: NodeSupplyFacet | undefined,
  doubts: Doubts,
): void {
  const { count, templates, pool } = supply;
  if (count instanceof Unknown) doubts.about(`the number of nodes of pool ${pool}`, count);
  if (templates instanceof Unknown) doubts.about(`what nodes of pool ${pool} are like`, templates);
  if (count instanceof Unknown || templates instanceof Unknown) return;

  const shapes = nodeTemplates(templates);
  const had = before && !(before.templates instanceof Unknown) ? nodeTemplates(before.templates) : [];
  const standing = ofKindIn(simulation.list({ apiVersion: "v1", kind: "Node" }), "v1 Node");
  const nodes = nodesOfPool(standing, supply).map((node) => {
    const now = relabelled(node, templateOf(node, had, supply), templateOf(node, shapes, supply));
    return now === node ? node : (ofKindIn([simulation.put(now)], "v1 Node")[0] ?? now);
  });
  while (nodes.length > count) {
    const leaves = nodeToRemove(supply, nodes);
    if (!leaves) break;
    simulation.remove(refOf(leaves));
    nodes.splice(nodes.indexOf(leaves), 1);
  }
  for (let number = nodes.length + 1; nodes.length < count; number++) {
    const joins = nextNode(supply, shapes, nodes, number);
    if (!joins) break;
    // A node that joined earlier in this plan may have the number still.
    if (simulation.get(refOf(joins))) continue;
    simulation.put(joins);
    nodes.push(joins);
  }
}
