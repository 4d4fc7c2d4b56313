/**
 * Azure VMs as data: sizes, prices, zones, quotas, what pods may request of a node, what AKS adds to nodes and
 * clusters, and the arithmetic of addresses. Pure: no input, no output, no clock.
 *
 * @packageDocumentation
 */
export { codes } from "./codes.ts";
export {
  type AddressRange,
  contains,
  formatAddress,
  formatRange,
  overlaps,
  parseAddress,
  parseRange,
  rangeProblems,
  rangeSize,
} from "./network/ipv4.ts";
export {
  clusterRangeProblems,
  type ClusterRanges,
  podRangeProblems,
  subnetProblems,
} from "./network/rules.ts";
export {
  apiServiceAddress,
  defaultDnsAddress,
  nextServiceAddress,
  type ServiceAddressBands,
  serviceAddressBands,
} from "./network/service-addresses.ts";
export {
  type AddressDemand,
  addressDemand,
  azureReservedAddresses,
  overlayNodeLimit,
  overlayNodeRange,
  surgeNodes,
  usableAddress,
  usableAddresses,
} from "./network/subnet.ts";
export { agentPoolLabel, nodeLabels, type NodePoolShape, zoneLabel, zoneLabelValue } from "./nodes/labels.ts";
export { nodeName, nodeNameHash, parseNodeName, scaleSetName } from "./nodes/names.ts";
export {
  describedResources,
  type NodeDescription,
  type NodeIdentity,
  type NodeObject,
  nodeObject,
  nodeTaints,
  spotTaint,
} from "./nodes/node-object.ts";
export { nodeToRemove, type PlacedNode, zoneForNextNode, zonesForNewPool } from "./nodes/zones.ts";
export {
  type AgentPool,
  type AgentPoolCluster,
  agentPoolNode,
  agentPoolProblems,
} from "./pools/agent-pool.ts";
export {
  aksReservedPrefixes,
  nodeLabelProblems,
  nodeTaintProblems,
  parseTaint,
  type Taint,
} from "./pools/label-rules.ts";
export {
  defaultMaxPods,
  maxPodsProblems,
  type NetworkMode,
  poolCountProblems,
  poolNameProblems,
  poolSizeProblems,
} from "./pools/rules.ts";
export {
  defaultMemoryOverheadFraction,
  type NodeResources,
  nodeResources,
  type NodeResourcesInput,
  type ResourceQuantities,
} from "./resources/node-resources.ts";
export {
  defaultOsDiskSizeGiB,
  ephemeralOsRoom,
  type OsDisk,
  osDiskOf,
  osDiskProblems,
  type OsDiskRequest,
} from "./resources/os-disk.ts";
export {
  aksReservationModel,
  aksReservedCpuMilli,
  type CustomReservation,
  type ReservationModel,
  type Term,
} from "./resources/reservation.ts";
export {
  catalogueDate,
  catalogueSources,
  findMachineSize,
  machineSizeProblems,
  machineSizes,
  zoneProblems,
  zonesOf,
} from "./sizes/catalogue.ts";
export { hoursPerMonth, type MonthlyCost, monthlyCost } from "./sizes/cost.ts";
export { defineMachineSize, type MachineSizeDescription } from "./sizes/define.ts";
export { aksLimits, draws, isSameQuota, type QuotaDraw } from "./sizes/quota.ts";
export { findRegion, normaliseRegion, type Region, regionProblems, regions } from "./sizes/regions.ts";
export type { CatalogueSource } from "./sizes/row.ts";
export type { Architecture, EphemeralOsPlacement, Gpu, HourlyPrice, MachineSize } from "./sizes/size.ts";
export {
  aksSystemPods,
  type Evidence,
  overrideSystemPods,
  type SystemPod,
  type SystemPodOverride,
} from "./system/declared-pods.ts";
export {
  aksSystemWorkloads,
  type Json,
  type SystemWorkload,
  type SystemWorkloadsInput,
} from "./system/workloads.ts";
