import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { Surroundings } from "@berth/engine";
import { catalogueDate, machineSizes } from "@berth/machines";
import type { Value } from "@berth/core";
import { ownPackages } from "./loader/own-packages.ts";

/**
 * What saved plans are bound to besides program, state and world.
 *
 * @param source - where people find the configuration: `berth.dev.yaml`
 */
export function surroundingsOf(source: string, values: Readonly<Record<string, Value>>): Surroundings {
  return {
    berth: ownVersion(),
    configuration: { source, values },
    catalogue: { machines: `${catalogueDate} ${machinesDigest()}` },
  };
}

let machines: string | undefined;

/** Sizes, with what they cost and give: what decides which nodes a plan has. */
function machinesDigest(): string {
  machines ??= createHash("sha256").update(JSON.stringify(machineSizes())).digest("hex").slice(0, 16);
  return machines;
}

/** Of the bundle that runs, or of this package. */
function ownVersion(): string {
  const bundled = ownPackages()?.version;
  if (bundled !== undefined) return bundled;
  const places = ["../package.json", "../../package.json"].map((each) => new URL(each, import.meta.url));
  const manifest = places.find((each) => existsSync(each));
  if (!manifest) throw new Error("the package.json of @berth/automation is missing");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string };
  return version;
}
