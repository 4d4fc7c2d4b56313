import {
  type ClusterFacet,
  type JsonObject,
  type MaybeUnknown,
  producersOf,
  type ServiceAddresses,
  Unknown,
  type Urn,
  type Value,
  type ValueObject,
  withoutUnknowns,
} from "@berth/core";
import {
  aksSystemWorkloads,
  apiServiceAddress,
  defaultDnsAddress,
  formatAddress,
  formatRange,
  parseRange,
  serviceAddressBands,
  type SystemWorkloadsInput,
} from "@berth/machines";
import { objectOf } from "./pool-facets.ts";
import { systemPodsOf } from "./system-pods.ts";

/** What a managed cluster is for planning: version, addresses, and what AKS runs on it by itself. */
export function clusterFacet(cluster: Urn, inputs: ValueObject): ClusterFacet {
  const profile = objectOf(inputs["networkProfile"]);
  const { podCidr } = profile;
  const services = serviceAddresses(profile);
  return {
    kind: "Cluster",
    cluster,
    kubernetes: minorOf(inputs["kubernetesVersion"]),
    flavour: "aks",
    ...((typeof podCidr === "string" || podCidr instanceof Unknown) && { podRange: podCidr }),
    ...(services !== undefined && { services }),
    systemObjects: systemObjects(profile["networkPlugin"], inputs["systemPods"]),
  };
}

function minorOf(version: Value | undefined): MaybeUnknown<string> {
  if (typeof version === "string") return /^\d+\.\d+/.exec(version)?.[0] ?? version;
  return version instanceof Unknown ? version : new Unknown([]);
}

/**
 * A range of at most 16 addresses has no static band: there Kubernetes gives dynamic addresses from the whole range,
 * and so static ones may be anywhere in it.
 */
function serviceAddresses({
  serviceCidr,
  dnsServiceIP,
}: ValueObject): MaybeUnknown<ServiceAddresses> | undefined {
  const open = [serviceCidr, dnsServiceIP].flatMap((each) => (each === undefined ? [] : producersOf(each)));
  if (open.length > 0) return new Unknown(open);
  const range = typeof serviceCidr === "string" ? parseRange(serviceCidr) : undefined;
  if (!range || range.last - range.first < 2) return undefined;
  const band = serviceAddressBands(range).static ?? { first: range.first + 1, last: range.last - 1 };
  return {
    range: formatRange(range),
    firstStatic: formatAddress(band.first),
    lastStatic: formatAddress(band.last),
    reserved: [
      apiServiceAddress(range),
      typeof dnsServiceIP === "string" ? dnsServiceIP : defaultDnsAddress(range),
    ],
  };
}

function systemObjects(plugin: Value | undefined, overrides: Value | undefined): readonly JsonObject[] {
  const networkPlugin: SystemWorkloadsInput["networkPlugin"] =
    plugin === "kubenet" || plugin === "none" ? plugin : "azure";
  const pods = systemPodsOf(withoutUnknowns(objectOf(overrides)));
  return aksSystemWorkloads({ networkPlugin, pods }).map(
    (each) => JSON.parse(JSON.stringify(each)) as JsonObject,
  );
}
