/** The shape of a value in the Kubernetes API, with what merging, storing and comparing need to know of it. */
export type Type = ScalarType | ListType | MapType | StructType;

export type Scalar =
  | "string"
  | "boolean"
  | "int32"
  | "int64"
  | "number"
  | "bytes"
  | "time"
  | "quantity"
  | "intOrString"
  | "any";

export interface ScalarType {
  readonly kind: "scalar";
  readonly scalar: Scalar;
  /** The only texts that are allowed, where they are an enum. */
  readonly values?: readonly string[];
}

export interface ListType {
  readonly kind: "list";
  readonly element: Type;
  /** `atomic` lists are one value; `set`s hold scalars that are their own key; `map`s are keyed by fields. */
  readonly relation: "atomic" | "set" | "map";
  /** Fields that identify an element of a `map`, with the value of those that may be left out. */
  readonly keys: readonly ListKey[];
}

export interface ListKey {
  readonly name: string;
  readonly default?: string;
}

export interface MapType {
  readonly kind: "map";
  readonly element: Type;
  readonly atomic: boolean;
}

export interface StructType {
  readonly kind: "struct";
  /** `core.v1.Container` */
  readonly name: string;
  readonly atomic: boolean;
  readonly fields: ReadonlyMap<string, Field>;
}

export interface Field {
  readonly name: string;
  readonly required: boolean;
  /** What the API server stores where the field is empty; see {@link Presence}. */
  readonly presence: Presence;
  readonly type: Type;
  /** How a strategic merge patch treats it; absent where it replaces scalars and lists and merges objects. */
  readonly patch?: PatchStrategy;
}

/**
 * `omitEmpty`: not stored where it is zero, empty text, an empty list or map.
 * `keepZero`: an explicit zero is stored (a pointer in Go).
 * `always`: stored even when nobody set it, as its zero value.
 * `nullable`: stored as null when nobody set it.
 */
export type Presence = "omitEmpty" | "keepZero" | "always" | "nullable";

export interface PatchStrategy {
  /** List elements are merged by this field; lists of scalars by value where it is the empty text. */
  readonly mergeKey?: string;
  /** Fields that `$retainKeys` does not name are cleared. */
  readonly retainKeys?: boolean;
  /** The object is replaced as a whole. */
  readonly replace?: boolean;
}
