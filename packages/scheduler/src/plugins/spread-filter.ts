import type { DomainTally } from "../cluster/tally.ts";
import type { NodeFilter } from "../framework/plugin.ts";
import { type Status, unresolvable, unschedulable } from "../framework/status.ts";
import type { Labels } from "@berth/objects";
import type { SpreadConstraint } from "./spread-constraint.ts";

const skewed = unschedulable("node(s) didn't match pod topology spread constraints");
const missingLabel = unresolvable(
  "node(s) didn't match pod topology spread constraints (missing required label)",
);

/** DoNotSchedule: a node passes where no domain would get further ahead of the emptiest than maxSkew. */
export class SpreadFilter implements NodeFilter {
  readonly scope = "cluster";
  readonly #constraints: readonly Counted[];

  constructor(constraints: readonly SpreadConstraint[], labels: Labels) {
    this.#constraints = constraints.map((each) => new Counted(each, labels));
  }

  begin(): boolean {
    for (const each of this.#constraints) each.findMinimum();
    return true;
  }

  verdict(node: number): number {
    for (let i = 0; i < this.#constraints.length; i++) {
      const verdict = this.#constraints[i]!.verdict(node);
      if (verdict !== 0) return verdict;
    }
    return 0;
  }

  statusOf(verdict: number): Status {
    return verdict === 1 ? skewed : missingLabel;
  }
}

class Counted {
  readonly #domainOf: Int32Array;
  readonly #tally: DomainTally;
  /** Domains that have a node which counts. */
  readonly #eligible: readonly number[];
  readonly #isEligible: Uint8Array;
  readonly #enoughDomains: boolean;
  /** What the pod may add at most above the minimum: maxSkew without the pod itself. */
  readonly #slack: number;
  #emptiest = -1;
  #minimum = 0;
  /** The minimum of all other domains. */
  #second = 0;

  constructor(constraint: SpreadConstraint, labels: Labels) {
    const { topology, pods, included, maxSkew, minDomains, selector } = constraint;
    this.#domainOf = topology.domainOf;
    this.#tally = pods.over(topology, included);
    const eligible = new Set<number>();
    included.forEach((mark, node) => mark === 1 && eligible.add(topology.domainOf[node]!));
    eligible.delete(-1);
    this.#eligible = [...eligible];
    this.#isEligible = Uint8Array.from(topology.values, (_, domain) => (eligible.has(domain) ? 1 : 0));
    this.#enoughDomains = this.#eligible.length >= minDomains;
    this.#slack = maxSkew - (selector.matches(labels) ? 1 : 0);
  }

  findMinimum(): void {
    const { counts } = this.#tally;
    this.#minimum = this.#second = Number.MAX_SAFE_INTEGER;
    this.#emptiest = -1;
    for (let i = 0; i < this.#eligible.length; i++) {
      const domain = this.#eligible[i]!;
      const count = counts[domain]!;
      if (count < this.#minimum) {
        this.#second = this.#minimum;
        this.#minimum = count;
        this.#emptiest = domain;
      } else if (count < this.#second) this.#second = count;
    }
  }

  verdict(node: number): number {
    const domain = this.#domainOf[node]!;
    if (domain < 0) return 2;
    const count = this.#tally.counts[domain]!;
    return count - this.#leastWith(domain, count) > this.#slack ? 1 : 0;
  }

  /** The minimum now, even if pods of this domain came or went since it was last sought. */
  #leastWith(domain: number, count: number): number {
    if (!this.#enoughDomains) return 0;
    const elsewhere = domain === this.#emptiest ? this.#second : this.#minimum;
    return this.#isEligible[domain] === 1 && count < elsewhere ? count : elsewhere;
  }
}
