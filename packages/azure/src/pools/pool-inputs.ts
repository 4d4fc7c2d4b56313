import { type JsonObject, Unknown, type Value, type ValueObject } from "@berth/core";
import {
  type AgentPool,
  type AgentPoolCluster,
  agentPoolProblems,
  findMachineSize,
  normaliseRegion,
} from "@berth/machines";
import type { Problem } from "@berth/diagnostics";

/** What machines can tell of a pool's inputs. The schema has said already which types they have. */
export function poolProblems(
  pool: JsonObject,
  cluster: Partial<AgentPoolCluster>,
  mode: AgentPool["mode"],
  path = "",
): readonly Problem[] {
  return agentPoolProblems({ ...(pool as Partial<AgentPool>), mode }, cluster, path);
}

/** A pool's inputs in their canonical form: the size as the catalogue writes it, zones in order. */
export function normalisePool(pool: ValueObject): ValueObject {
  const { vmSize, availabilityZones } = pool;
  const size = typeof vmSize === "string" ? findMachineSize(vmSize) : undefined;
  return {
    ...pool,
    ...(size && { vmSize: size.name }),
    ...(isTextList(availabilityZones) && { availabilityZones: availabilityZones.toSorted() }),
  };
}

function isTextList(value: Value | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** A region as Azure compares it. */
export function normaliseLocation(inputs: ValueObject): ValueObject {
  const { location } = inputs;
  return typeof location === "string" ? { ...inputs, location: normaliseRegion(location) } : inputs;
}

/** A default that follows from another input; as unknown as that is. */
export function derive(
  from: Value | undefined,
  make: (text: string) => string | undefined,
): Value | undefined {
  if (from instanceof Unknown) return from;
  return typeof from === "string" ? make(from) : undefined;
}
