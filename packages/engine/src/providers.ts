import type { Provider, ResourceRecord, Urn } from "@berth/core";

/** The providers of an operation, by name. */
export interface ProviderRegistry {
  get(name: string): Provider | undefined;
  /** All of them, in the order in which they are asked to observe a cluster. */
  values(): Iterable<Provider>;
}

/** A resource as it is recorded at this moment, also while an operation runs. */
export type RecordLookup = (urn: Urn) => ResourceRecord | undefined;

/**
 * Makes the providers of one operation. A provider that needs another resource when a step runs (the
 * Kubernetes provider: the cluster to connect to) finds it through `records`.
 *
 * @example
 * const providers: ProviderSource = (records) => {
 *   const azure = azureProvider({ transport });
 *   const kubernetes = kubernetesProvider({ connect: async (cluster) => azure.connect?.(records(cluster)!) });
 *   return new Map([azure, kubernetes].map((each) => [each.name, each]));
 * };
 */
export type ProviderSource = (records: RecordLookup) => ProviderRegistry;
