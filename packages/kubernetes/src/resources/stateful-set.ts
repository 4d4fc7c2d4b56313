import { Input, type Output, Resource, type ResourceOptions, ResourceType } from "@berth/core";
import type { StatefulSet as StatefulSetObject, ObjectMeta } from "@berth/objects";
import { type MetadataInput, objectInputs } from "../object-inputs.ts";
import { objectType } from "../object-type.ts";
import { anyObject, metadataSchema } from "./schemas.ts";

/** The `spec` of a stateful set as Kubernetes 1.36 has it, its durations in seconds. */
export type StatefulSetSpec = NonNullable<StatefulSetObject["spec"]>;

/** A stateful set as a program declares it: a manifest without `apiVersion` and `kind`; its name is the resource's unless given. */
export interface StatefulSetInputs {
  readonly metadata?: MetadataInput;
  readonly spec: Input<StatefulSetSpec>;
}

/**
 * Pods with a name and storage of their own, started and replaced in order.
 *
 * @example
 * new k8s.StatefulSet("queue", {
 *   spec: {
 *     serviceName: "queue",
 *     selector: { matchLabels: { app: "queue" } },
 *     template: {
 *       metadata: { labels: { app: "queue" } },
 *       spec: { containers: [{ name: "queue", image: "rabbitmq:4", ports: [{ containerPort: 5672 }] }] },
 *     },
 *   },
 * });
 */
@ResourceType("kubernetes:StatefulSet", objectType)
export class StatefulSet extends Resource<StatefulSetInputs> {
  @Input({ const: "apps/v1" }) declare readonly apiVersion: Output<string>;
  @Input({ const: "StatefulSet" }) declare readonly kind: Output<string>;
  @Input(metadataSchema) declare readonly metadata: Output<ObjectMeta>;
  @Input(anyObject) declare readonly spec: Output<StatefulSetSpec>;

  constructor(name: string, inputs: StatefulSetInputs, options?: ResourceOptions) {
    super(name, objectInputs("apps/v1", "StatefulSet", name, inputs), options);
  }
}
