import type { Json } from "../json.ts";

/** What Kubernetes calls a kind of mistake in a field; it is the `reason` of a status cause. */
export type FieldErrorType =
  | "FieldValueDuplicate"
  | "FieldValueForbidden"
  | "FieldValueInvalid"
  | "FieldValueNotFound"
  | "FieldValueNotSupported"
  | "FieldValueRequired"
  | "FieldValueTooLong";

/** A mistake in a field, as an API server reports it. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** `spec.ports[1].name` */
  readonly field: string;
  /** The value at fault; not shown for some types. */
  readonly value?: Json;
  readonly detail: string;
}

const TITLES: Readonly<Record<FieldErrorType, string>> = {
  FieldValueDuplicate: "Duplicate value",
  FieldValueForbidden: "Forbidden",
  FieldValueInvalid: "Invalid value",
  FieldValueNotFound: "Not found",
  FieldValueNotSupported: "Unsupported value",
  FieldValueRequired: "Required value",
  FieldValueTooLong: "Too long",
};

const WITHOUT_VALUE: ReadonlySet<FieldErrorType> = new Set([
  "FieldValueForbidden",
  "FieldValueRequired",
  "FieldValueTooLong",
]);

export function invalid(field: string, value: Json, detail: string): FieldError {
  return { type: "FieldValueInvalid", field, value, detail };
}

export function required(field: string, detail = ""): FieldError {
  return { type: "FieldValueRequired", field, detail };
}

export function duplicate(field: string, value: Json): FieldError {
  return { type: "FieldValueDuplicate", field, value, detail: "" };
}

export function forbidden(field: string, detail: string): FieldError {
  return { type: "FieldValueForbidden", field, detail };
}

export function notFound(field: string, value: Json): FieldError {
  return { type: "FieldValueNotFound", field, value, detail: "" };
}

export function notSupported(field: string, value: Json, supported: readonly string[]): FieldError {
  const detail = `supported values: ${supported.map((each) => JSON.stringify(each)).join(", ")}`;
  return { type: "FieldValueNotSupported", field, value, detail };
}

export function tooLong(field: string, limit: number): FieldError {
  return { type: "FieldValueTooLong", field, detail: `may not be more than ${limit} bytes` };
}

/** One `invalid` for each sentence about a value. */
export function invalids(field: string, value: Json, details: readonly string[]): FieldError[] {
  return details.map((detail) => invalid(field, value, detail));
}

/**
 * The error without its field: `Invalid value: "x": must be …`.
 *
 * Rules: `k8s.io/apimachinery` v0.36 `pkg/util/validation/field/errors.go`.
 */
export function errorBody({ type, value, detail }: FieldError): string {
  const title = WITHOUT_VALUE.has(type) ? TITLES[type] : `${TITLES[type]}: ${JSON.stringify(value ?? null)}`;
  return detail === "" ? title : `${title}: ${detail}`;
}

/** Errors as one text: the only one, or all in brackets without repetition. */
export function errorText(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${errorBody(error)}`))];
  return texts.length === 1 ? texts.join("") : `[${texts.join(", ")}]`;
}
