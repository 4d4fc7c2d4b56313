import {
  type Facet,
  Input,
  type InputValue,
  type JsonObject,
  Output,
  Resource,
  type ResourceOptions,
  ResourceType,
  type ResourceView,
  type ValueObject,
} from "@berth/core";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import { networkMode } from "../pools/network-mode.ts";
import { poolFacets } from "../pools/pool-facets.ts";
import { normaliseLocation, normalisePool, poolProblems } from "../pools/pool-inputs.ts";
import {
  kubernetesVersionSchema,
  locationSchema,
  nameSchema,
  poolSchemas,
  type PoolShape,
  tagsSchema,
} from "../pools/pool-schema.ts";
import { ManagedCluster } from "./managed-cluster.ts";
import { identityOf, withName } from "./names.ts";
import { forbiddenVersions } from "./version-change.ts";
import { writtenNodePool } from "./written.ts";

/** What a program says of a {@link NodePool}. */
export interface NodePoolArguments extends InputValue<PoolShape> {
  /** The cluster that the nodes join: name, region, version, network and subnet are taken from it. */
  readonly cluster: ManagedCluster;
  /** Its name in Azure; the logical name by default. 1 to 12 lower-case letters and digits. */
  readonly name?: Input<string>;
  /** Whether AKS's own pods prefer it; `User` by default. */
  readonly mode?: Input<"User" | "System">;
  /** Version of the nodes; the cluster's by default. */
  readonly kubernetesVersion?: Input<string>;
  /** `Spot`: machines at a lower price that Azure may take back; they have a taint, and count against a quota of their own. */
  readonly scaleSetPriority?: Input<"Regular" | "Spot">;
  readonly tags?: Input<Readonly<Record<string, string>>>;
}

/** Inputs of {@link NodePool}: what is said of it, and what it takes from its cluster. */
export interface NodePoolInputs extends Omit<NodePoolArguments, "cluster" | "vnetSubnetId"> {
  readonly resourceGroupName: Input<string>;
  readonly clusterName: Input<string>;
  readonly location: Input<string>;
  readonly networkPlugin?: Input<"azure" | "kubenet" | "none" | undefined>;
  readonly networkPluginMode?: Input<"overlay" | "nodeSubnet" | undefined>;
  readonly vnetSubnetId?: Input<string | undefined>;
}

/**
 * A pool of equal nodes in a managed cluster. Its size can change at any time; what its nodes are cannot.
 *
 * @example
 * new azure.NodePool("user", {
 *   cluster,
 *   vmSize: "Standard_D4s_v5",
 *   count: 2,
 *   availabilityZones: ["1", "2", "3"],
 * });
 */
@ResourceType("azure:NodePool", {
  provider: "azure",
  written: writtenNodePool,
  normalise: (inputs) => normalisePool(normaliseLocation(inputs)),
  validate,
  facets,
  forbid: (before, after) => forbiddenVersions(before, after, { skips: true }),
  identity: (inputs) => identityOf("node pool", inputs, ["resourceGroupName", "clusterName", "name"]),
})
export class NodePool extends Resource<NodePoolInputs> {
  @Input({ type: "string", immutable: "the name of a pool cannot be changed", generation: true })
  declare readonly name: Output<string>;
  @Input(nameSchema("the resource group of a pool", ".")) declare readonly resourceGroupName: Output<string>;
  @Input(nameSchema("the cluster of a pool", ".")) declare readonly clusterName: Output<string>;
  @Input(locationSchema) declare readonly location: Output<string>;
  @Input(kubernetesVersionSchema) declare readonly kubernetesVersion: Output<string>;
  @Input({ type: "string", enum: ["azure", "kubenet", "none"] }, { optional: true })
  declare readonly networkPlugin: Output<"azure" | "kubenet" | "none">;
  @Input({ type: "string", enum: ["overlay", "nodeSubnet"] }, { optional: true })
  declare readonly networkPluginMode: Output<"overlay" | "nodeSubnet">;
  @Input({ type: "string", enum: ["User", "System"], default: "User" })
  declare readonly mode: Output<"User" | "System">;
  @Input({
    type: "string",
    enum: ["Regular", "Spot"],
    default: "Regular",
    immutable: "whether a pool's machines are spot is fixed when the pool is made; make another pool",
  })
  declare readonly scaleSetPriority: Output<"Regular" | "Spot">;
  @Input(poolSchemas.vmSize) declare readonly vmSize: Output<string>;
  @Input(poolSchemas.count) declare readonly count: Output<number>;
  @Input(poolSchemas.availabilityZones, { optional: true }) declare readonly availabilityZones: Output<
    readonly string[]
  >;
  @Input(poolSchemas.maxPods, { optional: true }) declare readonly maxPods: Output<number>;
  @Input(poolSchemas.vnetSubnetId, { optional: true }) declare readonly vnetSubnetId: Output<string>;
  @Input(poolSchemas.osDiskSizeGB, { optional: true }) declare readonly osDiskSizeGB: Output<number>;
  @Input(poolSchemas.osDiskType, { optional: true }) declare readonly osDiskType: Output<
    "Managed" | "Ephemeral"
  >;
  @Input(poolSchemas.nodeLabels, { optional: true }) declare readonly nodeLabels: Output<
    Readonly<Record<string, string>>
  >;
  @Input(poolSchemas.nodeTaints, { optional: true }) declare readonly nodeTaints: Output<readonly string[]>;
  @Input(tagsSchema, { optional: true }) declare readonly tags: Output<Readonly<Record<string, string>>>;
  /** Its ARM id. */
  @Output({ type: "string", immutable: "an id stays" }) declare readonly id: Output<string>;
  /** The patch version that its nodes run, `1.36.2`. */
  @Output({ type: "string" }) declare readonly currentKubernetesVersion: Output<string>;

  /** @throws BERTH5010 where `cluster` is not a {@link ManagedCluster} */
  constructor(name: string, inputs: NodePoolArguments, options?: ResourceOptions) {
    super(name, withName(name, withCluster(inputs)), options);
  }
}

function withCluster({ cluster, ...inputs }: NodePoolArguments): NodePoolInputs {
  if (!(cluster instanceof ManagedCluster)) {
    throw new BerthError([
      problem(codes.BERTH5010, { message: "`cluster` is no ManagedCluster", path: "cluster" }),
    ]);
  }
  const { networkPlugin, networkPluginMode } = cluster.networkProfile;
  return {
    ...inputs,
    resourceGroupName: cluster.resourceGroupName,
    clusterName: cluster.name,
    location: cluster.location,
    kubernetesVersion: inputs.kubernetesVersion ?? cluster.kubernetesVersion,
    networkPlugin,
    networkPluginMode,
    // AKS takes either a subnet for all pools or for none.
    vnetSubnetId: inputs.vnetSubnetId ?? cluster.systemPool.vnetSubnetId,
  };
}

function validate(inputs: JsonObject): readonly Problem[] {
  const { location, kubernetesVersion, networkPlugin, networkPluginMode, mode } = inputs;
  const cluster = {
    ...(typeof location === "string" && { location }),
    ...(typeof kubernetesVersion === "string" && { kubernetesVersion }),
    network: networkMode(networkPlugin, networkPluginMode),
  };
  return poolProblems(inputs, cluster, mode === "System" ? mode : "User");
}

function facets({ urn, inputs, references }: ResourceView): readonly Facet[] {
  const [cluster] = references["clusterName"] ?? [];
  if (cluster === undefined) return [];
  const { location, kubernetesVersion, networkPlugin: plugin, networkPluginMode: pluginMode } = inputs;
  return poolFacets({
    urn,
    cluster,
    mode: inputs["mode"] === "System" ? "System" : "User",
    pool: shapeOf(inputs),
    location,
    kubernetesVersion,
    network: { plugin, pluginMode },
  });
}

/** The pool without what it takes from its cluster, which may be unknown for reasons that do not concern its nodes. */
function shapeOf(inputs: ValueObject): ValueObject {
  const own = ["name", "scaleSetPriority", ...Object.keys(poolSchemas)];
  return Object.fromEntries(own.flatMap((key) => (inputs[key] === undefined ? [] : [[key, inputs[key]]])));
}
