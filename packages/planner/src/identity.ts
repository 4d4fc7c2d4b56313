import type { ResourceDefinition, ResourceRecord, Urn, ValueObject } from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { plannerCodes } from "./codes.ts";
import type { Leaving } from "./leaving.ts";
import type { PlanRequest } from "./request.ts";
import { RecordedValues } from "./resolve/recorded-values.ts";
import type { Standing } from "./resolve/standing.ts";

/** What is deleted before something else can be created: what stands under a URN, or what was superseded there. */
export interface Evicted {
  readonly urn: Urn;
  readonly superseded: boolean;
}

/** By the URN of what is created: whose deletion it must wait for, since both are one physical thing. */
export type Evicts = ReadonlyMap<Urn, readonly Evicted[]>;

export interface Evictions {
  readonly evicts: Evicts;
  readonly problems: readonly Problem[];
}

/** Finds what is created in the place of something that goes: resources renamed in the program, or names that are swapped. */
export function findEvictions(
  request: PlanRequest,
  standings: readonly Standing[],
  leaving: readonly Leaving[],
): Evictions {
  const evicts = new Map<Urn, readonly Evicted[]>();
  const problems: Problem[] = [];
  const created = standings.filter(({ action }) => action === "create" || action === "replace");
  const replaced = created.flatMap(({ recorded }) => (recorded ? [recorded] : []));
  const leftover = request.recorded.superseded ?? [];
  const going = [...leaving.map((each) => each.record), ...replaced, ...leftover];
  if (created.length === 0 || going.length === 0) return { evicts, problems };

  const values = new RecordedValues(request.secrets);
  // In different accounts there may be several.
  const holders = new Map<string, ResourceRecord[]>();
  for (const record of going) {
    const identity = physicalIdentity(
      request.definition(record.type),
      values.view(record).inputs,
      record.cluster,
    );
    if (identity === undefined) continue;
    const others = holders.get(identity);
    if (others) others.push(record);
    else holders.set(identity, [record]);
  }
  const stays = new Set(
    standings
      .filter(({ action }) => action === "no-op" || action === "update")
      .map((each) => each.resource.urn),
  );
  for (const { resource, inputs } of created) {
    const { urn, definition, cluster, name, site, options } = resource;
    const identity = physicalIdentity(definition, inputs, cluster);
    const others = (identity === undefined ? undefined : holders.get(identity)) ?? [];
    const held = others.filter((each) => each.urn !== urn || leftover.includes(each));
    if (held.length === 0) continue;
    evicts.set(
      urn,
      held.map((each) => ({ urn: each.urn, superseded: leftover.includes(each) })),
    );
    const holder = held.find(
      (each) => each.providerResource === options.provider && !leftover.includes(each),
    )?.urn;
    if (holder === undefined) continue;
    const dependents = request.recorded.resources.filter(
      (each) => stays.has(each.urn) && each.dependencies.includes(holder),
    );
    if (dependents.length === 0) continue;
    const message = `${name} is what the stack has as ${holder}, on which ${dependents.map((each) => each.urn).join(", ")} depend${dependents.length === 1 ? "s" : ""}`;
    problems.push(problem(plannerCodes.BERTH3003, { message, resource: urn, site }));
  }
  return { evicts, problems };
}

/** What a resource is physically, within one account; `undefined` while it is not known. */
export function physicalIdentity(
  definition: ResourceDefinition | undefined,
  inputs: ValueObject,
  cluster: Urn | undefined,
): string | undefined {
  const identity = definition?.identity?.(inputs);
  return identity === undefined ? undefined : `${definition?.provider} ${cluster ?? ""} ${identity}`;
}
