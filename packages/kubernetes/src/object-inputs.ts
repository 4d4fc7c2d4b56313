import type { Input, Value, ValueObject } from "@berth/core";
import { isNamespaced, type ObjectMeta, type ObjectRef } from "@berth/objects";

/** What programs give as an object's metadata; its name is the resource's logical one unless given. */
export type MetadataInput = Input<Pick<ObjectMeta, "name" | "namespace" | "labels" | "annotations">>;

/** What every object's inputs have once its class has filled them in. */
export interface ObjectInputs {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: MetadataInput;
}

/** Inputs of an object as a manifest: `apiVersion` and `kind` of the class, the logical name where none is given. */
export function objectInputs<I extends { readonly metadata?: MetadataInput }>(
  apiVersion: string,
  kind: string,
  name: string,
  inputs: I,
): I & ObjectInputs {
  return { apiVersion, kind, ...inputs, metadata: { name, ...inputs.metadata } };
}

/**
 * Identity of an object, from its inputs; a namespaced one that states no namespace is in `default`.
 * Nothing while a part of it is not known.
 */
export function refOfInputs(inputs: ValueObject): ObjectRef | undefined {
  const { apiVersion, kind } = inputs;
  const name = metadataOf(inputs)["name"];
  const namespace = metadataOf(inputs)["namespace"] ?? "default";
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string")
    return undefined;
  if (!isNamespaced({ apiVersion, kind })) return { apiVersion, kind, name };
  return typeof namespace === "string" ? { apiVersion, kind, namespace, name } : undefined;
}

function metadataOf(inputs: ValueObject): { readonly [key: string]: Value } {
  const { metadata } = inputs;
  const isObject = typeof metadata === "object" && metadata !== null && !Array.isArray(metadata);
  return isObject ? (metadata as ValueObject) : {};
}
