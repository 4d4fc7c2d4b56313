import {
  type CostFacet,
  isValueObject,
  type JsonObject,
  type NodeSupplyFacet,
  pathOfUrn,
  producersOf,
  Unknown,
  type Urn,
  type Value,
  type ValueObject,
  withoutUnknowns,
} from "@berth/core";
import {
  agentPoolLabel,
  agentPoolNode,
  type AgentPool,
  findMachineSize,
  monthlyCost,
  nodeObject,
  zoneLabel,
} from "@berth/machines";
import { networkMode } from "./network-mode.ts";

/** A pool in a resource's inputs, with what its nodes take from their cluster. Any part may be unknown. */
export interface PoolView {
  /** The resource that declares it, and the cluster that it is part of. */
  readonly urn: Urn;
  readonly cluster: Urn;
  readonly mode: AgentPool["mode"];
  /** Name, size, count and the rest, as in {@link AgentPool}. */
  readonly pool: Value | undefined;
  readonly location: Value | undefined;
  readonly kubernetesVersion: Value | undefined;
  readonly network: { readonly plugin: Value | undefined; readonly pluginMode: Value | undefined };
}

/** What the pool means for its cluster, and what it costs. */
export function poolFacets(view: PoolView): readonly [NodeSupplyFacet, CostFacet] {
  return [nodeSupply(view), cost(view)];
}

function nodeSupply(view: PoolView): NodeSupplyFacet {
  const { urn, cluster } = view;
  const pool = objectOf(view.pool);
  const name = textOf(pool["name"]) ?? pathOfUrn(urn);
  const templates = nodeTemplates(view);
  return {
    kind: "NodeSupply",
    cluster,
    pool: name,
    poolLabel: [agentPoolLabel, name],
    count: countOf(pool["count"]),
    shape: textOf(pool["vmSize"]) ?? "a VM size that is not known yet",
    templates,
    ...(!(templates instanceof Unknown) && templates.length > 1 && { zoneLabel }),
  };
}

/** The nodes as the same functions make them that make the local cloud's. */
function nodeTemplates({
  pool,
  mode,
  location,
  kubernetesVersion,
  network,
}: PoolView): readonly JsonObject[] | Unknown {
  const { count: _count, vnetSubnetId: _subnet, tags: _tags, ...shape } = objectOf(pool);
  const parts = [
    pool instanceof Unknown ? pool : shape,
    location,
    kubernetesVersion,
    network.plugin,
    network.pluginMode,
  ];
  const open = parts.flatMap((each) => (each === undefined ? [] : producersOf(each)));
  if (open.length > 0) return new Unknown(open);
  const [known, region, version] = [withoutUnknowns(shape), textOf(location), textOf(kubernetesVersion)];
  // What no cluster can be is an error that is reported elsewhere.
  if (region === undefined || version === undefined || !isPool(known)) return new Unknown([]);
  const node = agentPoolNode(
    { ...known, mode, count: 0 },
    {
      location: region,
      kubernetesVersion: version,
      network: networkMode(network.plugin, network.pluginMode),
    },
  );
  const zones = known.availabilityZones ?? [];
  const templates = zones.length === 0 ? [nodeObject(node)] : zones.map((zone) => nodeObject(node, { zone }));
  return templates.map((each) => JSON.parse(JSON.stringify(each)) as JsonObject);
}

function isPool(shape: JsonObject): shape is JsonObject & Omit<AgentPool, "mode" | "count"> {
  const { name, vmSize } = shape;
  return typeof name === "string" && typeof vmSize === "string" && findMachineSize(vmSize) !== undefined;
}

function cost({ pool, location }: PoolView): CostFacet {
  const { vmSize, count, scaleSetPriority } = objectOf(pool);
  const [sizeName, region] = [textOf(vmSize), textOf(location)];
  const size = sizeName === undefined ? undefined : findMachineSize(sizeName);
  const wanted = countOf(count);
  const what = `${wanted instanceof Unknown ? "?" : wanted} × ${sizeName ?? "?"}`;
  const open = [vmSize, location].flatMap((each) => (each === undefined ? [] : producersOf(each)));
  if (!size || region === undefined)
    return { kind: "Cost", what, monthly: new Unknown(open), source: "Azure retail prices" };
  const spot = scaleSetPriority === "Spot";
  const { monthly, ...rest } = monthlyCost(size, region, wanted instanceof Unknown ? 1 : wanted, { spot });
  return {
    kind: "Cost",
    what: spot ? `${what} (spot)` : what,
    ...rest,
    ...(monthly !== undefined && { monthly: wanted instanceof Unknown ? wanted : monthly }),
  };
}

function countOf(count: Value | undefined): number | Unknown {
  if (count instanceof Unknown) return count;
  return typeof count === "number" ? count : 0;
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** An object of inputs; empty where it is missing or not known. */
export function objectOf(value: Value | undefined): ValueObject {
  return isValueObject(value) ? value : {};
}
