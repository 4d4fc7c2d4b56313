import {
  type EncryptedValue,
  isEncryptedValue,
  type Json,
  type JsonObject,
  type ResourceRecord,
  type ResourceView,
  Secret,
  Unknown,
  type Urn,
  type Value,
  type ValueObject,
} from "@berth/core";
import type { SecretReader } from "../request.ts";

/** Recorded JSON as values: ciphertexts become secrets, or unknowns where the key is not at hand. */
export class RecordedValues {
  readonly #secrets: SecretReader | undefined;

  constructor(secrets: SecretReader | undefined) {
    this.#secrets = secrets;
  }

  outputs({ urn, outputs }: ResourceRecord): ValueObject {
    return this.#object(outputs, urn, "");
  }

  /** A recorded resource as facet functions see it. */
  view(record: ResourceRecord): ResourceView {
    const { urn, type, references, cluster } = record;
    const inputs = this.#object(record.inputs, urn, "");
    return {
      urn,
      type,
      inputs,
      outputs: this.outputs(record),
      references,
      ...(cluster === undefined ? {} : { cluster }),
    };
  }

  #object(object: JsonObject, urn: Urn, path: string): ValueObject {
    let changed = false;
    const entries = Object.entries(object).map(([key, each]): readonly [string, Value] => {
      const value = this.#value(each, urn, path === "" ? key : `${path}.${key}`);
      changed ||= value !== each;
      return [key, value];
    });
    return changed ? Object.fromEntries(entries) : object;
  }

  #value(value: Json, urn: Urn, path: string): Value {
    if (typeof value !== "object" || value === null) return value;
    if (isEncryptedValue(value)) return this.#open(value, urn, path);
    if (!isList(value)) return this.#object(value, urn, path);
    const list = value.map((each, index) => this.#value(each, urn, `${path}[${index}]`));
    return list.some((each, index) => each !== value[index]) ? list : value;
  }

  #open(value: EncryptedValue, urn: Urn, path: string): Value {
    return this.#secrets ? new Secret(this.#secrets.decrypt(value)) : new Unknown([{ urn, path }], true);
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
