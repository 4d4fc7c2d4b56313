import {
  Evaluation,
  type Graph,
  type GraphResource,
  type JsonObject,
  type KnownResource,
  lookupIn,
  markNamed,
  type ResourceRecord,
  type Urn,
  type Value,
  type ValueObject,
} from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { completeInputs, keepIgnored } from "@berth/planner";
import type { Secrets } from "@berth/state";
import { engineCodes } from "./codes.ts";
import type { RecordLookup } from "./providers.ts";
import { openRecorded } from "./recorded-values.ts";

/** What a plan chose for a resource: values by property path, and how often it will have been replaced. */
type Chosen = Pick<ResourceRecord, "assigned" | "generation">;

/** As what a resource is looked at. */
interface InputsOf {
  readonly generation?: number;
  readonly updated?: ResourceRecord | undefined;
}

/**
 * What the program wants, evaluated against what is recorded by now: callbacks of `apply` run again,
 * with the values that earlier steps brought. A resource is looked at once, when everything that it
 * depends on is applied; from then on it does not change any more.
 */
export class Desired {
  readonly #graph: Graph;
  readonly #records: RecordLookup;
  readonly #secrets: Secrets;
  readonly #chosen: ReadonlyMap<Urn, Chosen>;
  readonly #known = new Map<Urn, KnownResource>();
  readonly #unfinished: ReadonlySet<Urn>;
  readonly #kept: ReadonlySet<Urn> | undefined;

  /**
   * @param unfinished - resources with steps that are not done; it shrinks while they are
   * @param chosen - what the plan chose for each resource that it changes
   * @param kept - resources outside of the plan's scope, which are what is recorded whatever the program says
   */
  constructor(
    graph: Graph,
    records: RecordLookup,
    secrets: Secrets,
    unfinished: ReadonlySet<Urn>,
    chosen: ReadonlyMap<Urn, Chosen>,
    kept?: ReadonlySet<Urn>,
  ) {
    this.#graph = graph;
    this.#records = records;
    this.#secrets = secrets;
    this.#unfinished = unfinished;
    this.#chosen = chosen;
    this.#kept = kept;
  }

  /**
   * The inputs of a declared resource. Parts that are not known yet are `Unknown`.
   *
   * @param step - how often the resource was replaced then (as the plan chose, where it is not said), and the record
   *   that is updated, whose values stay where the program's changes are ignored; absent: it is created
   * @throws the problems of callbacks that failed
   */
  inputs(urn: Urn, { generation, updated }: InputsOf = {}): ValueObject {
    const resource = this.#graph.resources[this.#graph.index.get(urn) ?? -1];
    if (!resource) throw new TypeError(`${urn} is not declared`);
    this.#learnDependencies(urn);
    const evaluation = this.#evaluation();
    const given = evaluation.inputs(resource.inputs);
    if (evaluation.problems.length > 0) {
      throw new BerthError(
        evaluation.problems.map((each) => ({ resource: urn, site: resource.site, ...each })),
      );
    }
    const chosen = this.#chosen.get(urn) ?? this.#records(urn);
    const { inputs } = completeInputs(
      resource.definition,
      given,
      chosen?.assigned ?? {},
      generation ?? chosen?.generation,
    );
    return updated ? this.#withIgnored(resource, inputs, updated) : inputs;
  }

  /** What the option `replacementTrigger` of a declared resource comes to; `undefined` where it has none. */
  trigger(urn: Urn): Value | undefined {
    const given = this.#graph.resources[this.#graph.index.get(urn) ?? -1]?.options.replacementTrigger;
    if (given === undefined) return undefined;
    this.#learnDependencies(urn);
    return this.#evaluation().value(given);
  }

  /** The physical id of what is only read. @throws BERTH6004 where it is not known */
  readId(urn: Urn): string {
    const resource = this.#graph.resources[this.#graph.index.get(urn) ?? -1];
    this.#learnDependencies(urn);
    const evaluation = this.#evaluation();
    const id = evaluation.value(resource?.read?.id);
    const about = { resource: urn, ...(resource && { site: resource.site }) };
    if (evaluation.problems.length > 0)
      throw new BerthError(evaluation.problems.map((each) => ({ ...about, ...each })));
    if (typeof id === "string") return id;
    const message = "the id of what is to be read is not known, although everything it depends on is done";
    throw new BerthError([problem(engineCodes.BERTH6004, { message, ...about })]);
  }

  /** The stack's outputs, as far as they are known. */
  outputs(): { readonly values: ValueObject; readonly failed: readonly BerthError[] } {
    for (const { urn } of this.#graph.resources) this.#learn(urn);
    const values: [string, Value][] = [];
    const failed: BerthError[] = [];
    for (const [name, given] of Object.entries(this.#graph.outputs)) {
      const evaluation = this.#evaluation();
      const value = evaluation.value(given);
      if (evaluation.problems.length > 0) failed.push(new BerthError(evaluation.problems));
      else if (value !== undefined) values.push([name, value]);
    }
    return { values: Object.fromEntries(values), failed };
  }

  #evaluation(): Evaluation {
    return new Evaluation(lookupIn((urn) => this.#known.get(urn)));
  }

  /** In the graph's order, so that each finds its own dependencies known, however long a chain is. */
  #learnDependencies(urn: Urn): void {
    const needed = new Set<Urn>([urn]);
    for (const each of needed) {
      const resource = this.#graph.resources[this.#graph.index.get(each) ?? -1];
      for (const dependency of resource?.dependencies ?? [])
        if (!this.#known.has(dependency)) needed.add(dependency);
    }
    needed.delete(urn);
    const position = (each: Urn): number => this.#graph.index.get(each) ?? -1;
    for (const each of [...needed].toSorted((a, b) => position(a) - position(b))) this.#learn(each);
  }

  #learn(urn: Urn): void {
    if (this.#known.has(urn) || this.#unfinished.has(urn)) return;
    const resource = this.#graph.resources[this.#graph.index.get(urn) ?? -1];
    const record = this.#records(urn);
    if (!resource || !record) return;
    this.#known.set(urn, {
      definition: resource.definition,
      inputs: this.#given(resource, record),
      outputs: markNamed(this.recorded(record, record.outputs), resource.options.additionalSecretOutputs),
    });
  }

  #given(resource: GraphResource, record: ResourceRecord): ValueObject {
    if (this.#kept?.has(resource.urn) || resource.read) return this.recorded(record, record.inputs);
    const evaluation = this.#evaluation();
    const given = evaluation.inputs(resource.inputs);
    if (evaluation.problems.length > 0) return this.recorded(record, record.inputs);
    const { inputs } = completeInputs(resource.definition, given, record.assigned, record.generation);
    return this.#withIgnored(resource, inputs, record);
  }

  #withIgnored(
    { definition, options }: GraphResource,
    inputs: ValueObject,
    record: ResourceRecord,
  ): ValueObject {
    if (!options.ignoreChanges) return inputs;
    return keepIgnored(definition, options.ignoreChanges, inputs, this.recorded(record, record.inputs))
      .inputs;
  }

  /** Inputs or outputs of a record as values. */
  recorded({ urn }: ResourceRecord, json: JsonObject): ValueObject {
    return openRecorded(json, urn, this.#secrets);
  }
}
