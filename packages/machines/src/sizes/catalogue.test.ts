import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  catalogueDate,
  catalogueSources,
  defineMachineSize,
  draws,
  findMachineSize,
  findRegion,
  type MachineSize,
  machineSizeProblems,
  machineSizes,
  monthlyCost,
  regionProblems,
  regions,
  zoneProblems,
  zonesOf,
} from "../index.ts";

function size(name: string) {
  const found = findMachineSize(name);
  if (found === undefined) throw new Error(`no size ${name}`);
  return found;
}

function grouped(sizes: readonly MachineSize[], keyOf: (size: MachineSize) => string) {
  const groups = new Map<string, MachineSize[]>();
  for (const each of sizes) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}

describe("the catalogue of sizes", () => {
  test("has a size's facts", () => {
    expect(size("Standard_D4ds_v6")).toEqual({
      name: "Standard_D4ds_v6",
      series: "Ddsv6",
      family: "StandardDdsv6Family",
      vcpus: 4,
      memoryGiB: 16,
      architecture: "amd64",
      maxDataDisks: 12,
      maxNics: 2,
      networkMbps: 12500,
      acceleratedNetworking: true,
      tempDiskGiB: 0,
      nvmeDiskGiB: 220,
      ephemeralOsPlacements: ["NvmeDisk"],
      premiumStorage: true,
      zones: {},
      prices: { eastus: { usd: 0.249, date: "2026-06-18" }, westeurope: { usd: 0.298, date: "2026-06-18" } },
      verified: false,
    });
  });

  test("says where its facts are from, and of when", () => {
    expect(catalogueDate).toBe("2026-11-22");
    expect(catalogueSources.every((each) => each.what !== "" && each.where.includes("/"))).toBe(true);
  });

  test("finds a size by its name in any case", () => {
    fc.assert(
      fc.property(fc.constantFrom(...machineSizes()), fc.infiniteStream(fc.boolean()), (each, upper) => {
        const name = [...each.name].map((letter) =>
          upper.next().value ? letter.toUpperCase() : letter.toLowerCase(),
        );
        expect(findMachineSize(name.join(""))).toBe(each);
      }),
    );
  });

  test("has no two sizes of one name, and none without cores, memory and family", () => {
    const sizes = machineSizes();
    expect(sizes.length).toBe(120);
    expect(new Set(sizes.map((each) => each.name.toLowerCase())).size).toBe(sizes.length);
    for (const each of sizes) {
      expect(each.vcpus, each.name).toBeGreaterThan(0);
      expect(each.memoryGiB, each.name).toBeGreaterThan(0);
      expect(each.family, each.name).not.toBe("");
    }
  });

  test.each([
    ["Standard_D4s_v55", "Standard_D4s_v5"],
    ["D4s_v5", "Standard_D4s_v5"],
    ["standard_ds4_v5", "Standard_D4s_v5"],
    ["__proto__", undefined],
  ])("the nearest name to %s is %s", (typed, near) => {
    const [problem, ...more] = machineSizeProblems(typed, "size");
    expect(more).toEqual([]);
    expect(problem).toMatchObject({
      code: "BERTH5301",
      path: "size",
      message: `the catalogue has no VM size "${typed}"`,
    });
    expect(problem?.hint).toBe(near === undefined ? undefined : `did you mean "${near}"?`);
  });

  test("arm sizes are arm, and GPUs may be parts of one", () => {
    expect(size("Standard_D2ps_v5").architecture).toBe("arm64");
    expect(size("Standard_NV6ads_A10_v5").gpu).toEqual({ count: 0.1667, model: "NVIDIA A10" });
  });

  test("a size of one's own needs cores and memory that a machine can have", () => {
    expect(defineMachineSize({ name: "Mine", family: "mine", vcpus: 8, memoryGiB: 32 }).maxNics).toBe(1);
    expect(() =>
      defineMachineSize({ name: "Mine", family: "mine", vcpus: 1.5, memoryGiB: Number.NaN }),
    ).toThrow(
      /BERTH5317 vcpus: Mine cannot have vcpus 1.5\nBERTH5317 memoryGiB: Mine cannot have memoryGiB NaN/,
    );
  });
});

describe("prices", () => {
  test("a month has 730 hours, and the price its day", () => {
    expect(monthlyCost(size("Standard_D4s_v5"), "West Europe", 3)).toEqual({
      monthly: 503.7,
      source: "Azure retail prices of 2026-06-18",
    });
  });

  test("an unknown price is no price, with the reason", () => {
    expect(monthlyCost(size("Standard_D4s_v5"), "uksouth")).toEqual({
      reason: "the catalogue has no price of Standard_D4s_v5 in uksouth",
      source: "Azure retail prices of 2026-06-18",
    });
    expect(monthlyCost(size("Standard_D4s_v5"), "__proto__").reason).toContain("unknown region");
    expect(monthlyCost(size("Standard_D4s_v5"), "eastus", 1, { spot: true }).monthly).toBeUndefined();
  });

  test("prices that the list had with a Windows licence are Linux prices, of the day that had them", () => {
    expect(monthlyCost(size("Standard_D2as_v5"), "eastus")).toEqual({
      monthly: 62.78,
      source: "Azure retail prices of 2025-06-03",
    });
  });

  // A licence that slipped into a Linux price shows here: it adds 5 to 100 percent.
  test("within a series, cores cost the same however many come together", () => {
    const groups = grouped(
      machineSizes().filter((each) => each.gpu === undefined),
      (each) => `${each.series} with ${each.memoryGiB / each.vcpus} GiB a core`,
    );
    // B4ls_v2 costs 3.5 times B2ls_v2, in every generation of the list.
    groups.delete("Bsv2 with 2 GiB a core");
    for (const [group, sizes] of groups) {
      for (const region of ["eastus", "westeurope"]) {
        const rates = sizes.map((each) => (each.prices[region]?.usd ?? Number.NaN) / each.vcpus);
        expect(Math.max(...rates) / Math.min(...rates), `${group} in ${region}`).toBeLessThan(1.02);
      }
    }
  });

  test("western Europe costs about the same more for every size of a series", () => {
    for (const [series, sizes] of grouped(machineSizes(), (each) => each.series)) {
      const ratios = sizes.map(
        (each) => (each.prices["westeurope"]?.usd ?? 0) / (each.prices["eastus"]?.usd ?? 0),
      );
      expect(Math.max(...ratios) / Math.min(...ratios), series).toBeLessThan(1.03);
    }
  });
});

describe("regions and zones", () => {
  test("are found as Azure compares them", () => {
    expect(findRegion("West Europe")).toEqual({
      name: "westeurope",
      zones: ["1", "2", "3"],
      paired: "northeurope",
      geography: "Europe",
    });
    expect(regions().length).toBe(60);
    expect(regions().filter((each) => each.zones.length > 0).length).toBe(40);
    expect(regionProblems("east us", "location")).toEqual([]);
    expect(regionProblems("westeurop", "location")).toMatchObject([
      { code: "BERTH5302", hint: 'did you mean "westeurope"?' },
    ]);
  });

  test("a size is offered in the region's zones, or in those that Azure's API names", () => {
    expect(zonesOf(size("Standard_D2as_v6"), "southcentralus")).toEqual(["2", "3"]);
    expect(zonesOf(size("Standard_D2as_v6"), "eastus")).toEqual(["1", "2", "3"]);
    expect(zonesOf(size("Standard_D2as_v6"), "westus")).toEqual([]);
  });

  test("zones that are not there are problems, each with its place", () => {
    const zones = (name: string, region: string, wanted: string[]) =>
      zoneProblems(size(name), region, wanted, "zones");
    expect(zones("Standard_D2as_v6", "southcentralus", ["1", "2", "7"])).toMatchObject([
      {
        code: "BERTH5303",
        path: "zones[0]",
        message: "Standard_D2as_v6 is not offered in zone 1 of southcentralus",
      },
      { code: "BERTH5303", path: "zones[2]", message: 'southcentralus has no zone "7"' },
    ]);
    expect(zones("Standard_D4s_v5", "westus", ["1"])).toMatchObject([
      { message: "westus has no availability zones", hint: "leave zones out" },
    ]);
    expect(zones("Standard_D4s_v5", "westeurope", ["1", "3"])).toEqual([]);
  });
});

test("machines draw on their family's quota and the region's cores, spot ones on their own", () => {
  expect(draws(size("Standard_D4s_v5"), 3)).toEqual([
    { quota: "standardDSv5Family", cores: 12 },
    { quota: "cores", cores: 12 },
  ]);
  expect(draws(size("Standard_D4s_v5"), 3, { spot: true })).toEqual([
    { quota: "lowPriorityCores", cores: 12 },
  ]);
});
