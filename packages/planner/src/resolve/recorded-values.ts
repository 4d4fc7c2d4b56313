import {
  formatPath,
  isEncryptedValue,
  isValueObject,
  type Json,
  type JsonObject,
  type PathSegments,
  type ResourceRecord,
  type ResourceView,
  SealedSecret,
  Secret,
  type Urn,
  type Value,
  type ValueObject,
} from "@berth/core";
import { isPlain } from "../compare/opaque.ts";
import type { SecretReader } from "../request.ts";

/** Recorded JSON as values: ciphertexts become secrets; where the key is not at hand, they are sealed. */
export class RecordedValues {
  readonly #secrets: SecretReader | undefined;

  constructor(secrets: SecretReader | undefined) {
    this.#secrets = secrets;
  }

  outputs({ urn, outputs }: ResourceRecord): ValueObject {
    return this.#object(outputs, urn);
  }

  /** A recorded resource as facet functions see it. */
  view(record: ResourceRecord): ResourceView {
    const { urn, type, references, cluster } = record;
    const base = {
      urn,
      type,
      inputs: this.#object(record.inputs, urn),
      outputs: this.outputs(record),
      references,
    };
    return cluster === undefined ? base : { ...base, cluster };
  }

  #object(object: JsonObject, urn: Urn): ValueObject {
    if (isPlain(object)) return object;
    const opened = this.#open(object, urn, []);
    return isValueObject(opened) ? opened : {};
  }

  #open(value: Json, urn: Urn, path: PathSegments): Value {
    if (typeof value !== "object" || value === null) return value;
    if (isEncryptedValue(value)) {
      if (this.#secrets) return new Secret(this.#secrets.decrypt(value));
      return new SealedSecret({ urn, path: formatPath(path) }, value.digest);
    }
    if (isList(value)) return value.map((each, index) => this.#open(each, urn, [...path, index]));
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, this.#open(each, urn, [...path, key])]),
    );
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
