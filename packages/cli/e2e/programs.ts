/** A cluster of one pool, on which the programs of the tests declare what they are about. */
const cluster = `import * as azure from "@berth/azure";
import * as k8s from "@berth/kubernetes";

const location = "westeurope";
const group = new azure.ResourceGroup("shop", { location });
const cluster = new azure.ManagedCluster("shop", {
  resourceGroupName: group.name,
  location,
  kubernetesVersion: "1.36",
  systemPool: { vmSize: "Standard_D2s_v5", count: 2 },
});
`;

/** A program: the cluster, then `body`. */
export function onCluster(body: string): string {
  return cluster + body;
}

/** A deployment and the service in front of it. */
export const webShop = onCluster(`
new k8s.Deployment("web", {
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [
          {
            name: "nginx",
            image: "nginx:1.29",
            ports: [{ name: "http", containerPort: 80 }],
            resources: { requests: { cpu: "100m", memory: "64Mi" } },
          },
        ],
      },
    },
  },
});

const service = new k8s.Service("web", {
  spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] },
});

export const address = service.spec.clusterIP;
`);
