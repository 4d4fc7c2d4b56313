import { Input, type Output, Resource, type ResourceOptions, ResourceType } from "@berth/core";
import type { Deployment as DeploymentObject, ObjectMeta } from "@berth/objects";
import { type MetadataInput, objectInputs } from "../object-inputs.ts";
import { objectType } from "../object-type.ts";
import { anyObject, metadataSchema } from "./schemas.ts";

/** The `spec` of a deployment as Kubernetes 1.36 has it, its durations in seconds. */
export type DeploymentSpec = NonNullable<DeploymentObject["spec"]>;

/** A deployment as a program declares it: a manifest without `apiVersion` and `kind`; its name is the resource's unless given. */
export interface DeploymentInputs {
  readonly metadata?: MetadataInput;
  readonly spec: Input<DeploymentSpec>;
}

/**
 * Interchangeable pods that are replaced gradually when their template changes.
 *
 * @example
 * new k8s.Deployment("web", {
 *   spec: {
 *     replicas: 3,
 *     selector: { matchLabels: { app: "web" } },
 *     template: {
 *       metadata: { labels: { app: "web" } },
 *       spec: { containers: [{ name: "web", image: "nginx:1.29", ports: [{ containerPort: 80 }] }] },
 *     },
 *   },
 * });
 */
@ResourceType("kubernetes:Deployment", objectType)
export class Deployment extends Resource<DeploymentInputs> {
  @Input({ const: "apps/v1" }) declare readonly apiVersion: Output<string>;
  @Input({ const: "Deployment" }) declare readonly kind: Output<string>;
  @Input(metadataSchema) declare readonly metadata: Output<ObjectMeta>;
  @Input(anyObject) declare readonly spec: Output<DeploymentSpec>;

  constructor(name: string, inputs: DeploymentInputs, options?: ResourceOptions) {
    super(name, objectInputs("apps/v1", "Deployment", name, inputs), options);
  }
}
