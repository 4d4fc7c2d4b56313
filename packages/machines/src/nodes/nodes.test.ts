import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  findMachineSize,
  type NodeDescription,
  nodeLabels,
  nodeName,
  nodeNameHash,
  nodeObject,
  nodeToRemove,
  parseNodeName,
  type PlacedNode,
  zoneForNextNode,
  zonesForNewPool,
} from "../index.ts";

function size(name: string) {
  const found = findMachineSize(name);
  if (found === undefined) throw new Error(`no size ${name}`);
  return found;
}

const user: NodeDescription = {
  pool: "user",
  mode: "User",
  size: size("Standard_D4s_v5"),
  region: "westeurope",
  osDisk: { kind: "Managed", sizeGiB: 128 },
  maxPods: 250,
  kubernetes: "1.33.2",
  model: "aks-1.29",
  overlay: true,
};

describe("names of nodes", () => {
  test("are AKS's: pool, eight digits, the instance in base 36", () => {
    expect(nodeName("workerspool", "19653187", 0)).toBe("aks-workerspool-19653187-vmss000000");
    expect(nodeName("user", "19653187", 10)).toBe("aks-user-19653187-vmss00000a");
    expect(nodeName("user", "19653187", 36)).toBe("aks-user-19653187-vmss000010");
  });

  test("can be read again", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/),
        fc.string(),
        fc.nat(1_000_000),
        (pool, cluster, instance) => {
          const hash = nodeNameHash(cluster);
          expect(hash).toMatch(/^\d{8}$/);
          expect(parseNodeName(nodeName(pool, hash, instance))).toEqual({ pool, hash, instance });
        },
      ),
    );
    expect(parseNodeName("kind-control-plane")).toBeUndefined();
  });

  test("tell clusters apart, and parts of a name from each other", () => {
    expect(nodeNameHash("a", "bc")).not.toBe(nodeNameHash("ab", "c"));
    expect(nodeNameHash("sub", "group", "store")).toBe(nodeNameHash("sub", "group", "store"));
  });
});

describe("labels and taints", () => {
  test("of a zonal node", () => {
    expect(nodeObject(user, { name: "aks-user-19653187-vmss000000", zone: "2" })).toMatchInlineSnapshot(`
      {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
          "labels": {
            "agentpool": "user",
            "beta.kubernetes.io/arch": "amd64",
            "beta.kubernetes.io/instance-type": "Standard_D4s_v5",
            "beta.kubernetes.io/os": "linux",
            "failure-domain.beta.kubernetes.io/region": "westeurope",
            "failure-domain.beta.kubernetes.io/zone": "westeurope-2",
            "kubernetes.azure.com/agentpool": "user",
            "kubernetes.azure.com/azure-cni-overlay": "true",
            "kubernetes.azure.com/mode": "user",
            "kubernetes.azure.com/nodepool-type": "VirtualMachineScaleSets",
            "kubernetes.azure.com/os-sku": "Ubuntu",
            "kubernetes.azure.com/podnetwork-type": "overlay",
            "kubernetes.azure.com/role": "agent",
            "kubernetes.azure.com/sku-cpu": "4",
            "kubernetes.azure.com/sku-memory": "16384",
            "kubernetes.azure.com/storageprofile": "managed",
            "kubernetes.azure.com/storagetier": "Premium_LRS",
            "kubernetes.io/arch": "amd64",
            "kubernetes.io/hostname": "aks-user-19653187-vmss000000",
            "kubernetes.io/os": "linux",
            "node.kubernetes.io/instance-type": "Standard_D4s_v5",
            "storageprofile": "managed",
            "storagetier": "Premium_LRS",
            "topology.disk.csi.azure.com/zone": "westeurope-2",
            "topology.kubernetes.io/region": "westeurope",
            "topology.kubernetes.io/zone": "westeurope-2",
          },
          "name": "aks-user-19653187-vmss000000",
        },
        "spec": {},
        "status": {
          "addresses": [
            {
              "address": "aks-user-19653187-vmss000000",
              "type": "Hostname",
            },
          ],
          "allocatable": {
            "cpu": "3860m",
            "ephemeral-storage": "119703055367",
            "hugepages-1Gi": "0",
            "hugepages-2Mi": "0",
            "memory": "11641651Ki",
            "pods": "250",
          },
          "capacity": {
            "cpu": "4",
            "ephemeral-storage": "129886128Ki",
            "hugepages-1Gi": "0",
            "hugepages-2Mi": "0",
            "memory": "15938355Ki",
            "pods": "250",
          },
          "conditions": [
            {
              "reason": "KubeletReady",
              "status": "True",
              "type": "Ready",
            },
          ],
          "nodeInfo": {
            "architecture": "amd64",
            "kubeletVersion": "v1.33.2",
            "operatingSystem": "linux",
          },
        },
      }
    `);
  });

  test("of a node without a zone, whose zone is 0", () => {
    expect(nodeLabels(user)).toMatchObject({
      "topology.kubernetes.io/zone": "0",
      "failure-domain.beta.kubernetes.io/zone": "0",
      "topology.disk.csi.azure.com/zone": "",
    });
  });

  test("of spot, graphics and ephemeral disks", () => {
    const shape: NodeDescription = {
      ...user,
      size: size("Standard_NC4as_T4_v3"),
      spot: true,
      taints: ["sku=gpu:NoSchedule"],
      osDisk: { kind: "Ephemeral", sizeGiB: 128 },
      gpuDevicePlugin: true,
    };
    const node = nodeObject(shape);
    expect(node.metadata.labels).toMatchObject({
      "kubernetes.azure.com/accelerator": "nvidia",
      "kubernetes.azure.com/scalesetpriority": "spot",
      "kubernetes.azure.com/storageprofile": "ephemeral",
    });
    expect(node.metadata.labels).not.toHaveProperty("storagetier");
    expect(node.spec.taints).toEqual([
      { key: "kubernetes.azure.com/scalesetpriority", value: "spot", effect: "NoSchedule" },
      { key: "sku", value: "gpu", effect: "NoSchedule" },
    ]);
    expect(node.status.allocatable["nvidia.com/gpu"]).toBe("1");
  });

  test("users add labels, and cannot replace AKS's", () => {
    const labels = nodeLabels({ ...user, labels: { tier: "web", "kubernetes.azure.com/mode": "system" } });
    expect(labels).toMatchObject({ tier: "web", "kubernetes.azure.com/mode": "user" });
  });
});

describe("zones of a pool's nodes", () => {
  test("go round the pool's zones in their order", () => {
    expect(zonesForNewPool(["3", "1"], 5)).toEqual(["3", "1", "3", "1", "3"]);
    expect(zonesForNewPool([], 2)).toEqual([undefined, undefined]);
  });

  test("a new node goes to the first zone with the fewest, however the pool came to be", () => {
    const zones = fc.uniqueArray(fc.constantFrom("1", "2", "3", "4"), { minLength: 1 });
    fc.assert(
      fc.property(zones, fc.array(fc.boolean(), { maxLength: 40 }), (pool, steps) => {
        let nodes: PlacedNode[] = [];
        let next = 0;
        for (const grow of steps) {
          if (grow) {
            const zone = zoneForNextNode(pool, nodes);
            if (zone === undefined) throw new Error("a pool with zones has a zone for every node");
            nodes = [...nodes, { zone, instance: next++ }];
          } else {
            const gone = nodeToRemove(nodes);
            nodes = nodes.filter((each) => each !== gone);
          }
          const counts = pool.map((zone) => nodes.filter((each) => each.zone === zone).length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test("growing from nothing is the same as a new pool", () => {
    const nodes: PlacedNode[] = [];
    for (let instance = 0; instance < 7; instance++)
      nodes.push({ zone: zoneForNextNode(["1", "2", "3"], nodes) ?? "", instance });
    expect(nodes.map((each) => each.zone)).toEqual(zonesForNewPool(["1", "2", "3"], 7));
  });

  test("shrinking takes the fullest zone's highest instance", () => {
    const nodes = [
      { zone: "1", instance: 0 },
      { zone: "2", instance: 1 },
      { zone: "1", instance: 3 },
      { zone: "3", instance: 4 },
    ];
    expect(nodeToRemove(nodes)).toEqual({ zone: "1", instance: 3 });
    expect(nodeToRemove([{ instance: 2 }, { instance: 5 }])).toEqual({ instance: 5 });
    expect(nodeToRemove([])).toBeUndefined();
  });
});
