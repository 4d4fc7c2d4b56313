import {
  type GraphResource,
  hasGeneration,
  type ResourceRecord,
  type Urn,
  type ValueObject,
} from "@berth/core";
import type { Leaving } from "../leaving.ts";
import type { PlanRequest } from "../request.ts";
import { completeInputs } from "../resolve/complete-inputs.ts";
import { RecordedValues } from "../resolve/recorded-values.ts";
import type { Resolved } from "../resolve/resolve.ts";
import type { Standing } from "../resolve/standing.ts";
import type { Move } from "./move.ts";

/**
 * What the program declares and is physically the same as something that is recorded under another URN which it no
 * longer is: resources renamed in the program, moved to another parent, or swapped. It is never deleted and created.
 *
 * What stood under a URN to which something else moves, and moves nowhere itself, is parked under one that nobody
 * declares, and so is deleted.
 */
export function identityMoves(
  request: PlanRequest,
  resolved: Resolved,
  leaving: readonly Leaving[],
): readonly Move[] {
  const values = new RecordedValues(request.secrets);
  const homeless = resolved.standings.filter((each) => isHomeless(each, values));
  if (homeless.length === 0) return [];
  const free = new Holders(request, values);
  for (const { record } of leaving) free.add(record);
  for (const { recorded } of homeless) if (recorded) free.add(recorded);

  const moves: Move[] = [];
  const waiting = new Set(request.recorded.superseded?.map(({ urn }) => urn));
  for (const { resource, recorded } of homeless) {
    // What was superseded under its URN, and outlived its successor, goes first.
    if (!recorded && waiting.has(resource.urn)) continue;
    const given = resolved.evaluation.inputs(resource.inputs);
    const from = free.take(resource, given);
    if (from !== undefined) moves.push({ from, to: resource.urn, by: "content" });
  }
  return [...moves, ...parked(moves, request)];
}

/** Whether what it is to be is not what is recorded under its URN. */
function isHomeless({ resource, recorded, inputs, action }: Standing, values: RecordedValues): boolean {
  const { definition } = resource;
  if (!definition.identity || (action !== "create" && action !== "replace")) return false;
  const wanted = definition.identity(inputs);
  if (wanted === undefined) return false;
  const had = recorded && definition.identity(values.view(recorded).inputs);
  return recorded ? had !== undefined && had !== wanted : true;
}

/** Records that are free to be another resource's, by what they physically are. */
class Holders {
  readonly #request: PlanRequest;
  readonly #values: RecordedValues;
  readonly #byIdentity = new Map<string, ResourceRecord>();
  /** By type: how often they were replaced, which tells their names. */
  readonly #generations = new Map<string, Set<number>>();

  constructor(request: PlanRequest, values: RecordedValues) {
    this.#request = request;
    this.#values = values;
  }

  add(record: ResourceRecord): void {
    const { type, cluster, providerResource, generation = 0 } = record;
    const identity = this.#request.definition(type)?.identity?.(this.#values.view(record).inputs);
    if (identity === undefined) return;
    this.#byIdentity.set(keyOf(type, cluster, providerResource, identity), record);
    const generations = this.#generations.get(type);
    if (generations) generations.add(generation);
    else this.#generations.set(type, new Set([generation]));
  }

  /** The URN of the record that is physically what a resource is to be. */
  take({ urn, type, definition, cluster, options }: GraphResource, given: ValueObject): Urn | undefined {
    const generations = hasGeneration(definition.inputs, given) ? (this.#generations.get(type) ?? []) : [0];
    for (const generation of generations) {
      const { inputs } = completeInputs(definition, given, {}, generation);
      const identity = definition.identity?.(inputs);
      if (identity === undefined) return undefined;
      const key = keyOf(type, cluster, options.provider, identity);
      const record = this.#byIdentity.get(key);
      if (!record || record.urn === urn) continue;
      this.#byIdentity.delete(key);
      return record.urn;
    }
    return undefined;
  }
}

function keyOf(type: string, cluster: Urn | undefined, provider: Urn | undefined, identity: string): string {
  return [type, cluster ?? "", provider ?? "", identity].join("\u0000");
}

/** What has to make room for others, and has nowhere to go. */
function parked(moves: readonly Move[], { graph, recorded }: PlanRequest): readonly Move[] {
  const going = new Set(moves.map(({ from }) => from));
  const known = new Set(recorded.resources.map(({ urn }) => urn));
  return moves.flatMap(({ to }): readonly Move[] => {
    if (!known.has(to) || going.has(to)) return [];
    let number = 1;
    while (known.has(`${to}~${number}`) || graph.index.has(`${to}~${number}`)) number++;
    return [{ from: to, to: `${to}~${number}`, by: "content" }];
  });
}
