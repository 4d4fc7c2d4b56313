/**
 * The local cloud: Azure Resource Manager and the Kubernetes API, simulated and durable.
 *
 * @packageDocumentation
 */
export type { ClusterSpec } from "./cluster/cluster-spec.ts";
export { codes as localCodes } from "./codes.ts";
export {
  type LocalCloud,
  type LocalCloudOptions,
  type LocalCluster,
  openLocalCloud,
  openStillCloud,
} from "./local-cloud.ts";
