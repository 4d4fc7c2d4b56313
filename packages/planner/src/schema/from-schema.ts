import type { Json, JsonObject } from "@berth/core";
import type { Code } from "@berth/diagnostics";

/**
 * The type that a JSON Schema describes, for the part of the language in which the Plan's is
 * written: closed objects, maps, lists, `const`, `enum`, `anyOf`, references, and scalars. It lets
 * the compiler hold schema and types to each other.
 */
export type FromSchema<S, D> = S extends { readonly $ref: "#/$defs/json" }
  ? Json
  : S extends { readonly $ref: "#/$defs/jsonObject" }
    ? JsonObject
    : S extends { readonly $ref: "#/$defs/code" }
      ? Code
      : S extends { readonly $ref: `#/$defs/${infer N}` }
        ? N extends keyof D
          ? FromSchema<D[N], D>
          : never
        : S extends { readonly const: infer C }
          ? C
          : S extends { readonly enum: readonly (infer E)[] }
            ? E
            : S extends { readonly anyOf: readonly (infer O)[] }
              ? O extends unknown
                ? FromSchema<O, D>
                : never
              : S extends { readonly type: "array"; readonly items: infer I }
                ? readonly FromSchema<I, D>[]
                : S extends { readonly type: "object" }
                  ? FromObject<S, D>
                  : S extends { readonly type: "string" }
                    ? string
                    : S extends { readonly type: "number" | "integer" }
                      ? number
                      : S extends { readonly type: "boolean" }
                        ? boolean
                        : never;

type FromObject<S, D> = S extends { readonly properties: infer P; readonly required: readonly (infer R)[] }
  ? { readonly [K in keyof P & R]: FromSchema<P[K], D> } & {
      readonly [K in Exclude<keyof P, R>]?: FromSchema<P[K], D>;
    }
  : S extends { readonly additionalProperties: infer V }
    ? Readonly<Record<string, FromSchema<V, D>>>
    : never;
