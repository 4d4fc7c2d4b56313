import { Input, type Output, Resource, type ResourceOptions, ResourceType } from "@berth/core";
import type { ObjectMeta } from "@berth/objects";
import { type MetadataInput, objectInputs } from "../object-inputs.ts";
import { objectType } from "../object-type.ts";
import { anyObject, metadataSchema, optional } from "./schemas.ts";

/** A config map as a program declares it: a manifest without `apiVersion` and `kind`; its name is the resource's unless given. */
export interface ConfigMapInputs {
  readonly metadata?: MetadataInput;
  /** Text by file name or key. */
  readonly data?: Input<Readonly<Record<string, string>>>;
  /** Base64 by file name or key. */
  readonly binaryData?: Input<Readonly<Record<string, string>>>;
  /** Once true, the data can't change any more: a change replaces the object. */
  readonly immutable?: Input<boolean>;
}

/**
 * Configuration for pods.
 *
 * @example new k8s.ConfigMap("settings", { data: { "currency": "EUR" } });
 */
@ResourceType("kubernetes:ConfigMap", objectType)
export class ConfigMap extends Resource<ConfigMapInputs> {
  @Input({ const: "v1" }) declare readonly apiVersion: Output<string>;
  @Input({ const: "ConfigMap" }) declare readonly kind: Output<string>;
  @Input(metadataSchema) declare readonly metadata: Output<ObjectMeta>;
  @Input(anyObject, optional) declare readonly data: Output<Readonly<Record<string, string>>>;
  @Input(anyObject, optional) declare readonly binaryData: Output<Readonly<Record<string, string>>>;
  @Input({ type: "boolean" }, optional) declare readonly immutable: Output<boolean>;

  constructor(name: string, inputs: ConfigMapInputs, options?: ResourceOptions) {
    super(name, objectInputs("v1", "ConfigMap", name, inputs), options);
  }
}
