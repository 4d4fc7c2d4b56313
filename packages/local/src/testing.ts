import { type KubernetesObject, type Node, requireKind } from "@berth/objects";
import type { ClusterSpec } from "./cluster/cluster-spec.ts";
import { type LocalCloud, openLocalCloud } from "./local-cloud.ts";

export const testCluster: ClusterSpec = {
  id: "test",
  host: "test.example",
  kubernetes: "1.36.2",
  flavour: "aks",
  podRange: "10.244.0.0/16",
  serviceRange: "10.0.0.0/16",
  dnsAddress: "10.0.0.10",
};

/** An answer, read. */
export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look at answers by path
  readonly body: any;
}

/** A client of one cluster of a local cloud. */
export interface TestClient {
  readonly cloud: LocalCloud;
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
  /** Makes a namespace's objects, or a cluster's own, one after another. */
  create(...objects: readonly KubernetesObject[]): Promise<void>;
}

export async function openTestClient(cloud?: LocalCloud): Promise<TestClient> {
  const opened = cloud ?? (await openLocalCloud({ memory: true }));
  const { server, token } = opened.startCluster(testCluster);
  const send = async (method: string, path: string, body?: unknown, contentType = "application/json") => {
    const headers = { authorization: `Bearer ${token}`, "content-type": contentType };
    const init = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await opened.transport(new Request(server + path, { method, headers, ...init }));
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
  };
  return {
    cloud: opened,
    send,
    async create(...objects) {
      for (const object of objects) {
        const answer = await send("POST", collectionOf(object), object);
        if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      }
    },
  };
}

export function collectionOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata?.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${root}${scope}/${requireKind(apiVersion, kind).plural}`;
}

export function testNode(name: string, cpu = "4"): Node {
  const amounts = { cpu, memory: "16Gi", pods: "110" };
  const labels = { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    status: { capacity: amounts, allocatable: amounts },
  };
}

export function testDeployment(name: string, replicas = 1, image = `${name}:v1`): KubernetesObject {
  const labels = { app: name };
  const container = {
    name: "c",
    image,
    ports: [{ containerPort: 8080, name: "http" }],
    resources: { requests: { cpu: "100m", memory: "64Mi" } },
  };
  const spec = {
    replicas,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [container] } },
  };
  return Object.assign(
    { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: "default" } },
    { spec },
  );
}

export function testService(name: string, spec: object = {}): KubernetesObject {
  const own = { selector: { app: name }, ports: [{ port: 80, targetPort: "http" }], ...spec };
  return Object.assign(
    { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "default" } },
    { spec: own },
  );
}
