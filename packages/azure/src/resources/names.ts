import type { ValueObject } from "@berth/core";

/** Inputs with their physical name: the logical name where the program gives none. */
export function withName<I extends { readonly name?: unknown }>(
  name: string,
  inputs: I,
): I & { readonly name: NonNullable<I["name"]> | string } {
  // What is no object is left as it is, for the schema to refuse.
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs)) return inputs as never;
  return { ...inputs, name: inputs.name ?? name };
}

/** Physical identity, in the case in which Azure compares names: `cluster store/store`. */
export function identityOf(kind: string, inputs: ValueObject, keys: readonly string[]): string | undefined {
  const names = keys.map((key) => inputs[key]);
  if (!names.every((each) => typeof each === "string")) return undefined;
  return `${kind} ${names.join("/").toLowerCase()}`;
}
