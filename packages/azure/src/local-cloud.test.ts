import {
  type Connection,
  definitionOf,
  type JsonObject,
  type Ownership,
  type Provider,
  type ResourceRecord,
  Unknown,
  type ValueObject,
} from "@berth/core";
import { type LocalCloud, openLocalCloud } from "@berth/local";
import { expect, test } from "vitest";
import * as azure from "./index.ts";
import { subscriptionId } from "./testing/scripted-azure.ts";
import { facetOf, viewsOf } from "./testing/views.ts";

// What a preview says of Azure from facets, and what the local cloud does when the provider asks it, must be the same.

const location = "westeurope";
const zones = ["1", "2", "3"];

function program({ users = 2, labels = {} }: { users?: number; labels?: Record<string, string> } = {}) {
  return () => {
    const group = new azure.ResourceGroup("store", { location, tags: { team: "web" } });
    const network = new azure.VirtualNetwork("net", {
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
      systemPool: { vmSize: "Standard_D2s_v5", count: 2, availabilityZones: zones, vnetSubnetId: subnet.id },
      systemPods: { "metrics-server": { replicas: 3 }, "azure-ip-masq-agent": false },
    });
    new azure.NodePool("user", {
      cluster,
      vmSize: "Standard_D4s_v5",
      count: users,
      availabilityZones: zones,
      nodeLabels: labels,
      nodeTaints: ["dedicated=web:PreferNoSchedule"],
      osDiskSizeGB: 64,
    });
  };
}

/** Applies programs, as an engine does with a plan in which everything that is not there is to be created. */
class Stack {
  readonly provider: Provider;
  readonly records = new Map<string, ResourceRecord>();

  constructor({ transport }: LocalCloud) {
    const connect = ({ server, token }: azure.ClusterCredentials): Connection => ({
      server,
      transport: (request) => {
        request.headers.set("authorization", `Bearer ${token}`);
        return transport(request);
      },
    });
    this.provider = azure.azureProvider({
      endpoint: "https://management.azure.com",
      subscriptionId,
      transport,
      wait: async (seconds) => {
        if (seconds !== 0) throw new Error("the local cloud's operations take no time");
      },
      connect,
    });
  }

  async apply(run: () => unknown): Promise<void> {
    for (const [key, { urn, type, inputs: given, references }] of await viewsOf(run)) {
      const inputs = this.#known(given) as JsonObject;
      const recorded = this.records.get(key);
      const ownership = ownershipOf(urn);
      const request = { urn, type, inputs, ownership };
      const { id, outputs } = recorded
        ? await this.provider.update({ ...request, id: recorded.id, recorded })
        : await this.provider.create(request);
      const rest = { assigned: {}, dependencies: [], references, protect: false };
      const { operationKey } = ownership;
      this.records.set(key, {
        urn,
        type,
        provider: "azure",
        id,
        inputs,
        outputs: outputs as JsonObject,
        operationKey,
        ...rest,
      });
    }
  }

  async destroy(): Promise<void> {
    for (const [key, recorded] of [...this.records].toReversed()) {
      const { urn, type, id } = recorded;
      await this.provider.delete({ urn, type, id, recorded });
      this.records.delete(key);
    }
  }

  /** Inputs as they are once what was created before has answered. */
  #known(value: ValueObject[string]): ValueObject[string] {
    if (value instanceof Unknown) {
      const [producer] = value.producers;
      const record = [...this.records.values()].find((each) => each.urn === producer?.urn);
      return record?.outputs[producer?.path ?? ""] ?? null;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#known(each)]));
  }

  /** Objects of the cluster, through the connection that the provider makes. */
  async list(path: string): Promise<readonly JsonObject[]> {
    const record = this.records.get("azure:ManagedCluster store");
    const connection = record && (await this.provider.connect?.(record));
    if (!connection) throw new Error("there is no cluster");
    const response = await connection.transport(new Request(`${connection.server}${path}`));
    return ((await response.json()) as { readonly items: readonly JsonObject[] }).items;
  }
}

function ownershipOf(urn: string): Ownership {
  return { project: "shop", stack: "dev", urn, operationKey: `key of ${urn.split("::").at(-1)}` };
}

interface Named {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
}

/** What decides where pods go, without what tells one node from the next. */
function shapeOf(node: JsonObject): JsonObject {
  const { metadata, spec, status } = node as never as {
    readonly metadata: Named["metadata"];
    readonly spec: { readonly taints?: readonly JsonObject[] };
    readonly status: Readonly<Record<"capacity" | "allocatable", JsonObject>>;
  };
  const { "kubernetes.io/hostname": _, ...labels } = metadata.labels;
  const { capacity, allocatable } = status;
  return { labels, taints: spec.taints ?? [], capacity, allocatable };
}

/** The nodes that a plan starts from: each from the first template with the fewest nodes. */
async function plannedNodes(run: () => unknown): Promise<readonly JsonObject[]> {
  const supplies = [...(await viewsOf(run)).values()].flatMap((view) => {
    const definition = azure.azureDefinitions.find((each) => each.type === view.type);
    const facets = definition?.facets?.(view) ?? [];
    return facets.some((each) => each.kind === "NodeSupply") ? [facetOf(facets, "NodeSupply")] : [];
  });
  return supplies.flatMap(({ count, templates }) => {
    if (count instanceof Unknown || templates instanceof Unknown) throw new Error("everything is known");
    return Array.from({ length: count }, (_, i) => shapeOf(templates[i % templates.length] ?? {}));
  });
}

test("a stack is created, grows by a node, and is deleted, and nothing is left", async () => {
  const cloud = await openLocalCloud({ memory: true });
  const stack = new Stack(cloud);
  await stack.apply(program());
  expect(stack.records.get("azure:ManagedCluster store")?.outputs).toMatchObject({
    fqdn: expect.stringMatching(/^store-dns-\d{8}\.hcp\.westeurope\.azmk8s\.io$/),
    nodeResourceGroup: "MC_store_store_westeurope",
    currentKubernetesVersion: "1.36.0",
  });
  expect((await stack.list("/api/v1/nodes")).map(shapeOf)).toEqual(await plannedNodes(program()));

  await stack.apply(program({ users: 3 }));
  expect((await stack.list("/api/v1/nodes")).map(shapeOf)).toEqual(await plannedNodes(program({ users: 3 })));

  const relabelled = program({ users: 3, labels: { tier: "web" } });
  await stack.apply(relabelled);
  expect((await stack.list("/api/v1/nodes")).map(shapeOf)).toEqual(await plannedNodes(relabelled));

  await stack.destroy();
  const groups = `https://management.azure.com/subscriptions/${subscriptionId}/resourceGroups?api-version=2025-04-01`;
  await expect((await cloud.transport(new Request(groups))).json()).resolves.toEqual({ value: [] });
});

test("the local cluster runs of AKS's own pods what the plan says", async () => {
  const stack = new Stack(await openLocalCloud({ memory: true }));
  await stack.apply(program());
  const view = (await viewsOf(program())).get("azure:ManagedCluster store");
  const planned = facetOf(
    (view && definitionOf(azure.ManagedCluster).facets?.(view)) ?? [],
    "Cluster",
  ).systemObjects;
  const live = [
    ...(await stack.list("/apis/apps/v1/daemonsets")),
    ...(await stack.list("/apis/apps/v1/deployments")),
  ];
  const nameOf = (each: JsonObject) => (each as never as Named).metadata.name;
  expect(live.map(nameOf).toSorted()).toEqual(planned.map(nameOf).toSorted());
  expect(live.find((each) => nameOf(each) === "metrics-server")).toMatchObject({
    spec: { replicas: 3 },
    status: { readyReplicas: 3 },
  });
});

test("what was created reads back as it was given, and as ours", async () => {
  const stack = new Stack(await openLocalCloud({ memory: true }));
  await stack.apply(program());
  for (const { urn, type, id, inputs, outputs } of stack.records.values()) {
    const ownership = ownershipOf(urn);
    const live = await stack.provider.read({ urn, type, id, inputs, ownership });
    expect(live, urn).toMatchObject({ id, outputs, ours: true });
    const derived = ["systemPods", "location", "networkPlugin", "networkPluginMode"];
    const told = Object.entries(inputs).filter(
      ([key]) => key in (live?.inputs ?? {}) || !derived.includes(key),
    );
    expect(live?.inputs, urn).toMatchObject(Object.fromEntries(told));
    const other = await stack.provider.read({
      urn,
      type,
      inputs,
      ownership: { ...ownership, operationKey: "another" },
    });
    expect(other?.ours, urn).toBe(type === "azure:Subnet");
  }
});

test("a create is create-only, unless it was ours", async () => {
  const cloud = await openLocalCloud({ memory: true });
  const stack = new Stack(cloud);
  await stack.apply(program());
  const again = new Stack(cloud);
  await again.apply(program());
  expect([...again.records.values()]).toEqual([...stack.records.values()]);
  const [first] = stack.records.values();
  if (!first) throw new Error("nothing was created");
  const { urn, type, inputs } = first;
  const foreign = stack.provider.create({
    urn,
    type,
    inputs,
    ownership: { ...ownershipOf(urn), operationKey: "another" },
  });
  await expect(foreign).rejects.toThrow("BERTH5001");
});
