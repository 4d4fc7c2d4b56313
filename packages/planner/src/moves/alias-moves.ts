import { type Graph, type GraphResource, pathOfUrn, type ResourceRecord, type Urn } from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { plannerCodes } from "../codes.ts";
import type { PlanRequest } from "../request.ts";
import type { Move } from "./move.ts";

export interface AliasMoves {
  readonly moves: readonly Move[];
  /** Of aliases that name something of another type. */
  readonly problems: readonly Problem[];
}

const nothing: AliasMoves = Object.freeze({ moves: [], problems: [] });

/**
 * What the program declares under a URN that is not recorded, and is recorded under one that it had before. A record
 * whose URN is declared still is that resource's, unless that one is recorded under an earlier URN of its own.
 */
export function aliasMoves({ operation, graph, recorded }: PlanRequest): AliasMoves {
  if (operation !== "up" || !graph.resources.some(({ options }) => options.aliases)) return nothing;
  const claims = new Claims(graph, recorded.resources);
  for (const { urn, options } of graph.resources) if (options.aliases) claims.look(urn);
  return { moves: claims.moves, problems: claims.problems };
}

class Claims {
  readonly problems: Problem[] = [];
  readonly #graph: Graph;
  readonly #records: ReadonlyMap<Urn, ResourceRecord>;
  /** By the URN of what is recorded: the resource that it becomes. */
  readonly #taken = new Map<Urn, Urn>();
  /** Who was asked already. Whoever is asked again goes round in a circle, in which all keep what they have. */
  readonly #asked = new Set<Urn>();

  constructor(graph: Graph, records: readonly ResourceRecord[]) {
    this.#graph = graph;
    this.#records = new Map(records.map((each) => [each.urn, each]));
  }

  get moves(): readonly Move[] {
    return [...this.#taken].map(([from, to]) => ({ from, to, by: "alias" }));
  }

  look(urn: Urn): void {
    if (!this.#records.has(urn)) this.#claim(urn);
  }

  /** Whether a resource finds what is recorded of it under an earlier URN, and gives up what is recorded under its own. */
  #claim(urn: Urn): boolean {
    const resource = this.#graph.resources[this.#graph.index.get(urn) ?? -1];
    if (!resource || this.#asked.has(urn)) return false;
    this.#asked.add(urn);
    const found = resource.options.aliases?.find((alias) => this.#isFree(alias, resource));
    if (found === undefined) return false;
    this.#taken.set(found, urn);
    return true;
  }

  #isFree(alias: Urn, resource: GraphResource): boolean {
    const record = this.#records.get(alias);
    if (!record || this.#taken.has(alias)) return false;
    if (this.#graph.index.has(alias) && !this.#claim(alias)) return false;
    return record.type === resource.type || this.#refuse(record, resource);
  }

  #refuse({ urn: from, type }: ResourceRecord, { urn, name, site }: GraphResource): false {
    const message = `${name} was ${pathOfUrn(from)}, as its aliases say, which is recorded as ${type} and stays one`;
    this.problems.push(problem(plannerCodes.BERTH3013, { message, resource: urn, site, path: "aliases" }));
    return false;
  }
}
