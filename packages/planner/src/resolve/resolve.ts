import {
  checkInputs,
  Evaluation,
  type GraphResource,
  type Json,
  type KnownResource,
  lookupIn,
  markNamed,
  type PendingOperation,
  type ResourceDefinition,
  type ResourceRecord,
  type ResourceView,
  Unknown,
  unknownOutputs,
  type Urn,
  type ValueObject,
} from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { plannerCodes } from "../codes.ts";
import { compareInputs } from "../compare/compare.ts";
import { type Difference, isObject } from "../compare/difference.ts";
import { sourcesOf } from "../compare/path.ts";
import { isRecordedValue } from "../compare/equality.ts";
import { opaque, type SecretDigest } from "../compare/opaque.ts";
import type { Evicts } from "../identity.ts";
import type { PlanRequest } from "../request.ts";
import type { Slice } from "../scope/slice.ts";
import { findOtherAccount } from "./account.ts";
import { completeInputs } from "./complete-inputs.ts";
import { type Circumstances, decideChange, decideCreate, type Decision, unchanged } from "./decide.ts";
import { replaceOn } from "../compare/replace-on.ts";
import { decideImport, decideRead, foundAddresses, type ReadFound } from "./found.ts";
import { RecordedValues } from "./recorded-values.ts";
import { Waits } from "./waits.ts";
import { keepIgnored } from "./ignored.ts";
import { needsNextGeneration, replacementOrder, type ReplacementSubject } from "./replacement.ts";
import type { Standing } from "./standing.ts";
import { triggerChange } from "./trigger.ts";

/** Every declared resource as it will stand, in the graph's order. */
export interface Resolved {
  readonly standings: readonly Standing[];
  readonly byUrn: ReadonlyMap<Urn, Standing>;
  readonly evaluation: Evaluation;
  /** Values from outputs that their properties do not take, orders of replacement that cannot be. What callbacks failed, {@link evaluation} knows. */
  readonly problems: readonly Problem[];
}

/** Values that the planner chose, by resource and property path. */
export type Assignments = ReadonlyMap<Urn, Readonly<Record<string, Json>>>;

/**
 * Evaluates what the program declared, in topological order, and compares each resource with its
 * record as soon as its inputs are known, since what becomes of it decides which of its outputs are.
 */
export function resolve(
  slice: Slice,
  records: ReadonlyMap<Urn, ResourceRecord>,
  { assignments, evicts }: Choices = noChoices,
): Resolved {
  return new Resolution(slice, records, assignments, evicts).run();
}

/** What was found out by resolving, and is to be resolved with. */
export interface Choices {
  readonly assignments: Assignments;
  /** By the URN of what is created: what must be deleted before it, since both are one physical thing. */
  readonly evicts: Evicts;
}

const noChoices: Choices = { assignments: new Map(), evicts: new Map() };

/** A decision with the inputs that it leads to. */
type Decided = Decision & Pick<Standing, "inputs" | "assigned" | "generation" | "replacement">;

class Resolution {
  readonly #request: PlanRequest;
  readonly #records: ReadonlyMap<Urn, ResourceRecord>;
  readonly #assignments: Assignments;
  readonly #pending: ReadonlyMap<Urn, PendingOperation>;
  readonly #values: RecordedValues;
  readonly #digest: SecretDigest;
  readonly #known = new Map<Urn, KnownResource>();
  readonly #standings = new Map<Urn, Standing>();
  readonly #replaced = new Set<Urn>();
  /** Of these, those that are deleted before they are created anew. */
  readonly #deletedFirst = new Set<Urn>();
  readonly #requested: Slice["requested"];
  readonly #waits: Waits;
  readonly #evaluation: Evaluation;
  readonly #problems: Problem[] = [];
  /** The program's values if nothing were known of what is deleted before it is made anew: shows which properties take values from it. */
  readonly #withoutReplaced: Evaluation;

  constructor(
    { request, kept, requested }: Slice,
    records: ReadonlyMap<Urn, ResourceRecord>,
    assignments: Assignments,
    evicts: Choices["evicts"],
  ) {
    this.#request = request;
    this.#waits = new Waits(evicts);
    this.#requested = requested;
    this.#records = records;
    this.#assignments = assignments;
    this.#pending = new Map(
      // What was superseded goes its own way.
      request.recorded.pending.flatMap((each) => (each.superseded === undefined ? [[each.urn, each]] : [])),
    );
    this.#values = new RecordedValues(request.secrets);
    this.#digest = request.secrets && ((plaintext) => request.secrets!.digest(plaintext));
    const lookup = lookupIn((urn) => this.#known.get(urn));
    for (const [urn, record] of kept) this.#keep(urn, record);
    this.#evaluation = new Evaluation(lookup);
    this.#withoutReplaced = new Evaluation((urn, path) =>
      this.#deletedFirst.has(urn) ? new Unknown([{ urn, path: replacedMark }]) : lookup(urn, path),
    );
  }

  run(): Resolved {
    const standings = this.#request.graph.resources.map((resource) => this.#stand(resource));
    return { standings, byUrn: this.#standings, evaluation: this.#evaluation, problems: this.#problems };
  }

  /** What is outside of the scope is, for whoever takes values from it, what is recorded. */
  #keep(urn: Urn, record: ResourceRecord): void {
    const definition = this.#request.definition(record.type);
    if (!definition) return;
    const { inputs, outputs } = this.#values.view(record);
    this.#known.set(urn, { definition, inputs, outputs });
  }

  #stand(resource: GraphResource): Standing {
    if (resource.read) return this.#read(resource, resource.read);
    const { urn, definition } = resource;
    const record = this.#records.get(urn);
    // What was only read until now is made, or taken over, as if nothing were recorded.
    const recorded = record?.external ? undefined : record;
    const importedId = recorded || this.#isGone(urn) ? undefined : resource.options.import;
    if (importedId !== undefined) return this.#import(resource, importedId);
    const given = this.#evaluated(resource);
    const chosen = this.#assignments.get(urn) ?? recorded?.assigned ?? {};
    const generation = recorded?.generation ?? 0;
    const { inputs: completed, assigned } = completeInputs(definition, given, chosen, generation);
    const inputs = recorded ? this.#withIgnored(resource, recorded, completed) : completed;
    const asRecorded = recorded !== undefined && isRecordedValue(recorded.inputs, inputs, this.#digest);
    const decision = this.#decide(resource, recorded, inputs, asRecorded);
    // What is made anew is as the program says.
    const wanted = decision.action === "replace" ? completed : inputs;
    if (decision.action === "update" && recorded) this.#forbid(resource, recorded, inputs);
    const decided: Decided = { inputs: wanted, assigned, generation, ...decision };
    const standing = this.#standing(
      resource,
      recorded,
      recorded && decision.action === "replace" ? this.#replace(resource, recorded, given, decided) : decided,
      asRecorded,
    );
    this.#waits.note(resource);
    return standing;
  }

  /** What is recorded, where the program's changes are ignored. */
  #withIgnored(
    { urn, name, site, definition, options }: GraphResource,
    recorded: ResourceRecord,
    inputs: ValueObject,
  ): ValueObject {
    if (!options.ignoreChanges) return inputs;
    const before = this.#values.view(recorded).inputs;
    const { inputs: kept, lost } = keepIgnored(definition, options.ignoreChanges, inputs, before);
    for (const path of lost) {
      const message = `${name} ignores changes of ${path}, but the program drops what that is in`;
      this.#problems.push(
        problem(plannerCodes.BERTH3040, { message, severity: "warning", resource: urn, site, path }),
      );
    }
    return kept;
  }

  #standing(
    resource: GraphResource,
    recorded: ResourceRecord | undefined,
    decided: Decided,
    asRecorded: boolean,
  ): Standing {
    const { urn, definition } = resource;
    const inputs = this.#seenInputs(resource, recorded, decided);
    const view = this.#view(resource, recorded, inputs, decided);
    const standing = { resource, recorded, asRecorded, view, ...decided };
    this.#standings.set(urn, standing);
    this.#known.set(urn, { definition, inputs, outputs: view.outputs });
    return standing;
  }

  /** What the API would refuse of an update. */
  #forbid({ urn, definition, site }: GraphResource, recorded: ResourceRecord, inputs: ValueObject): void {
    if (!definition.forbid) return;
    const [before, after] = [opaque(recorded.inputs, this.#digest), opaque(inputs, this.#digest)];
    if (!isObject(before) || !isObject(after)) return;
    for (const each of definition.forbid(before, after))
      this.#problems.push({ resource: urn, site, ...each });
  }

  /** What others take from its inputs: its name is not known where it depends on whether it is replaced, and that is not. */
  #seenInputs(
    { urn, definition, inputs: raw }: GraphResource,
    recorded: ResourceRecord | undefined,
    { inputs, assigned, certainty, generation }: Decided,
  ): ValueObject {
    if (certainty === "will" || generation === (recorded?.generation ?? 0)) return inputs;
    const given = this.#evaluation.inputs(raw);
    const unsure = (path: string): Unknown => new Unknown([{ urn, path }], false, "string");
    return completeInputs(definition, given, assigned, unsure).inputs;
  }

  /** A replacement: with another name where it has one to give, and new or old first. */
  #replace(resource: GraphResource, recorded: ResourceRecord, given: ValueObject, decided: Decided): Decided {
    const { urn, cluster } = resource;
    this.#replaced.add(urn);
    const waitsFor = this.#waits.of(resource);
    const subject: ReplacementSubject = {
      resource,
      before: this.#values.view(recorded).inputs,
      after: decided.inputs,
      isOnAnotherCluster: cluster !== recorded.cluster || this.#isCreatedFirst(cluster),
      waitsFor,
    };
    const renamed = needsNextGeneration(subject, given)
      ? this.#rename(resource, recorded, given, decided)
      : decided;
    const { order, problem } = replacementOrder({ ...subject, after: renamed.inputs });
    if (problem) this.#problems.push(problem);
    if (order === "delete-first") {
      this.#deletedFirst.add(urn);
      this.#waits.forItself(urn);
    }
    return { ...renamed, replacement: order };
  }

  #isCreatedFirst(urn: Urn | undefined): boolean {
    return urn !== undefined && this.#replaced.has(urn) && !this.#deletedFirst.has(urn);
  }

  /** The same with the next generation's name, which is a difference like any other. */
  #rename(
    { definition }: GraphResource,
    recorded: ResourceRecord,
    given: ValueObject,
    decided: Decided,
  ): Decided {
    const generation = decided.generation + 1;
    const { inputs, assigned } = completeInputs(definition, given, decided.assigned, generation);
    const known = new Set(decided.differences.map((each) => each.path));
    const { certainty, because } = decided;
    const renamed = compareInputs(definition, recorded.inputs, inputs, this.#digest)
      .filter((each) => !known.has(each.path))
      .map((each) => (certainty === "may" ? { ...each, certainty, because } : each));
    const differences = [...decided.differences, ...renamed];
    return { ...decided, inputs, assigned, generation, differences };
  }

  /** What exists already and is to be taken into the stack. */
  #import(resource: GraphResource, id: string): Standing {
    const { urn, definition } = resource;
    const live = this.#request.live?.get(urn);
    const chosen = this.#assignments.get(urn) ?? foundAddresses(live);
    const { inputs, assigned } = completeInputs(definition, this.#evaluated(resource), chosen);
    const { project, stack } = this.#request.recorded;
    const found = decideImport(resource, id, inputs, live, `${project}/${stack}`);
    return this.#found(resource, undefined, found, assigned);
  }

  /** What is only read. */
  #read(resource: GraphResource, { id }: NonNullable<GraphResource["read"]>): Standing {
    const { urn } = resource;
    const record = this.#records.get(urn);
    const recorded = record?.external ? { id: record.id, ...this.#values.view(record) } : undefined;
    const found = decideRead(
      resource,
      this.#evaluation.value(id) ?? null,
      this.#request.live?.get(urn),
      recorded,
    );
    return this.#found(resource, record, found, {});
  }

  #found(
    resource: GraphResource,
    recorded: ResourceRecord | undefined,
    { decision, inputs, outputs, problems }: ReadFound,
    assigned: Standing["assigned"],
  ): Standing {
    const { urn, type, definition, references, cluster } = resource;
    this.#problems.push(...problems);
    const view = { urn, type, inputs, outputs, references, ...(cluster !== undefined && { cluster }) };
    const generation = recorded?.generation ?? 0;
    const standing = {
      resource,
      recorded,
      inputs,
      assigned,
      generation,
      asRecorded: true,
      view,
      ...decision,
    };
    this.#standings.set(urn, standing);
    this.#known.set(urn, { definition, inputs, outputs });
    return standing;
  }

  /** Values that came from outputs are checked now; those that the program gave were checked when they were declared. */
  #evaluated({ urn, definition, inputs: raw, references, site, options }: GraphResource): ValueObject {
    const inputs = this.#evaluation.inputs(raw);
    if (Object.keys(references).length > 0) {
      for (const each of checkInputs(definition, inputs)) {
        if (each.severity === "warning" && options.silence.includes(each.code)) continue;
        this.#problems.push({ ...each, resource: urn, site });
      }
    }
    return inputs;
  }

  /** Whether it was recorded, and does not exist any more. */
  #isGone(urn: Urn): boolean {
    const live = this.#request.live?.get(urn);
    return live?.kind === "gone" && live.wasRecorded === true;
  }

  #decide(
    resource: GraphResource,
    recorded: ResourceRecord | undefined,
    inputs: ValueObject,
    asRecorded: boolean,
  ): Decision {
    const pending = this.#pending.get(resource.urn);
    if (!recorded) return decideCreate(pending, this.#isGone(resource.urn));
    const { cluster, definition } = resource;
    const { replaceOnChanges, replacementTrigger } = resource.options;
    const trigger =
      replacementTrigger === undefined
        ? undefined
        : triggerChange(
            recorded.options?.replacementTrigger,
            this.#evaluation.value(replacementTrigger),
            this.#digest,
          );
    const isRequested = this.#requested.has(resource.urn);
    const isAlone =
      pending === undefined &&
      this.#replaced.size === 0 &&
      cluster === recorded.cluster &&
      !trigger &&
      !isRequested;
    const otherAccount = findOtherAccount(resource, recorded, {
      standings: this.#standings,
      records: this.#records,
      definition: this.#request.definition,
      digest: this.#digest,
    });
    if (asRecorded && isAlone && !otherAccount) return unchanged;
    const differences = asRecorded
      ? []
      : replaceOn(compareInputs(definition, recorded.inputs, inputs, this.#digest), replaceOnChanges);
    const isOther = cluster !== recorded.cluster || (cluster !== undefined && this.#replaced.has(cluster));
    return decideChange(differences, {
      otherCluster: isOther ? (cluster ?? recorded.cluster) : undefined,
      otherAccount,
      fromReplaced: this.#fromReplaced(resource, recorded, differences),
      trigger,
      isRequested,
      pending,
    });
  }

  /** Immutable properties that would have to take new values from what is replaced, even if those turn out to be the same. */
  #fromReplaced(
    resource: GraphResource,
    recorded: ResourceRecord,
    known: readonly Difference[],
  ): Circumstances["fromReplaced"] {
    if (this.#deletedFirst.size === 0) return undefined;
    const { definition, inputs, references, options } = resource;
    if (!Object.values(references).some((urns) => urns.some((each) => this.#deletedFirst.has(each))))
      return undefined;
    const { inputs: completed } = completeInputs(
      definition,
      this.#withoutReplaced.inputs(inputs),
      recorded.assigned,
      recorded.generation,
    );
    const desired = options.ignoreChanges
      ? keepIgnored(definition, options.ignoreChanges, completed, this.#values.view(recorded).inputs).inputs
      : completed;
    const taking = compareInputs(definition, recorded.inputs, desired, this.#digest).filter(
      (each) =>
        each.forcesReplacement !== undefined && each.because.some((text) => text.endsWith(replacedMark)),
    );
    if (taking.length === 0) return undefined;
    const sources = taking
      .flatMap(({ path }) => sourcesOf(path, references))
      .filter((each) => this.#deletedFirst.has(each));
    const upstream = [...new Set(sources)].toSorted();
    const byPath = new Map(known.map((each) => [each.path, each]));
    return {
      upstream,
      differences: taking.map((each) => byPath.get(each.path) ?? unchangedButForcing(each)),
    };
  }

  #view(
    resource: GraphResource,
    recorded: ResourceRecord | undefined,
    inputs: ValueObject,
    { action }: Decision,
  ): ResourceView {
    const { urn, type, definition, references, cluster, options } = resource;
    const base = { urn, type, inputs, references, ...(cluster === undefined ? {} : { cluster }) };
    const answered = recorded && markNamed(this.#values.outputs(recorded), options.additionalSecretOutputs);
    if (action === "no-op" && answered) return { ...base, outputs: answered };
    const unknown = unknownOutputs(definition, urn);
    const stable = action === "update" && answered ? immutableOutputs(definition, answered) : {};
    const predicted = definition.predict?.({ ...base, outputs: stable }) ?? {};
    const outputs = { ...unknown, ...stable, ...predicted };
    return { ...base, outputs: markNamed(outputs, options.additionalSecretOutputs) };
  }
}

/** No path of an output looks like this. */
const replacedMark = "\u0000replaced";

/** The value stays the same, as far as is known, but what it was taken from is made anew. */
function unchangedButForcing({ path, kind, before, forcesReplacement }: Difference): Difference {
  const sides = before === undefined ? {} : { before, after: before };
  return {
    path,
    kind,
    ...sides,
    certainty: "will",
    because: [],
    ...(forcesReplacement === undefined ? {} : { forcesReplacement }),
  };
}

/** Outputs that cannot change without a replacement. */
function immutableOutputs(definition: ResourceDefinition, outputs: ValueObject): ValueObject {
  return Object.fromEntries(
    Object.entries(outputs).filter(([name]) => definition.outputs[name]?.immutable !== undefined),
  );
}
