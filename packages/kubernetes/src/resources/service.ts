import {
  Input,
  Output,
  Resource,
  type ResourceOptions,
  ResourceType,
  type ResourceView,
  type ValueObject,
} from "@berth/core";
import type { ObjectMeta, Service as ServiceObject } from "@berth/objects";
import { type MetadataInput, objectInputs } from "../object-inputs.ts";
import { objectType } from "../object-type.ts";
import { anyObject, metadataSchema } from "./schemas.ts";

/** The `spec` of a service as Kubernetes 1.36 has it, its durations in seconds. */
export type ServiceSpec = NonNullable<ServiceObject["spec"]>;
/** What the cluster says of a service: the addresses that its load balancer got. */
export type ServiceStatus = NonNullable<ServiceObject["status"]>;

/** A service as a program declares it: a manifest without `apiVersion` and `kind`; its name is the resource's unless given. */
export interface ServiceInputs {
  readonly metadata?: MetadataInput;
  readonly spec: Input<ServiceSpec>;
}

/**
 * A stable address in front of the pods that its selector finds. Its cluster IP is assigned by the plan and stays.
 *
 * @example
 * new k8s.Service("web", {
 *   spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
 * });
 */
@ResourceType("kubernetes:Service", { ...objectType, predict: predictStatus })
export class Service extends Resource<ServiceInputs> {
  @Input({ const: "v1" }) declare readonly apiVersion: Output<string>;
  @Input({ const: "Service" }) declare readonly kind: Output<string>;
  @Input(metadataSchema) declare readonly metadata: Output<ObjectMeta>;
  @Input(anyObject) declare readonly spec: Output<ServiceSpec>;
  /** Where the cloud's load balancer answers, for `type: LoadBalancer`. */
  @Output(anyObject) declare readonly status: Output<ServiceStatus>;

  constructor(name: string, inputs: ServiceInputs, options?: ResourceOptions) {
    super(name, objectInputs("v1", "Service", name, inputs), options);
  }
}

/** Only a load balancer's address has to be waited for. */
function predictStatus({ inputs }: ResourceView): ValueObject {
  const spec = inputs["spec"] as ValueObject | undefined;
  return spec?.["type"] === "LoadBalancer" ? {} : { status: { loadBalancer: {} } };
}
