import {
  isValueObject,
  type JsonObject,
  type Schema,
  Unknown,
  type Value,
  type ValueObject,
} from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import {
  clusterRangeProblems,
  defaultDnsAddress,
  parseRange,
  podRangeProblems,
  rangeProblems,
} from "@berth/machines";
import { codes } from "../codes.ts";
import { derive } from "./pool-inputs.ts";

/** The network of a cluster. */
export interface NetworkProfile {
  /** `azure` by default. */
  readonly networkPlugin?: "azure" | "kubenet" | "none";
  /** Whether pods have addresses of their own range (`overlay`, the default) or of the nodes' subnet. For `azure` only. */
  readonly networkPluginMode?: "overlay" | "nodeSubnet";
  /** Range of pods' addresses, 10.244.0.0/16 by default; with an overlay, each node takes a /24 of it. */
  readonly podCidr?: string;
  /** Range of services' addresses, 10.0.0.0/16 by default. */
  readonly serviceCidr?: string;
  /** Address of DNS in it, the tenth by default. */
  readonly dnsServiceIP?: string;
}

const immutable = "the network of a cluster is fixed when the cluster is made";

export const networkProfileSchema: Schema = {
  type: "object",
  properties: {
    networkPlugin: { type: "string", enum: ["azure", "kubenet", "none"], immutable },
    networkPluginMode: { type: "string", enum: ["overlay", "nodeSubnet"], immutable },
    podCidr: { type: "string", immutable },
    serviceCidr: { type: "string", immutable },
    dnsServiceIP: { type: "string", immutable },
  },
};

const defaults = { podCidr: "10.244.0.0/16", serviceCidr: "10.0.0.0/16" };

/** The profile with what AKS takes where nothing is said. */
export function normaliseNetwork(given: Value | undefined): Value {
  if (given !== undefined && !isValueObject(given)) return given;
  const { networkPlugin = "azure", networkPluginMode = modeFor(networkPlugin), ...rest } = given ?? {};
  const { podCidr = podRangeFor(networkPlugin, networkPluginMode), serviceCidr = defaults.serviceCidr } =
    rest;
  const { dnsServiceIP = derive(serviceCidr, tenthAddress) } = rest;
  return {
    ...rest,
    networkPlugin,
    ...(networkPluginMode !== undefined && { networkPluginMode }),
    ...(podCidr !== undefined && { podCidr }),
    serviceCidr,
    ...(dnsServiceIP !== undefined && { dnsServiceIP }),
  };
}

function modeFor(plugin: Value): Value | undefined {
  if (plugin instanceof Unknown) return plugin;
  return plugin === "azure" ? "overlay" : undefined;
}

function podRangeFor(plugin: Value, mode: Value | undefined): Value | undefined {
  const open = [plugin, mode].find((each) => each instanceof Unknown);
  if (open !== undefined) return open;
  return plugin === "kubenet" || mode === "overlay" ? defaults.podCidr : undefined;
}

function tenthAddress(serviceCidr: string): string | undefined {
  const range = parseRange(serviceCidr);
  return range && range.last - range.first > 10 ? defaultDnsAddress(range) : undefined;
}

/** What AKS refuses of the ranges that were given. A part that is not known yet is absent, so no default stands for it. */
export function networkProblems(profile: JsonObject, nodes: unknown): readonly Problem[] {
  const path = (key: string): string => `networkProfile.${key}`;
  const [networkPlugin, networkPluginMode] = [
    textIn(profile, "networkPlugin"),
    textIn(profile, "networkPluginMode"),
  ];
  const [pods, services, dns] = ["podCidr", "serviceCidr", "dnsServiceIP"].map((key) => textIn(profile, key));
  const problems: Problem[] = [];
  const hasPodRange = networkPlugin !== "none" && networkPluginMode !== "nodeSubnet";
  if (pods !== undefined && !hasPodRange) {
    const message = `pods have no range of their own with ${networkPluginMode ?? networkPlugin}`;
    problems.push(problem(codes.BERTH5012, { message, path: path("podCidr") }));
  }
  if (networkPluginMode !== undefined && networkPlugin !== undefined && networkPlugin !== "azure") {
    const message = `${networkPlugin} has no plugin modes`;
    problems.push(problem(codes.BERTH5012, { message, path: path("networkPluginMode") }));
  }
  if (services !== undefined) {
    problems.push(
      ...clusterRangeProblems({
        services: { range: services, path: path("serviceCidr") },
        ...(dns !== undefined && { dns: { address: dns, path: path("dnsServiceIP") } }),
        ...(pods !== undefined && { pods: { range: pods, path: path("podCidr") } }),
        subnets: [],
      }),
    );
  } else if (pods !== undefined) problems.push(...rangeProblems(pods, path("podCidr")));
  const isOverlay = pods !== undefined && parseRange(pods) && hasPodRange && networkPlugin !== "kubenet";
  if (isOverlay && typeof nodes === "number")
    problems.push(...podRangeProblems(pods, nodes, path("podCidr")));
  return problems;
}

function textIn(profile: ValueObject, key: string): string | undefined {
  const value = profile[key];
  return typeof value === "string" ? value : undefined;
}
