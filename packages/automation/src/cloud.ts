import { setTimeout as sleep } from "node:timers/promises";
import { azureProvider } from "@berth/azure";
import type { Connection, Provider, Transport } from "@berth/core";
import type { ProviderSource } from "@berth/engine";
import { kubernetesProvider } from "@berth/kubernetes";

/** What an operation runs on. */
export interface Cloud {
  readonly providers: ProviderSource;
  close(): Promise<void>;
}

/** What the stacks of a project run on. */
export interface CloudSource {
  /**
   * Opens it for one operation. `look`: only to be looked at, which many may do at the same time, also beside one
   * that writes.
   */
  open(use: "look" | "write"): Cloud;
  /**
   * Ids of some of what a stack (`project/name`) made and is still there; empty where it made nothing. Absent where
   * that cannot be asked without a network.
   */
  madeBy?(owner: string): Promise<readonly string[]>;
}

/** The providers of this version over one transport, which answers both Azure and the clusters in it. */
export function providersOver(transport: Transport, subscriptionId: string): ProviderSource {
  return (records) => {
    const azure = azureProvider({
      endpoint: "https://management.azure.com",
      transport,
      wait,
      subscriptionId,
      connect: ({ server, token }) => ({ server, transport: withBearer(transport, token) }),
    });
    const connect = async (cluster: string, signal?: AbortSignal): Promise<Connection | undefined> => {
      const record = records(cluster);
      return record && azure.connect?.(record, signal);
    };
    const kubernetes = kubernetesProvider({ connect, wait });
    // Whoever made a cluster is asked what it holds, and its Kubernetes API knows.
    const { observe } = kubernetes;
    const clusters: Provider = { ...azure, ...(observe && { observe }) };
    return new Map([clusters, kubernetes].map((each) => [each.name, each]));
  };
}

function withBearer(transport: Transport, token: string | undefined): Transport {
  if (token === undefined) return transport;
  return (request) => {
    request.headers.set("authorization", `Bearer ${token}`);
    return transport(request);
  };
}

async function wait(seconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, signal ? { signal } : {});
}
