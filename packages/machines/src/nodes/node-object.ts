import { parseTaint, type Taint } from "../pools/label-rules.ts";
import {
  type NodeResources,
  nodeResources,
  type NodeResourcesInput,
  type ResourceQuantities,
} from "../resources/node-resources.ts";
import { nodeLabels, type NodePoolShape } from "./labels.ts";

/** A Kubernetes Node as plain JSON: the parts that decide what runs on it. */
export interface NodeObject {
  readonly apiVersion: "v1";
  readonly kind: "Node";
  readonly metadata: { readonly name?: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly providerID?: string; readonly taints?: readonly Taint[] };
  readonly status: {
    readonly capacity: ResourceQuantities;
    readonly allocatable: ResourceQuantities;
    readonly conditions: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
    }[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly nodeInfo: Readonly<Record<"architecture" | "kubeletVersion" | "operatingSystem", string>>;
  };
}

/** A pool's shape with what decides the resources of its nodes. */
export interface NodeDescription extends NodePoolShape {
  readonly maxPods: number;
  /** Kubernetes version of the nodes, `1.33.2`. */
  readonly kubernetes: string;
  readonly model: NodeResourcesInput["model"];
  readonly memoryOverheadFraction?: number;
  readonly observedMemoryKiB?: number;
  readonly gpuDevicePlugin?: boolean;
}

/** What tells one node of a pool from the others. */
export interface NodeIdentity {
  readonly name?: string;
  readonly zone?: string;
  readonly providerId?: string;
  readonly internalAddress?: string;
}

/** The taint on every node of a spot pool. */
export const spotTaint: Taint = {
  key: "kubernetes.azure.com/scalesetpriority",
  value: "spot",
  effect: "NoSchedule",
};

/** Taints of a pool's nodes: spot's own, then the user's. What is no taint is left out: see {@link nodeTaintProblems}. */
export function nodeTaints(shape: Pick<NodePoolShape, "spot" | "taints">): readonly Taint[] {
  const own = (shape.taints ?? []).flatMap((each) => parseTaint(each) ?? []);
  const others = own.filter((each) => each.key !== spotTaint.key);
  return shape.spot === true ? [spotTaint, ...others] : own;
}

/** Capacity, allocatable and arithmetic of the nodes that a description makes. */
export function describedResources(node: NodeDescription): NodeResources {
  return nodeResources({
    size: node.size,
    maxPods: node.maxPods,
    osDiskSizeGiB: node.osDisk.sizeGiB,
    model: node.model,
    ...(node.memoryOverheadFraction !== undefined && { memoryOverheadFraction: node.memoryOverheadFraction }),
    ...(node.observedMemoryKiB !== undefined && { observedMemoryKiB: node.observedMemoryKiB }),
    ...(node.gpuDevicePlugin !== undefined && { gpuDevicePlugin: node.gpuDevicePlugin }),
  });
}

/**
 * A node as it joins the cluster, ready, without times and identifiers. Without a name it is a template.
 *
 * @throws BERTH5317 for numbers that no machine has.
 */
export function nodeObject(node: NodeDescription, identity: NodeIdentity = {}): NodeObject {
  const { name, zone, providerId, internalAddress } = identity;
  const { capacity, allocatable } = describedResources(node);
  const taints = nodeTaints(node);
  const addresses = [
    ...(internalAddress === undefined ? [] : [{ type: "InternalIP", address: internalAddress }]),
    ...(name === undefined ? [] : [{ type: "Hostname", address: name }]),
  ];
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { ...(name !== undefined && { name }), labels: nodeLabels(node, zone, name) },
    spec: {
      ...(providerId !== undefined && { providerID: providerId }),
      ...(taints.length > 0 && { taints }),
    },
    status: {
      capacity,
      allocatable,
      conditions: [{ type: "Ready", status: "True", reason: "KubeletReady" }],
      ...(addresses.length > 0 && { addresses }),
      nodeInfo: {
        architecture: node.size.architecture,
        kubeletVersion: `v${node.kubernetes.replace(/^v/, "")}`,
        operatingSystem: "linux",
      },
    },
  };
}
