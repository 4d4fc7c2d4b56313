import { ManagedCluster, NodePool, ResourceGroup } from "@berth/azure";
import { Deployment, Namespace, Service, StatefulSet } from "@berth/kubernetes";

/** The workloads of the AKS store demo in full: nine, seven of which have a service. */
const workloads = [
  { name: "documentdb", kind: "StatefulSet", port: 10_260, cpu: "50m", memory: "512Mi" },
  { name: "rabbitmq", kind: "StatefulSet", port: 5_672, cpu: "10m", memory: "128Mi" },
  { name: "order-service", kind: "Deployment", port: 3_000, cpu: "1m", memory: "50Mi" },
  { name: "makeline-service", kind: "Deployment", port: 3_001, cpu: "1m", memory: "6Mi" },
  { name: "product-service", kind: "Deployment", port: 3_002, cpu: "1m", memory: "1Mi" },
  { name: "store-front", kind: "Deployment", port: 8_080, cpu: "1m", memory: "200Mi" },
  { name: "store-admin", kind: "Deployment", port: 8_081, cpu: "1m", memory: "200Mi" },
  { name: "virtual-customer", kind: "Deployment", port: undefined, cpu: "1m", memory: "1Mi" },
  { name: "virtual-worker", kind: "Deployment", port: undefined, cpu: "1m", memory: "1Mi" },
] as const;

/** Nodes beside the two of the system pool, five for each store. */
const nodesPerStore = 5;
const poolSize = 100;

/** So many stores on one cluster, each in a namespace of its own. */
export function declareStores(count: number): void {
  const location = "westeurope";
  const group = new ResourceGroup("store", { location });
  const cluster = new ManagedCluster("store", {
    resourceGroupName: group.name,
    location,
    kubernetesVersion: "1.36",
    systemPool: { vmSize: "Standard_D2s_v5", count: 2, availabilityZones: ["1", "2", "3"] },
  });
  const nodes = nodesPerStore * count;
  for (let from = 0; from < nodes; from += poolSize) {
    new NodePool(`user${from / poolSize}`, {
      cluster,
      vmSize: "Standard_D4s_v5",
      count: Math.min(poolSize, nodes - from),
      availabilityZones: ["1", "2", "3"],
    });
  }
  for (let i = 0; i < count; i++) declareStore(`store${i}`);
}

function declareStore(namespace: string): void {
  const home = new Namespace(namespace, { metadata: { name: namespace } });
  for (const { name, kind, port, cpu, memory } of workloads) {
    const metadata = { name, namespace };
    const labels = { app: name };
    const ports = port === undefined ? [] : [{ containerPort: port, name: "main" }];
    const probe = port !== undefined && {
      readinessProbe: { tcpSocket: { port }, failureThreshold: 3, initialDelaySeconds: 5, periodSeconds: 5 },
      livenessProbe: { tcpSocket: { port }, failureThreshold: 3, initialDelaySeconds: 30, periodSeconds: 10 },
    };
    const spec = {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          containers: [
            {
              name,
              image: `ghcr.io/azure-samples/aks-store-demo/${name}:2.2.0`,
              ports,
              env: [
                { name: "ORDER_QUEUE_HOSTNAME", value: "rabbitmq" },
                { name: "ORDER_QUEUE_PORT", value: "5672" },
              ],
              resources: { requests: { cpu, memory }, limits: { cpu: "250m", memory: "512Mi" } },
              ...probe,
            },
          ],
        },
      },
    };
    const options = { dependsOn: home };
    if (kind === "StatefulSet")
      new StatefulSet(`${namespace}-${name}`, { metadata, spec: { ...spec, serviceName: name } }, options);
    else new Deployment(`${namespace}-${name}`, { metadata, spec }, options);
    if (port === undefined) continue;
    const service = { selector: labels, ports: [{ name: "main", port, targetPort: port }] };
    new Service(`${namespace}-${name}`, { metadata, spec: service }, options);
  }
}
