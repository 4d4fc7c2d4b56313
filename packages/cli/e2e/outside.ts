import { openLocalCloud } from "@berth/local";
import { join } from "node:path";
import type { ProjectFolder } from "./harness.ts";

/** Somebody who works on the project's cloud without berth. */
export interface Outsider {
  /** `az`: reads a resource, changes it, writes it; without a change, deletes it. `path` begins at the resource group. */
  az(path: string, change?: (resource: ArmResource) => void): Promise<void>;
  /** `kubectl patch`, or without a body `kubectl delete`. */
  kubectl(cluster: string, path: string, body?: object): Promise<void>;
}

/** What Azure says of a resource. */
export interface ArmResource {
  tags: Record<string, string>;
  properties: Record<string, unknown>;
}

const subscription = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups";

/**
 * Works on the local cloud of a project while no command does.
 *
 * @example await outside(project, ({ kubectl }) => kubectl("shop/shop", "/apis/apps/v1/namespaces/default/deployments/web"));
 */
export async function outside(
  project: ProjectFolder,
  work: (outsider: Outsider) => Promise<void>,
): Promise<void> {
  const cloud = await openLocalCloud({ directory: join(project.path, ".berth/local") });
  const send = async (request: Request): Promise<unknown> => {
    const answer = await cloud.transport(request);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${request.method} ${request.url}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const url = (path: string): string =>
    `https://management.azure.com${subscription}/${path}?api-version=2026-06-01`;
  try {
    await work({
      async az(path, change) {
        if (!change) return void (await send(new Request(url(path), { method: "DELETE" })));
        const resource = (await send(new Request(url(path)))) as ArmResource;
        change(resource);
        await send(new Request(url(path), { method: "PUT", body: JSON.stringify(resource) }));
      },
      async kubectl(cluster, path, body) {
        const [group = "", name = ""] = cluster.split("/");
        const id = `${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
        const asked = new Request(url(`${id}/listClusterUserCredential`), { method: "POST" });
        const { kubeconfigs } = (await send(asked)) as { kubeconfigs: { value: string }[] };
        const kubeconfig = Buffer.from(kubeconfigs[0]?.value ?? "", "base64").toString();
        const [, server = ""] = /server: (\S+)/.exec(kubeconfig) ?? [];
        const [, token = ""] = /token: (\S+)/.exec(kubeconfig) ?? [];
        const headers = {
          authorization: `Bearer ${token}`,
          "content-type": "application/strategic-merge-patch+json",
        };
        const method = body === undefined ? "DELETE" : "PATCH";
        const content = body === undefined ? {} : { body: JSON.stringify(body) };
        await send(new Request(server + path, { method, headers, ...content }));
      },
    });
  } finally {
    await cloud.close();
  }
}
