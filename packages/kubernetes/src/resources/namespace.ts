import { Input, type Output, Resource, type ResourceOptions, ResourceType } from "@berth/core";
import type { Namespace as NamespaceObject, ObjectMeta } from "@berth/objects";
import { type MetadataInput, objectInputs } from "../object-inputs.ts";
import { objectType } from "../object-type.ts";
import { anyObject, metadataSchema, optional } from "./schemas.ts";

/** A namespace as a program declares it: a manifest without `apiVersion` and `kind`; its name is the resource's unless given. */
export interface NamespaceInputs {
  readonly metadata?: MetadataInput;
  readonly spec?: Input<NonNullable<NamespaceObject["spec"]>>;
}

/**
 * A namespace. What is declared in it depends on it through `namespace.metadata.name`.
 *
 * @example
 * const shop = new k8s.Namespace("shop");
 * new k8s.ConfigMap("settings", { metadata: { namespace: shop.metadata.name }, data: { currency: "EUR" } });
 */
@ResourceType("kubernetes:Namespace", objectType)
export class Namespace extends Resource<NamespaceInputs> {
  @Input({ const: "v1" }) declare readonly apiVersion: Output<string>;
  @Input({ const: "Namespace" }) declare readonly kind: Output<string>;
  @Input(metadataSchema) declare readonly metadata: Output<ObjectMeta>;
  @Input(anyObject, optional) declare readonly spec: Output<NonNullable<NamespaceObject["spec"]>>;

  constructor(name: string, inputs: NamespaceInputs = {}, options?: ResourceOptions) {
    super(name, objectInputs("v1", "Namespace", name, inputs), options);
  }
}
