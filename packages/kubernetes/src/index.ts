/**
 * Kubernetes resources and the API provider.
 *
 * @packageDocumentation
 */
import { definitionOf, type ResourceDefinition } from "@berth/core";
import { ConfigMap } from "./resources/config-map.ts";
import { Deployment } from "./resources/deployment.ts";
import { Namespace } from "./resources/namespace.ts";
import { Service } from "./resources/service.ts";
import { StatefulSet } from "./resources/stateful-set.ts";

export { codes as kubernetesCodes } from "./codes.ts";
export type { MetadataInput } from "./object-inputs.ts";
export { ownershipAnnotation } from "./ownership.ts";
export { kubernetesProvider, type KubernetesProviderOptions } from "./provider/provider.ts";
export { ConfigMap, type ConfigMapInputs } from "./resources/config-map.ts";
export { Deployment, type DeploymentInputs, type DeploymentSpec } from "./resources/deployment.ts";
export { Namespace, type NamespaceInputs } from "./resources/namespace.ts";
export { Service, type ServiceInputs, type ServiceSpec, type ServiceStatus } from "./resources/service.ts";
export { StatefulSet, type StatefulSetInputs, type StatefulSetSpec } from "./resources/stateful-set.ts";
export type {
  ContainerPart,
  ContainerPort,
  ExposeOptions,
  SpreadOptions,
  WorkloadInputs,
} from "./workload/inputs.ts";
export { type DeploymentDraft, Workload } from "./workload/workload.ts";

/** Definitions of all types of this room, for whoever works with a state without its program. */
export const kubernetesDefinitions: readonly ResourceDefinition[] = [
  ConfigMap,
  Deployment,
  Namespace,
  Service,
  StatefulSet,
].map(definitionOf);
