import { declare, definitionOf, type Facet, Unknown, type ValueObject } from "@berth/core";
import { BerthError, formatProblem } from "@berth/diagnostics";
import { describe, expect, test } from "vitest";
import * as azure from "../index.ts";
import { facetOf, viewsOf } from "../testing/views.ts";

function store(
  pool: Partial<azure.NodePoolArguments> = {},
  cluster: Partial<azure.ManagedClusterInputs> = {},
) {
  const location = "West Europe";
  const group = new azure.ResourceGroup("store", { location });
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
  const managed = new azure.ManagedCluster("store", {
    resourceGroupName: group.name,
    location,
    kubernetesVersion: "1.36",
    systemPool: {
      vmSize: "Standard_D2s_v5",
      count: 2,
      availabilityZones: ["1", "2", "3"],
      vnetSubnetId: subnet.id,
    },
    ...cluster,
  });
  new azure.NodePool("user", {
    cluster: managed,
    vmSize: "standard_d4s_v5",
    count: 2,
    availabilityZones: ["3", "1", "2"],
    ...pool,
  });
}

async function facetsOf(key: string, program: () => unknown = store): Promise<readonly Facet[]> {
  const view = (await viewsOf(program)).get(key);
  const definition = azure.azureDefinitions.find((each) => each.type === view?.type);
  return (view && definition?.facets?.(view)) ?? [];
}

async function problemsOf(program: () => unknown): Promise<readonly string[]> {
  const failure = await declare({ project: "shop", stack: "dev" }, program).catch((each: unknown) => each);
  if (!BerthError.is(failure)) throw new Error("nothing was found", { cause: failure });
  return failure.problems.map(({ site, resource, ...rest }) => {
    expect(site?.file).toMatch(/resources\.test\.ts$/);
    return `${resource?.split("::").at(-1)} ${formatProblem(rest)}`;
  });
}

describe("a pool", () => {
  test("takes from its cluster what its nodes depend on", async () => {
    const views = await viewsOf(store);
    const pool = views.get("azure:NodePool user");
    const subnet = views.get("azure:Subnet nodes");
    expect(pool?.inputs).toEqual({
      name: "user",
      resourceGroupName: "store",
      clusterName: "store",
      location: "westeurope",
      kubernetesVersion: "1.36",
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      mode: "User",
      scaleSetPriority: "Regular",
      vmSize: "Standard_D4s_v5",
      count: 2,
      availabilityZones: ["1", "2", "3"],
      vnetSubnetId: new Unknown([{ urn: subnet?.urn ?? "", path: "id" }], false, "string"),
    });
  });

  test("supplies a node per zone, whatever its subnet", async () => {
    const supply = facetOf(await facetsOf("azure:NodePool user"), "NodeSupply");
    expect(supply).toMatchObject({
      cluster: "urn:berth:dev:shop::azure:ManagedCluster::store",
      pool: "user",
      poolLabel: ["kubernetes.azure.com/agentpool", "user"],
      count: 2,
      shape: "Standard_D4s_v5",
      zoneLabel: "topology.kubernetes.io/zone",
    });
    if (supply.templates instanceof Unknown) throw new Error("templates are known");
    const labels = supply.templates.map(
      (each) => (each as never as { metadata: { labels: ValueObject } }).metadata.labels,
    );
    expect(labels.map((each) => each["topology.kubernetes.io/zone"])).toEqual([
      "westeurope-1",
      "westeurope-2",
      "westeurope-3",
    ]);
    expect(supply.templates[0]).toMatchObject({ status: { capacity: { cpu: "4", pods: "250" } } });
  });

  test("is one shape without zones, and has a price unless it is spot", async () => {
    const regional = await facetsOf("azure:NodePool user", () =>
      store({ availabilityZones: [], nodeTaints: ["a=b:NoSchedule"] }),
    );
    const supply = facetOf(regional, "NodeSupply");
    expect(supply.zoneLabel).toBeUndefined();
    expect(supply.templates).toMatchObject([
      { spec: { taints: [{ key: "a", value: "b", effect: "NoSchedule" }] } },
    ]);
    expect(facetOf(regional, "Cost")).toMatchObject({ what: "2 × Standard_D4s_v5", monthly: 335.8 });
    const spot = await facetsOf("azure:NodePool user", () => store({ scaleSetPriority: "Spot" }));
    expect(facetOf(spot, "Cost").monthly).toBeUndefined();
    expect(facetOf(spot, "Cost").reason).toContain("spot prices");
  });

  test("is unknown as far as what it is made of is", async () => {
    const program = () => {
      const group = new azure.ResourceGroup("store", { location: "westeurope" });
      store({ count: group.id.apply(Number), nodeLabels: { group: group.id } });
    };
    const found = await facetsOf("azure:NodePool user", () => {
      const other = new azure.ResourceGroup("other", { location: "westeurope" });
      store({ count: other.id.apply(Number), nodeLabels: { group: other.id } });
    });
    const supply = facetOf(found, "NodeSupply");
    const waits = new Unknown([{ urn: "urn:berth:dev:shop::azure:ResourceGroup::other", path: "id" }]);
    expect([supply.count, supply.templates]).toEqual([waits, waits]);
    expect(facetOf(found, "Cost")).toMatchObject({ what: "? × Standard_D4s_v5", monthly: waits });
    await expect(problemsOf(program)).resolves.toHaveLength(1);
  });

  test("needs the cluster itself", async () => {
    const failure = await declare({ project: "shop", stack: "dev" }, () =>
      store({ cluster: "store" as never }),
    ).catch((each: unknown) => each);
    expect(BerthError.is(failure) && failure.problems.map((each) => each.code)).toEqual(["BERTH5010"]);
  });
});

describe("a cluster", () => {
  test("has AKS's network where nothing is said", async () => {
    const view = (await viewsOf(store)).get("azure:ManagedCluster store");
    expect(view?.inputs["dnsPrefix"]).toBe("store-dns");
    expect(view?.inputs["networkProfile"]).toEqual({
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      podCidr: "10.244.0.0/16",
      serviceCidr: "10.0.0.0/16",
      dnsServiceIP: "10.0.0.10",
    });
    const again = definitionOf(azure.ManagedCluster).normalise?.(view?.inputs ?? {});
    expect(again).toEqual(view?.inputs);
  });

  test("is one for planning", async () => {
    const facets = await facetsOf("azure:ManagedCluster store");
    const { systemObjects, ...cluster } = facetOf(facets, "Cluster");
    expect(cluster).toEqual({
      kind: "Cluster",
      cluster: "urn:berth:dev:shop::azure:ManagedCluster::store",
      kubernetes: "1.36",
      flavour: "aks",
      podRange: "10.244.0.0/16",
      services: {
        range: "10.0.0.0/16",
        firstStatic: "10.0.0.1",
        lastStatic: "10.0.1.0",
        reserved: ["10.0.0.1", "10.0.0.10"],
      },
    });
    const names = systemObjects.map(
      (each) => (each as never as { metadata: { name: string } }).metadata.name,
    );
    expect(names).toContain("coredns");
    expect(facetOf(facets, "NodeSupply")).toMatchObject({ pool: "system", count: 2 });
  });

  test.each([
    ["10.9.0.0/28", "10.9.0.1", "10.9.0.14"],
    ["10.9.0.0/27", "10.9.0.1", "10.9.0.16"],
    ["10.9.0.0/24", "10.9.0.1", "10.9.0.16"],
  ])("gives static addresses of %s from %s to %s", async (serviceCidr, firstStatic, lastStatic) => {
    const facets = await facetsOf("azure:ManagedCluster store", () =>
      store({}, { networkProfile: { serviceCidr } }),
    );
    expect(facetOf(facets, "Cluster").services).toMatchObject({
      firstStatic,
      lastStatic,
      reserved: ["10.9.0.1", "10.9.0.10"],
    });
  });

  test("runs AKS's own pods as far as the program does not know better", async () => {
    const objects = async (systemPods: azure.SystemPodOverrides) =>
      facetOf(await facetsOf("azure:ManagedCluster store", () => store({}, { systemPods })), "Cluster")
        .systemObjects;
    const all = await objects({});
    const fewer = await objects({ "azure-cns": false, coredns: { replicas: 3 } });
    expect(fewer).toHaveLength(all.length - 1);
    const dns = fewer.find((each) => JSON.stringify(each["metadata"]).includes('"coredns"'));
    expect(dns).toMatchObject({ spec: { replicas: 3 } });
  });
});

describe("mistakes", () => {
  test("are found together, with the nearest name and their place", async () => {
    await expect(
      problemsOf(() =>
        store(
          { vmSize: "Standard_D4s_v55", name: "User-Pool", nodeLabels: { "kubernetes.io/x": "y" } },
          {
            location: "westeurop",
            networkProfile: {
              serviceCidr: "10.244.0.0/20",
              podCidr: "10.244.0.0/16",
              dnsServiceIP: "10.0.0.10",
            },
            systemPods: { corednz: false } as never,
          },
        ),
      ),
    ).resolves.toMatchInlineSnapshot(`
      [
        "store BERTH5302 location: Azure has no region "westeurop" (did you mean "westeurope"?)",
        "store BERTH5313 networkProfile.dnsServiceIP: "10.0.0.10" is no address that 10.244.0.0/20 has for services (AKS takes 10.244.0.10 by default)",
        "store BERTH5311 networkProfile.serviceCidr: 10.244.0.0/20 of services and 10.244.0.0/16 of pods share addresses",
        "store BERTH1002 systemPods.corednz: there is no property "corednz" (did you mean "coredns"?)",
        "user BERTH5304 name: "User-Pool" cannot be a node pool's name: it may have lower-case letters and digits only, and begins with a letter ("userpool" can)",
        "user BERTH5308 nodeLabels["kubernetes.io/x"]: "kubernetes.io/x": labels that begin with kubernetes.io/ belong to AKS",
        "user BERTH5301 vmSize: the catalogue has no VM size "Standard_D4s_v55" (did you mean "Standard_D4s_v5"?)",
      ]
    `);
  });

  test("of a subnet and a network", async () => {
    const found = problemsOf(() => {
      new azure.VirtualNetwork("net", {
        resourceGroupName: "g",
        location: "westeurope",
        addressPrefixes: ["10.0.0.1/16"],
      });
      new azure.Subnet("a", {
        resourceGroupName: "g",
        virtualNetworkName: "net",
        addressPrefix: "10.0.0.0/30",
      });
      new azure.ResourceGroup("ends with a dot.", { location: "westeurope" });
    });
    await expect(found).resolves.toMatchInlineSnapshot(`
      [
        "net BERTH5310 addressPrefixes[0]: "10.0.0.1/16" does not begin with the first address of its range (did you mean "10.0.0.0/16"?)",
        "a BERTH5011 addressPrefix: 10.0.0.0/30 is smaller than a /29",
        "ends with a dot. BERTH1001 name: must match the pattern ^[\\p{L}\\p{N}_().-]{0,89}[\\p{L}\\p{N}_()-]$",
      ]
    `);
  });

  test("two resources of one name are one in Azure, whatever the case", async () => {
    const found = problemsOf(() => {
      new azure.ResourceGroup("a", { name: "Store", location: "westeurope" });
      new azure.ResourceGroup("b", { name: "store", location: "westeurope" });
    });
    await expect(found).resolves.toEqual([
      expect.stringContaining("BERTH1014: resource group store is declared already"),
    ]);
  });
});

test("every type that Azure makes has a row in the provider's table", async () => {
  const { armTypes } = await import("../arm/types.ts");
  const made = azure.azureDefinitions.filter((each) => each.isProvider !== true);
  expect(Object.keys(armTypes).toSorted()).toEqual(made.map((each) => each.type).toSorted());
  for (const { type, inputs } of made) {
    const properties = inputs["properties"] as ValueObject;
    for (const name of armTypes[type]?.names ?? []) expect(properties, type).toHaveProperty(name);
  }
});
