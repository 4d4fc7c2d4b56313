import { describe, expect, test } from "vitest";
import { findMachineSize, osDiskOf, osDiskProblems } from "../index.ts";

function size(name: string) {
  const found = findMachineSize(name);
  if (found === undefined) throw new Error(`no size ${name}`);
  return found;
}

describe("the OS disk that AKS chooses", () => {
  test.each([
    ["Standard_D4s_v5", { kind: "Managed", sizeGiB: 128 }],
    ["Standard_D8s_v5", { kind: "Managed", sizeGiB: 256 }],
    ["Standard_D16s_v5", { kind: "Managed", sizeGiB: 512 }],
    ["Standard_D64s_v5", { kind: "Managed", sizeGiB: 1024 }],
    ["Standard_D2ds_v5", { kind: "Managed", sizeGiB: 128 }],
    ["Standard_D4ds_v5", { kind: "Ephemeral", sizeGiB: 150, placement: "ResourceDisk" }],
    ["Standard_D4ds_v6", { kind: "Ephemeral", sizeGiB: 220, placement: "NvmeDisk" }],
    ["Standard_D8s_v3", { kind: "Ephemeral", sizeGiB: 200, placement: "CacheDisk" }],
  ])("%s without a wish: %o", (name, disk) => {
    expect(osDiskOf(size(name))).toEqual(disk);
  });

  test("an ephemeral disk goes to the first place that is large enough, not to the first place", () => {
    const D32 = size("Standard_F16s_v2");
    expect(osDiskOf(D32, { kind: "Ephemeral", sizeGiB: 120 }).placement).toBe("CacheDisk");
    expect(osDiskOf({ ...D32, cacheGiB: 64 }, { kind: "Ephemeral", sizeGiB: 120 }).placement).toBe(
      "ResourceDisk",
    );
  });

  test("a wish is granted, or is a problem with the way out", () => {
    expect(osDiskOf(size("Standard_D4ds_v5"), { kind: "Managed", sizeGiB: 64 })).toEqual({
      kind: "Managed",
      sizeGiB: 64,
    });
    expect(osDiskProblems(size("Standard_D2ds_v5"), { kind: "Ephemeral" }, "osDisk")).toMatchObject([
      { code: "BERTH5316", hint: "ask for at most 75 GiB, or use a managed OS disk" },
    ]);
    expect(osDiskProblems(size("Standard_D2s_v5"), { kind: "Ephemeral" }, "osDisk")).toMatchObject([
      { code: "BERTH5316", hint: "use a managed OS disk" },
    ]);
    expect(osDiskProblems(size("Standard_D2ds_v5"), { kind: "Ephemeral", sizeGiB: 75 }, "osDisk")).toEqual(
      [],
    );
  });
});
