import type { Graph, GraphResource, ResourceRecord, Urn } from "@berth/core";
import type { Moves } from "../moves/move.ts";

/**
 * All resources of a stack, declared or recorded, with what depends on what on either side. What is recorded
 * under an alias of a declared resource is that resource.
 */
export class StackResources {
  readonly declared = new Map<Urn, GraphResource>();
  readonly #records = new Map<Urn, ResourceRecord>();
  /** From the URN of a record to that of the declared resource which has it as an alias. */
  readonly #claims = new Map<Urn, Urn>();
  readonly #parents = new Map<Urn, Urn>();
  readonly #moves: Moves;
  readonly #needing = new Map<Urn, Urn[]>();
  readonly #needed = new Map<Urn, Urn[]>();

  constructor(graph: Graph, recorded: readonly ResourceRecord[], moves: Moves) {
    this.#moves = moves;
    const records = new Set(recorded.map((each) => each.urn));
    for (const resource of graph.resources) {
      this.declared.set(resource.urn, resource);
      if (resource.parent !== undefined) this.#parents.set(resource.urn, resource.parent);
      for (const each of resource.dependencies) addTo(this.#needing, each, resource.urn);
      const alias = records.has(resource.urn) ? undefined : claimOf(resource, records, graph);
      if (alias !== undefined && !this.#claims.has(alias)) this.#claims.set(alias, resource.urn);
    }
    for (const { urn, parent } of graph.components) if (parent !== undefined) this.#parents.set(urn, parent);
    for (const record of recorded) {
      const urn = this.nameOf(record.urn);
      this.#records.set(urn, record);
      if (record.parent !== undefined && !this.#parents.has(urn)) this.#parents.set(urn, record.parent);
      for (const each of record.dependencies) addTo(this.#needed, this.nameOf(each), urn);
    }
  }

  /** The URN by which a recorded resource goes now. */
  nameOf(urn: Urn): Urn {
    return this.#claims.get(urn) ?? urn;
  }

  /** Each once: declared ones in the graph's order, then recorded ones in the record's. */
  *all(): Generator<Urn> {
    yield* this.declared.keys();
    for (const urn of this.#records.keys()) if (!this.declared.has(urn)) yield urn;
  }

  /** Whether it is recorded, and declared no more. */
  leaves(urn: Urn): boolean {
    return !this.declared.has(urn) && this.#records.has(urn);
  }

  isRecorded(urn: Urn): boolean {
    return this.#records.has(urn);
  }

  /** The resource, as it was called before it was moved too, then the components around it. */
  *withParents(urn: Urn): Generator<Urn> {
    yield urn;
    const move = this.#moves.get(urn);
    if (move) yield move.from;
    for (let each = this.#parents.get(urn); each !== undefined; each = this.#parents.get(each))
      if (!this.declared.has(each) && !this.#records.has(each)) yield each;
  }

  dependencies(urn: Urn): readonly Urn[] {
    return this.declared.get(urn)?.dependencies ?? none;
  }

  dependents(urn: Urn): readonly Urn[] {
    return this.#needing.get(urn) ?? none;
  }

  recordedDependencies(urn: Urn): readonly Urn[] {
    return this.#records.get(urn)?.dependencies.map((each) => this.nameOf(each)) ?? none;
  }

  recordedDependents(urn: Urn): readonly Urn[] {
    return this.#needed.get(urn) ?? none;
  }
}

const none: readonly Urn[] = Object.freeze([]);

function claimOf({ options }: GraphResource, records: ReadonlySet<Urn>, graph: Graph): Urn | undefined {
  return options.aliases?.find((each) => records.has(each) && !graph.index.has(each));
}

function addTo(lists: Map<Urn, Urn[]>, key: Urn, urn: Urn): void {
  const list = lists.get(key);
  if (list) list.push(urn);
  else lists.set(key, [urn]);
}
