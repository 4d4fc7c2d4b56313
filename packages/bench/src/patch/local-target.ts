import type { KubernetesObject } from "@berth/objects";
import { openStillCloud } from "@berth/local";
import type { PatchTarget } from "./target.ts";

/** The local cloud's Kubernetes API, its controllers off: what `berth up` writes to. */
export async function createLocalTarget(): Promise<PatchTarget> {
  const cloud = await openStillCloud();
  const { server, token, load } = cloud.startCluster({
    id: "replay",
    host: "replay.local",
    kubernetes: "1.36.2",
    flavour: "upstream",
    serviceRange: "10.0.0.0/16",
  });
  return {
    server,
    load: async (path, object) => {
      const namespace = /\/namespaces\/([^/]+)\//.exec(path)?.[1] ?? "default";
      const around: KubernetesObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
      load(object ? [around, object as typeof object & KubernetesObject] : [around]);
    },
    transport: (request) => {
      request.headers.set("authorization", `Bearer ${token}`);
      return cloud.transport(request);
    },
  };
}
