import {
  encodeValue,
  Evaluation,
  type GraphResource,
  type JsonObject,
  type KnownResource,
  lookupIn,
  parseUrn,
  type ResourceRecord,
  unknownOutputs,
  type Urn,
  type Value,
  type ValueObject,
} from "@berth/core";
import { completeInputs } from "@berth/planner";
import type { Secrets } from "@berth/state";
import { openRecorded } from "../recorded-values.ts";
import type { PolicyResource } from "./policy.ts";

/** Where values of resources come from, for policies: what is recorded, and what follows from inputs alone. */
export interface PolicyWorld {
  readonly records: ReadonlyMap<Urn, ResourceRecord>;
  readonly secrets: Secrets;
}

/** A declared resource, as far as it is known before anything is planned. */
export interface DeclaredSubject {
  readonly subject: PolicyResource;
  readonly inputs: ValueObject;
}

/**
 * Evaluates what is declared, in the graph's order, against what is recorded: no comparison, no plan. What a step of
 * this very plan brings is not known yet.
 */
export class Subjects {
  readonly #world: PolicyWorld;
  readonly #known = new Map<Urn, KnownResource>();
  readonly #evaluation: Evaluation;

  constructor(world: PolicyWorld) {
    this.#world = world;
    this.#evaluation = new Evaluation(lookupIn((urn) => this.#known.get(urn)));
  }

  /** The resource as policies see it; those that it depends on must have been asked for before. */
  of(resource: GraphResource): DeclaredSubject {
    const { urn, type, name, definition, parent, cluster, dependencies, references, options, site } =
      resource;
    const record = this.#world.records.get(urn);
    const given = this.#evaluation.inputs(resource.inputs, definition);
    const { inputs } = completeInputs(definition, given, record?.assigned ?? {});
    const answered = record ? openRecorded(record.outputs, urn, this.#world.secrets) : {};
    const view = {
      urn,
      type,
      inputs,
      outputs: answered,
      references,
      ...(cluster !== undefined && { cluster }),
    };
    const outputs = { ...unknownOutputs(definition, urn), ...answered, ...definition.predict?.(view) };
    this.#known.set(urn, { definition, inputs, outputs });
    const subject = frozen<PolicyResource>({
      urn,
      type,
      name,
      provider: definition.provider,
      inputs: shown(inputs),
      outputs: shown(outputs),
      ...(parent !== undefined && { parent }),
      ...(cluster !== undefined && { cluster }),
      dependencies,
      protect: options.protect,
      site,
    });
    return { subject, inputs };
  }
}

/** A resource that is only recorded, or stands as it is recorded. */
export function recordedSubject(record: ResourceRecord, { secrets }: PolicyWorld): PolicyResource {
  const { urn, type, provider, parent, cluster, dependencies, protect } = record;
  return frozen({
    urn,
    type,
    name: parseUrn(urn)?.path.at(-1) ?? urn,
    provider,
    inputs: shown(openRecorded(record.inputs, urn, secrets)),
    outputs: shown(openRecorded(record.outputs, urn, secrets)),
    ...(parent !== undefined && { parent }),
    ...(cluster !== undefined && { cluster }),
    dependencies,
    protect,
  });
}

/** JSON with marks for what is unknown or secret, of which nothing else holds a part. */
function shown(values: ValueObject): JsonObject {
  const encoded = encodeValue(values satisfies Value);
  return typeof encoded === "object" && encoded !== null && !Array.isArray(encoded)
    ? (encoded as JsonObject)
    : {};
}

/** A policy that changes what it is shown is told so. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}
