import type { NodeRecord } from "./node-record.ts";
import type { PodClass } from "./pod-class.ts";

/** One resource over all nodes: what they can give and what their pods request. */
export interface ResourceColumn {
  readonly allocatable: Float64Array;
  readonly requested: Float64Array;
}

/** Numbers of all nodes, by node index, so that loops over nodes touch nothing else. */
export class NodeColumns {
  readonly resources = new Map<string, ResourceColumn>();
  readonly cpu: ResourceColumn;
  readonly memory: ResourceColumn;
  /** cpu and memory as LeastAllocated counts them, with a little for pods that request none. */
  readonly nonZeroCpu: Float64Array;
  readonly nonZeroMemory: Float64Array;
  readonly podLimit: Float64Array;
  readonly podCount: Int32Array;
  /** Priority of the least important pod; Infinity on an empty node. */
  readonly lowestPriority: Float64Array;
  readonly #size: number;

  constructor(nodes: readonly NodeRecord[]) {
    this.#size = nodes.length;
    this.nonZeroCpu = new Float64Array(nodes.length);
    this.nonZeroMemory = new Float64Array(nodes.length);
    this.podLimit = new Float64Array(nodes.length);
    this.podCount = new Int32Array(nodes.length);
    this.lowestPriority = new Float64Array(nodes.length).fill(Number.POSITIVE_INFINITY);
    this.cpu = this.resource("cpu");
    this.memory = this.resource("memory");
    nodes.forEach((node, index) => {
      for (const [name, amount] of node.allocatable) {
        if (name === "pods") this.podLimit[index] = amount;
        else this.resource(name).allocatable[index] = amount;
      }
    });
  }

  /** The column of a resource; of one that no node has, a column of zeros. */
  resource(name: string): ResourceColumn {
    let column = this.resources.get(name);
    if (column === undefined) {
      column = { allocatable: new Float64Array(this.#size), requested: new Float64Array(this.#size) };
      this.resources.set(name, column);
    }
    return column;
  }

  /** `sign` is 1 for a pod that comes and -1 for one that goes. */
  count(node: number, pods: PodClass, sign: 1 | -1): void {
    const { requests } = pods;
    for (const [name, amount] of requests.real) this.resource(name).requested[node]! += sign * amount;
    this.nonZeroCpu[node]! += sign * requests.nonZeroCpu;
    this.nonZeroMemory[node]! += sign * requests.nonZeroMemory;
    this.podCount[node]! += sign;
  }
}
