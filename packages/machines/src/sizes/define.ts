import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import type { MachineSize } from "./size.ts";

/** What must be known of a size that the catalogue does not have. */
export type MachineSizeDescription = Pick<MachineSize, "name" | "family" | "vcpus" | "memoryGiB"> &
  Partial<MachineSize>;

/**
 * Describes a size that the catalogue does not have; what is left out is taken to be absent or not known.
 *
 * @throws BERTH5317 if cores or memory are not positive numbers, or cores not whole.
 * @example
 * defineMachineSize({ name: "Standard_D8s_v9", family: "StandardDsv9Family", vcpus: 8, memoryGiB: 32 });
 */
export function defineMachineSize(description: MachineSizeDescription): MachineSize {
  const { name, vcpus, memoryGiB } = description;
  const problems = [
    ...(Number.isSafeInteger(vcpus) && vcpus > 0 ? [] : [["vcpus", vcpus] as const]),
    ...(Number.isFinite(memoryGiB) && memoryGiB > 0 ? [] : [["memoryGiB", memoryGiB] as const]),
  ].map(([path, value]) =>
    problem(codes.BERTH5317, { message: `${name} cannot have ${path} ${value}`, path }),
  );
  if (problems.length > 0) throw new BerthError(problems);
  return Object.freeze({
    series: "",
    architecture: "amd64",
    maxDataDisks: 0,
    maxNics: 1,
    acceleratedNetworking: false,
    tempDiskGiB: 0,
    premiumStorage: false,
    zones: {},
    prices: {},
    verified: false,
    ...description,
  });
}
