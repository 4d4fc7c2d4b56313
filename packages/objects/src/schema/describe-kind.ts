import type { JsonObject } from "../json.ts";
import type { Kind } from "./kind.ts";
import type { ScalarType, StructType, Type } from "./type.ts";

/**
 * The fields of a kind as JSON Schema, for those who ask which there are and which identify the elements of a list
 * (`keys`, and what stands for one that is left out: `keyDefaults`). It is no check: {@link checkObject} is.
 *
 * @param fields - only these at the top; all of them where absent
 * @example describeKind(requireKind("v1", "ConfigMap"), ["data"]).properties // { data: { type: "object", … } }
 */
export function describeKind(kind: Kind, fields?: readonly string[]): JsonObject {
  const description = new Description();
  const top = [...kind.type.fields.values()].filter(({ name }) => fields?.includes(name) ?? true);
  const properties = Object.fromEntries(top.map(({ name, type }) => [name, description.of(type)]));
  return { type: "object", properties, additionalProperties: false, $defs: description.definitions() };
}

class Description {
  readonly #structs = new Map<string, JsonObject>();

  /** Types refer to each other in circles, so each stands once, by its name. */
  of(type: Type): JsonObject {
    switch (type.kind) {
      case "scalar":
        return scalar(type);
      case "map":
        return { type: "object", additionalProperties: this.of(type.element) };
      case "list": {
        const { relation, keys, element } = type;
        const items = this.of(element);
        if (relation === "set") return { type: "array", compare: "set", items };
        if (relation !== "map" || keys.length === 0) return { type: "array", items };
        const defaults = keys.flatMap((key) =>
          key.default === undefined ? [] : [[key.name, key.default] as const],
        );
        return {
          type: "array",
          keys: keys.map((key) => key.name),
          ...(defaults.length > 0 && { keyDefaults: Object.fromEntries(defaults) }),
          items,
        };
      }
      case "struct":
        return this.#struct(type);
    }
  }

  definitions(): JsonObject {
    return Object.fromEntries(this.#structs);
  }

  #struct({ name, fields }: StructType): JsonObject {
    if (!this.#structs.has(name)) {
      this.#structs.set(name, {});
      const properties = Object.fromEntries(
        [...fields.values()].map((field) => [field.name, this.of(field.type)]),
      );
      this.#structs.set(name, { type: "object", properties, additionalProperties: false });
    }
    return { $ref: `#/$defs/${name}` };
  }
}

function scalar({ scalar: of }: ScalarType): JsonObject {
  if (of === "any") return {};
  if (of === "boolean") return { type: "boolean" };
  if (of === "int32" || of === "int64") return { type: "integer" };
  if (of === "number") return { type: "number" };
  return of === "intOrString" || of === "quantity" ? { type: ["integer", "string"] } : { type: "string" };
}
