import * as azure from "@berth/azure";
import * as k8s from "@berth/kubernetes";

const location = "westeurope";

// Where it runs: a managed cluster with a system pool of two nodes and a user pool of two.

const group = new azure.ResourceGroup("store", { location });

const network = new azure.VirtualNetwork("store", {
  resourceGroupName: group.name,
  location,
  addressPrefixes: ["10.224.0.0/12"],
});

const subnet = new azure.Subnet("nodes", {
  resourceGroupName: group.name,
  virtualNetworkName: network.name,
  addressPrefix: "10.224.0.0/16",
});

const cluster = new azure.ManagedCluster("store", {
  resourceGroupName: group.name,
  location,
  kubernetesVersion: "1.36",
  systemPool: {
    vmSize: "Standard_D2s_v5",
    count: 2,
    availabilityZones: ["1", "2", "3"],
    vnetSubnetId: subnet.id,
  },
});

new azure.NodePool("user", {
  cluster,
  vmSize: "Standard_D4s_v5",
  count: 2,
  availabilityZones: ["1", "2", "3"],
});

// What runs there. The cluster is the stack's only one, so nothing has to name it.

const nodeSelector = { "kubernetes.io/os": "linux" };
const registry = "ghcr.io/azure-samples/aks-store-demo";

new k8s.StatefulSet("rabbitmq", {
  spec: {
    serviceName: "rabbitmq",
    replicas: 1,
    selector: { matchLabels: { app: "rabbitmq" } },
    template: {
      metadata: { labels: { app: "rabbitmq" } },
      spec: {
        nodeSelector,
        containers: [
          {
            name: "rabbitmq",
            image: "rabbitmq:4.3.2-management-alpine",
            ports: [
              { containerPort: 5672, name: "rabbitmq-amqp" },
              { containerPort: 15672, name: "rabbitmq-http" },
            ],
            env: [
              { name: "RABBITMQ_DEFAULT_USER", value: "username" },
              { name: "RABBITMQ_DEFAULT_PASS", value: "password" },
            ],
            resources: {
              requests: { cpu: "10m", memory: "128Mi" },
              limits: { cpu: "250m", memory: "256Mi" },
            },
            startupProbe: {
              tcpSocket: { port: 5672 },
              failureThreshold: 30,
              initialDelaySeconds: 10,
              periodSeconds: 10,
            },
            readinessProbe: {
              tcpSocket: { port: 5672 },
              failureThreshold: 3,
              initialDelaySeconds: 5,
              periodSeconds: 5,
            },
            livenessProbe: {
              tcpSocket: { port: 5672 },
              failureThreshold: 3,
              initialDelaySeconds: 30,
              periodSeconds: 10,
            },
          },
        ],
      },
    },
  },
});

new k8s.Service("rabbitmq", {
  spec: {
    type: "ClusterIP",
    selector: { app: "rabbitmq" },
    ports: [
      { name: "rabbitmq-amqp", port: 5672, targetPort: 5672 },
      { name: "rabbitmq-http", port: 15672, targetPort: 15672 },
    ],
  },
});

new k8s.Workload("order-service", {
  image: `${registry}/order-service:2.2.0`,
  replicas: 1,
  ports: [{ containerPort: 3000 }],
  env: {
    ORDER_QUEUE_HOSTNAME: "rabbitmq",
    ORDER_QUEUE_PORT: "5672",
    ORDER_QUEUE_USERNAME: "username",
    ORDER_QUEUE_PASSWORD: "password",
    ORDER_QUEUE_NAME: "orders",
    FASTIFY_ADDRESS: "0.0.0.0",
  },
  resources: { requests: { cpu: "1m", memory: "50Mi" }, limits: { cpu: "75m", memory: "128Mi" } },
  startupProbe: health(3000, { failureThreshold: 5, initialDelaySeconds: 20, periodSeconds: 10 }),
  readinessProbe: health(3000, { failureThreshold: 3, initialDelaySeconds: 3, periodSeconds: 5 }),
  livenessProbe: health(3000, { failureThreshold: 5, initialDelaySeconds: 3, periodSeconds: 3 }),
  initContainers: [
    {
      name: "wait-for-rabbitmq",
      image: "busybox:1.37.0",
      command: ["sh", "-c", "until nc -zv rabbitmq 5672; do echo waiting for rabbitmq; sleep 2; done;"],
      resources: { requests: { cpu: "1m", memory: "50Mi" }, limits: { cpu: "75m", memory: "128Mi" } },
    },
  ],
  nodeSelector,
}).exposeInternally({ name: "http", port: 3000 });

new k8s.Workload("product-service", {
  image: `${registry}/product-service:2.2.0`,
  replicas: 1,
  ports: [{ containerPort: 3002 }],
  env: { AI_SERVICE_URL: "http://ai-service:5001/" },
  resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "2m", memory: "20Mi" } },
  readinessProbe: health(3002, { failureThreshold: 3, initialDelaySeconds: 3, periodSeconds: 5 }),
  livenessProbe: health(3002, { failureThreshold: 5, initialDelaySeconds: 3, periodSeconds: 3 }),
  nodeSelector,
}).exposeInternally({ name: "http", port: 3002 });

const storeFront = new k8s.Workload("store-front", {
  image: `${registry}/store-front:2.2.0`,
  replicas: 1,
  ports: [{ containerPort: 8080, name: "store-front" }],
  resources: { requests: { cpu: "1m", memory: "200Mi" }, limits: { cpu: "1000m", memory: "512Mi" } },
  startupProbe: health(8080, { failureThreshold: 3, initialDelaySeconds: 5, periodSeconds: 5 }),
  readinessProbe: health(8080, { failureThreshold: 3, initialDelaySeconds: 3, periodSeconds: 3 }),
  livenessProbe: health(8080, { failureThreshold: 5, initialDelaySeconds: 3, periodSeconds: 3 }),
  nodeSelector,
}).exposePublicly({ port: 80 });

/** Where customers reach the store. */
export const address = storeFront.address;

function health(
  port: number,
  timing: { failureThreshold: number; initialDelaySeconds: number; periodSeconds: number },
) {
  return { httpGet: { path: "/health", port }, ...timing };
}
