import type { Schema } from "@berth/core";

/** What every pool of nodes can say, in the words of Azure's `agentPools`. */
export interface PoolShape {
  /** Size of its machines, `Standard_D4s_v5`. */
  readonly vmSize: string;
  /** Number of nodes. */
  readonly count: number;
  /** Zones over which nodes are spread evenly: `["1", "2", "3"]`. Without them the pool is regional. */
  readonly availabilityZones?: readonly string[];
  /** Pods that a node may hold, 10 to 250. The default depends on the network: 250 with an overlay. */
  readonly maxPods?: number;
  /** Subnet of the nodes. Without one, AKS makes a network of its own. */
  readonly vnetSubnetId?: string;
  /** Size of the OS disk in GB; by default what AKS takes for the size of the machine. */
  readonly osDiskSizeGB?: number;
  /** `Ephemeral`: on a disk of the machine itself. By default what AKS takes for the size of the machine. */
  readonly osDiskType?: "Managed" | "Ephemeral";
  /** Labels of the nodes. */
  readonly nodeLabels?: Readonly<Record<string, string>>;
  /** Taints of the nodes, `dedicated=batch:NoSchedule`. */
  readonly nodeTaints?: readonly string[];
}

const settled = "is fixed when the pool is made; make another pool";

/** Schemas of a pool's properties. `immutable` is what AKS cannot change of a pool that exists. */
export const poolSchemas = {
  vmSize: {
    type: "string",
    minLength: 1,
    compare: "case-insensitive",
    immutable: `the VM size of a pool ${settled}`,
  },
  count: { type: "integer", minimum: 0 },
  availabilityZones: {
    type: "array",
    items: { type: "string", minLength: 1 },
    uniqueItems: true,
    compare: "set",
    immutable: `in which zones a pool's nodes are ${settled}`,
  },
  maxPods: { type: "integer", immutable: `how many pods a pool's nodes may hold ${settled}` },
  vnetSubnetId: {
    type: "string",
    minLength: 1,
    compare: "case-insensitive",
    immutable: `the subnet of a pool ${settled}`,
  },
  osDiskSizeGB: { type: "integer", minimum: 1, immutable: `the size of a pool's OS disks ${settled}` },
  osDiskType: {
    type: "string",
    enum: ["Managed", "Ephemeral"],
    immutable: `the kind of a pool's OS disks ${settled}`,
  },
  nodeLabels: { type: "object", additionalProperties: { type: "string" } },
  nodeTaints: { type: "array", items: { type: "string" }, compare: "set" },
} as const satisfies Readonly<Record<string, Schema>>;

/** Labels of a resource in Azure. */
export const tagsSchema: Schema = {
  type: "object",
  additionalProperties: { type: "string" },
  maxProperties: 47,
};

/** `1.36`, which AKS takes as the newest patch that it has, or `1.36.2`. */
export const kubernetesVersionSchema: Schema = { type: "string", pattern: "^1\\.\\d{1,2}(\\.\\d{1,3})?$" };

/** The region of a resource. */
export const locationSchema: Schema = {
  type: "string",
  minLength: 1,
  compare: "location",
  immutable: "a resource cannot move to another region",
};

/** The physical name of the resource itself. */
export function ownNameSchema(what: string, pattern: string): Schema {
  return { ...nameSchema(what, pattern), generation: true };
}

/** The name of something of which the resource is a part, or its own. */
export function nameSchema(what: string, pattern: string): Schema {
  return { type: "string", pattern, compare: "case-insensitive", immutable: `${what} cannot be changed` };
}
