import {
  type Facet,
  Input,
  isValueObject,
  type JsonObject,
  Output,
  Resource,
  type ResourceOptions,
  ResourceType,
  type ResourceView,
  type ValueObject,
} from "@berth/core";
import type { Problem } from "@berth/diagnostics";
import { regionProblems } from "@berth/machines";
import { clusterFacet } from "../pools/cluster-facet.ts";
import {
  networkProblems,
  type NetworkProfile,
  networkProfileSchema,
  normaliseNetwork,
} from "../pools/network-profile.ts";
import { objectOf, poolFacets } from "../pools/pool-facets.ts";
import { derive, normaliseLocation, normalisePool, poolProblems } from "../pools/pool-inputs.ts";
import {
  kubernetesVersionSchema,
  locationSchema,
  nameSchema,
  ownNameSchema,
  poolSchemas,
  type PoolShape,
  tagsSchema,
} from "../pools/pool-schema.ts";
import { type SystemPodOverrides, systemPodsSchema } from "../pools/system-pods.ts";
import { identityOf, withName } from "./names.ts";
import { forbiddenVersions } from "./version-change.ts";
import { dnsLabel, writtenCluster } from "./written.ts";

/** The pool on which AKS runs its own pods; every cluster has one. */
export interface SystemPool extends PoolShape {
  /** `system` by default. */
  readonly name?: string;
}

/** Inputs of {@link ManagedCluster}. */
export interface ManagedClusterInputs {
  /** Its name in Azure; the logical name by default. */
  readonly name?: Input<string>;
  readonly resourceGroupName: Input<string>;
  readonly location: Input<string>;
  /** `1.36`, which AKS takes as the newest patch that it has, or `1.36.2`. */
  readonly kubernetesVersion: Input<string>;
  /** Beginning of the API server's host name; `{name}-dns` by default. */
  readonly dnsPrefix?: Input<string>;
  /** Azure CNI overlay by default, pods in 10.244.0.0/16, services in 10.0.0.0/16. */
  readonly networkProfile?: Input<NetworkProfile>;
  readonly systemPool: Input<SystemPool>;
  /**
   * What you know better of AKS's own pods than berth's list, which planning starts from: requests and replicas by
   * name, `false` for what your cluster does not run. Azure is not told.
   */
  readonly systemPods?: Input<SystemPodOverrides>;
  readonly tags?: Input<Readonly<Record<string, string>>>;
}

/**
 * A managed Kubernetes cluster (AKS) with its system pool. Further pools are {@link NodePool}s.
 *
 * @example
 * const cluster = new azure.ManagedCluster("store", {
 *   resourceGroupName: group.name,
 *   location: "westeurope",
 *   kubernetesVersion: "1.36",
 *   systemPool: { vmSize: "Standard_D2s_v5", count: 2, availabilityZones: ["1", "2", "3"] },
 * });
 */
@ResourceType("azure:ManagedCluster", {
  provider: "azure",
  written: writtenCluster,
  isCluster: true,
  normalise,
  validate,
  facets,
  forbid: (before, after) => forbiddenVersions(before, after, { skips: false }),
  identity: (inputs) => identityOf("managed cluster", inputs, ["resourceGroupName", "name"]),
})
export class ManagedCluster extends Resource<ManagedClusterInputs> {
  @Input(ownNameSchema("the name of a cluster", "^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$"))
  declare readonly name: Output<string>;
  @Input(nameSchema("the resource group of a cluster", "."))
  declare readonly resourceGroupName: Output<string>;
  @Input(locationSchema) declare readonly location: Output<string>;
  @Input(kubernetesVersionSchema) declare readonly kubernetesVersion: Output<string>;
  @Input(
    {
      type: "string",
      pattern: "^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$",
      immutable: "the host name of a cluster's API server is fixed when the cluster is made",
    },
    { optional: true },
  )
  declare readonly dnsPrefix: Output<string>;
  @Input(networkProfileSchema, { optional: true }) declare readonly networkProfile: Output<NetworkProfile>;
  @Input({
    type: "object",
    properties: {
      ...poolSchemas,
      name: { type: "string", default: "system", immutable: "the name of a pool cannot be changed" },
    },
    required: ["vmSize", "count"],
  })
  declare readonly systemPool: Output<SystemPool>;
  @Input(systemPodsSchema, { optional: true }) declare readonly systemPods: Output<SystemPodOverrides>;
  @Input(tagsSchema, { optional: true }) declare readonly tags: Output<Readonly<Record<string, string>>>;
  /** Its ARM id. */
  @Output({ type: "string", immutable: "an id stays" }) declare readonly id: Output<string>;
  /** Host name of its API server. */
  @Output({ type: "string", immutable: "the host name is fixed when the cluster is made" })
  declare readonly fqdn: Output<string>;
  /** Resource group in which AKS keeps the nodes. */
  @Output({ type: "string", immutable: "the group is fixed when the cluster is made" })
  declare readonly nodeResourceGroup: Output<string>;
  /** The patch version that runs, `1.36.2`. */
  @Output({ type: "string" }) declare readonly currentKubernetesVersion: Output<string>;

  constructor(name: string, inputs: ManagedClusterInputs, options?: ResourceOptions) {
    super(name, withName(name, inputs), options);
  }
}

function normalise(given: ValueObject): ValueObject {
  const inputs = normaliseLocation(given);
  const { systemPool, dnsPrefix = derive(inputs["name"], (name) => `${dnsLabel(name)}-dns`) } = inputs;
  return {
    ...inputs,
    ...(dnsPrefix !== undefined && { dnsPrefix }),
    networkProfile: normaliseNetwork(inputs["networkProfile"]),
    ...(isValueObject(systemPool) && { systemPool: normalisePool(systemPool) }),
  };
}

function validate(inputs: JsonObject): readonly Problem[] {
  const { location, kubernetesVersion, systemPool, networkProfile } = inputs;
  const cluster = {
    ...(typeof location === "string" && { location }),
    ...(typeof kubernetesVersion === "string" && { kubernetesVersion }),
  };
  const pool = objectOf(systemPool) as JsonObject;
  const region = typeof location === "string" ? regionProblems(location, "location") : [];
  return [
    ...region,
    ...poolProblems(pool, region.length > 0 ? {} : cluster, "System", "systemPool."),
    ...networkProblems(objectOf(networkProfile) as JsonObject, pool["count"]),
  ];
}

function facets({ urn, inputs }: ResourceView): readonly Facet[] {
  const { location, kubernetesVersion, systemPool, networkProfile } = inputs;
  const { networkPlugin: plugin, networkPluginMode: pluginMode } = objectOf(networkProfile);
  return [
    clusterFacet(urn, inputs),
    ...poolFacets({
      urn,
      cluster: urn,
      mode: "System",
      pool: systemPool,
      location,
      kubernetesVersion,
      network: { plugin, pluginMode },
    }),
  ];
}
