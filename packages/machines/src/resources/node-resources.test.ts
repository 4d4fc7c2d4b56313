import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  aksReservationModel,
  aksReservedCpuMilli,
  defineMachineSize,
  findMachineSize,
  machineSizes,
  nodeResources,
  type NodeResourcesInput,
} from "../index.ts";

const mebibyte = 1024 * 1024;

function machine(memoryGiB: number, vcpus = 2) {
  return defineMachineSize({ name: "Standard_Test", family: "test", vcpus, memoryGiB });
}

/** Bytes of a quantity as these functions write it. */
function bytes(quantity: string | undefined): number {
  return Number.parseInt(quantity ?? "", 10) * (quantity?.endsWith("Ki") === true ? 1024 : 1);
}

function milli(quantity: string | undefined): number {
  return Number.parseInt(quantity ?? "", 10) * (quantity?.endsWith("m") === true ? 1 : 1000);
}

function memory(memoryGiB: number, maxPods: number, model: NodeResourcesInput["model"]) {
  const input = { size: machine(memoryGiB), maxPods, osDiskSizeGiB: 128, model, memoryOverheadFraction: 0 };
  const { terms, allocatable } = nodeResources(input);
  const reserved =
    terms.find((each) => each.resource === "memory" && each.name === "kube-reserved")?.amount ?? 0;
  return {
    reserved: Math.round(-reserved / mebibyte),
    allocatable: Math.round(bytes(allocatable["memory"]) / mebibyte),
  };
}

describe("reservations as AKS documents them", () => {
  test.each([
    [1, 60],
    [2, 100],
    [4, 140],
    [8, 180],
    [16, 260],
    [32, 420],
    [64, 740],
    [96, 1060],
  ])("%i cores keep %im", (vcpus, reserved) => {
    expect(aksReservedCpuMilli(vcpus)).toBe(reserved);
  });

  // GiB, pods per node, reserved and allocatable of nominal memory in MiB: since 1.29, and before.
  test.each([
    [4, 70, 1024, 2972, 1024, 2322],
    [8, 30, 650, 7442, 1843, 5599],
    [8, 110, 2048, 6044, 1843, 5599],
    [16, 110, 2250, 14034, 2662, 12972],
    [16, 250, 4096, 12188, 2662, 12972],
    [32, 250, 5050, 27618, 3645, 28373],
    [64, 250, 5050, 60386, 5612, 59174],
  ])("%i GiB with %i pods", (gib, pods, reserved, allocatable, legacyReserved, legacyAllocatable) => {
    expect(memory(gib, pods, "aks-1.29")).toEqual({ reserved, allocatable });
    expect(memory(gib, pods, "aks-legacy")).toEqual({
      reserved: legacyReserved,
      allocatable: legacyAllocatable,
    });
  });

  test("the model follows the version", () => {
    expect(["1.28", "1.28.9", "v1.27.1"].map(aksReservationModel)).toEqual([
      "aks-legacy",
      "aks-legacy",
      "aks-legacy",
    ]);
    expect(["1.29", "1.36.2", "v1.33.0", "2.0"].map(aksReservationModel)).toEqual(Array(4).fill("aks-1.29"));
  });

  test("kubeadm reserves nothing beyond the kubelet's thresholds, a model of one's own what it says", () => {
    const input = { size: machine(4), maxPods: 110, osDiskSizeGiB: 128, memoryOverheadFraction: 0 };
    expect(nodeResources({ ...input, model: "kubeadm" }).allocatable).toMatchObject({
      cpu: "2",
      memory: `${3996 * 1024}Ki`,
    });
    const model = { cpuMilli: 250, memoryBytes: 512 * mebibyte, evictionMemoryBytes: 84 * mebibyte };
    expect(nodeResources({ ...input, model }).allocatable).toMatchObject({
      cpu: "1750m",
      memory: `${3500 * 1024}Ki`,
    });
  });
});

describe("real nodes", () => {
  test("Azure/AKS#3525: F2s_v2 before 1.29, with OS disks of 128 and 256 GiB", () => {
    const size = findMachineSize("Standard_F2s_v2");
    if (size === undefined) throw new Error("no such size");
    const node = (osDiskSizeGiB: number) =>
      nodeResources({ size, maxPods: 100, osDiskSizeGiB, model: "aks-legacy", observedMemoryKiB: 4_025_836 });
    expect(node(128)).toMatchObject({
      capacity: { cpu: "2", memory: "4025836Ki", "ephemeral-storage": "129886128Ki", pods: "100" },
      allocatable: { cpu: "1900m", memory: "2209260Ki", "ephemeral-storage": "119703055367", pods: "100" },
    });
    expect(node(256)).toMatchObject({
      capacity: { "ephemeral-storage": "259966896Ki" },
      allocatable: { "ephemeral-storage": "239585490957" },
    });
  });

  test("an 8 GiB node of AKS 1.32.7 with 110 pods (published, October 2025)", () => {
    const node = nodeResources({
      size: machine(8),
      maxPods: 110,
      osDiskSizeGiB: 128,
      model: "aks-1.29",
      observedMemoryKiB: 8_129_936,
    });
    expect(node.allocatable).toEqual({
      cpu: "1900m",
      "ephemeral-storage": "119703055367",
      "hugepages-1Gi": "0",
      "hugepages-2Mi": "0",
      memory: "5930384Ki",
      pods: "110",
    });
  });

  test("the estimate of memory is less than those nodes have, by less than 2.5 percent", () => {
    for (const [gib, observed] of [
      [4, 4_025_836],
      [8, 8_129_936],
    ] as const) {
      const input = { size: machine(gib), maxPods: 110, osDiskSizeGiB: 128, model: "aks-1.29" as const };
      const estimate = bytes(nodeResources(input).capacity["memory"]) / 1024;
      expect(estimate).toBeLessThan(observed);
      expect(estimate).toBeGreaterThan(observed * 0.975);
    }
  });
});

describe("invariants", () => {
  const inputs = fc.record({
    size: fc.oneof(
      fc.constantFrom(...machineSizes()),
      fc
        .record({ gib: fc.integer({ min: 1, max: 4000 }), vcpus: fc.integer({ min: 1, max: 416 }) })
        .map((each) => machine(each.gib, each.vcpus)),
    ),
    maxPods: fc.integer({ min: 10, max: 250 }),
    osDiskSizeGiB: fc.integer({ min: 0, max: 4096 }),
    model: fc.constantFrom("aks-1.29" as const, "aks-legacy" as const, "kubeadm" as const),
    memoryOverheadFraction: fc.double({ min: 0, max: 0.99, noNaN: true }),
  });

  test("allocatable is at most capacity, never negative, and the sum of its terms", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { capacity, allocatable, terms } = nodeResources(input);
        for (const [resource, amount] of [
          ["cpu", milli],
          ["memory", bytes],
          ["ephemeral-storage", bytes],
          ["pods", Number],
        ] as const) {
          const own = terms.filter((each) => each.resource === resource);
          const sum = (of: typeof own): number =>
            Math.max(
              0,
              of.reduce((total, each) => total + each.amount, 0),
            );
          expect(amount(allocatable[resource])).toBeLessThanOrEqual(amount(capacity[resource]));
          expect(amount(capacity[resource])).toBe(sum(own.filter((each) => each.of === "capacity")));
          expect(amount(allocatable[resource])).toBe(sum(own));
        }
      }),
    );
  });

  test("a larger machine never has less to give", () => {
    fc.assert(
      fc.property(inputs, fc.nat(64), fc.nat(256), (input, cores, gib) => {
        const larger = machine(input.size.memoryGiB + gib, input.size.vcpus + cores);
        const [small, large] = [nodeResources(input), nodeResources({ ...input, size: larger })];
        expect(milli(large.allocatable["cpu"])).toBeGreaterThanOrEqual(milli(small.allocatable["cpu"]));
        expect(bytes(large.allocatable["memory"])).toBeGreaterThanOrEqual(bytes(small.allocatable["memory"]));
      }),
    );
  });

  test("numbers that no machine has are problems, all of them", () => {
    const input = {
      size: machine(4),
      maxPods: Number.NaN,
      osDiskSizeGiB: -1,
      model: "aks-1.29" as const,
      memoryOverheadFraction: 1,
    };
    expect(() => nodeResources(input)).toThrow(
      /maxPods NaN\n.*osDiskSizeGiB -1\n.*memoryOverheadFraction 1$/,
    );
    expect(() => nodeResources({ ...input, observedMemoryKiB: Number.POSITIVE_INFINITY })).toThrow(
      /observedMemoryKiB Infinity/,
    );
  });
});
