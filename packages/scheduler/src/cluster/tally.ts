import type { PodClass } from "./pod-class.ts";
import type { Topology } from "./topology.ts";

/** Says how much a pod of a class counts; 0: not at all. Must depend on nothing but the class. */
export type Weigher = (pods: PodClass) => number;

/**
 * A running count of the pods that answer one question ("matches this selector", "has this
 * anti-affinity term"), by node, and on demand by topology domain. Placing a pod updates only the
 * tallies that its class counts for.
 */
export class PodTally {
  readonly weigh: Weigher;
  readonly byNode: Int32Array;
  readonly domains: DomainTally[] = [];
  /** Sum over all nodes. */
  total = 0;

  constructor(weigh: Weigher, nodes: number) {
    this.weigh = weigh;
    this.byNode = new Int32Array(nodes);
  }

  add(node: number, amount: number): void {
    this.byNode[node]! += amount;
    this.total += amount;
    for (const each of this.domains) each.add(node, amount);
  }

  /** The count by the values of a node label, of all nodes or of those that `included` marks. */
  over(topology: Topology, included?: Uint8Array): DomainTally {
    const known = this.domains.find((each) => each.topology === topology && each.included === included);
    if (known !== undefined) return known;
    const made = new DomainTally(topology, included);
    for (let node = 0; node < this.byNode.length; node++) {
      const count = this.byNode[node]!;
      if (count !== 0) made.add(node, count);
    }
    this.domains.push(made);
    return made;
  }
}

/** A pod tally summed over the nodes that share a value of a label. */
export class DomainTally {
  readonly topology: Topology;
  readonly included: Uint8Array | undefined;
  readonly counts: Int32Array;
  /** Sum over all domains: 0 says that no node that has the label has such a pod. */
  total = 0;

  constructor(topology: Topology, included: Uint8Array | undefined) {
    this.topology = topology;
    this.included = included;
    this.counts = new Int32Array(topology.values.length);
  }

  add(node: number, amount: number): void {
    const domain = this.topology.domainOf[node]!;
    if (domain < 0 || (this.included !== undefined && this.included[node] === 0)) return;
    this.counts[domain]! += amount;
    this.total += amount;
  }
}
