import { nearest, type Problem, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import { regionTable } from "./generated/regions.ts";

/** A physical region of Azure. */
export interface Region {
  /** `westeurope` */
  readonly name: string;
  /**
   * Logical availability zones, empty where the region has none. Which building zone `1` is differs between
   * subscriptions.
   */
  readonly zones: readonly string[];
  readonly paired?: string;
  /** `Europe` */
  readonly geography: string;
}

let byName: ReadonlyMap<string, Region> | undefined;

function readRegions(): ReadonlyMap<string, Region> {
  byName ??= new Map(
    regionTable.map(([name, zones, paired, geography]) => [
      name,
      { name, zones: [...zones], ...(paired !== null && { paired }), geography },
    ]),
  );
  return byName;
}

/** All regions, in the catalogue's order. */
export function regions(): readonly Region[] {
  return [...readRegions().values()];
}

/**
 * A region's name as Azure compares it: without spaces, in lower case.
 *
 * @example
 * normaliseRegion("West Europe"); // "westeurope"
 */
export function normaliseRegion(name: string): string {
  return name.replaceAll(" ", "").toLowerCase();
}

/** The region of this name, written in any way that Azure takes, or nothing. */
export function findRegion(name: string): Region | undefined {
  return readRegions().get(normaliseRegion(name));
}

/** BERTH5302 with the nearest name if there is no such region. */
export function regionProblems(name: string, path: string): readonly Problem[] {
  if (findRegion(name) !== undefined) return [];
  const near = nearest(normaliseRegion(name), readRegions().keys());
  return [
    problem(codes.BERTH5302, {
      message: `Azure has no region "${name}"`,
      ...(near !== undefined && { hint: `did you mean "${near}"?` }),
      path,
    }),
  ];
}
