import { nearest } from "@berth/diagnostics";
import { schedulerCodes } from "../codes.ts";
import type { SchedulerProfile } from "../configuration.ts";
import type { Report } from "./check-configuration.ts";
import type { DefaultPlugin } from "./default-plugins.ts";

/** Checks one value of an argument; an answer says what is wrong with it. */
type Check = (value: unknown) => string | undefined;

const wholeNumber =
  (from: number, to: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= from && Number(value) <= to
      ? undefined
      : `must be a whole number from ${from} to ${to}`;
const flag: Check = (value) => (typeof value === "boolean" ? undefined : "must be true or false");
const anything: Check = () => undefined;
const oneOf =
  (...known: readonly string[]): Check =>
  (value) =>
    known.some((each) => each === value) ? undefined : `must be one of ${known.join(", ")}`;
const listOf =
  (check: (value: Readonly<Record<string, unknown>>) => string | undefined): Check =>
  (value) =>
    Array.isArray(value)
      ? value.map((each) => (isObject(each) ? check(each) : "must hold objects")).find(Boolean)
      : "must be a list";
const texts: Check = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === "string")
    ? undefined
    : "must be a list of names";

const resource = (value: Readonly<Record<string, unknown>>) =>
  typeof value["name"] !== "string"
    ? "each resource needs a name"
    : value["weight"] === undefined
      ? undefined
      : prefixed("weight", wholeNumber(0, 100)(value["weight"]));

const balancedResource = (value: Readonly<Record<string, unknown>>) =>
  resource(value) ?? ((value["weight"] ?? 1) === 1 ? undefined : "each weight must be 1");

const strategy: Check = (value) => {
  if (!isObject(value)) return "must be an object";
  const { type = "LeastAllocated", resources = [], requestedToCapacityRatio: ratio } = value;
  return (
    prefixed("type", oneOf("LeastAllocated", "MostAllocated", "RequestedToCapacityRatio")(type)) ??
    prefixed("resources", listOf(resource)(resources)) ??
    (type === "RequestedToCapacityRatio"
      ? prefixed("requestedToCapacityRatio.shape", shape(isObject(ratio) ? ratio["shape"] : undefined))
      : undefined)
  );
};

const shape: Check = (value) => {
  if (!Array.isArray(value) || value.length === 0) return "must have at least one point";
  let last = -1;
  for (const point of value) {
    if (!isObject(point)) return "must hold objects";
    const wrong =
      prefixed("utilization", wholeNumber(0, 100)(point["utilization"])) ??
      prefixed("score", wholeNumber(0, 10)(point["score"]));
    if (wrong) return wrong;
    if (Number(point["utilization"]) <= last) return "utilizations must ascend";
    last = Number(point["utilization"]);
  }
  return undefined;
};

const constraint = (value: Readonly<Record<string, unknown>>) =>
  prefixed("maxSkew", wholeNumber(1, 2 ** 31 - 1)(value["maxSkew"])) ??
  (typeof value["topologyKey"] === "string" && value["topologyKey"] !== ""
    ? undefined
    : "topologyKey must be said") ??
  prefixed("whenUnsatisfiable", oneOf("DoNotSchedule", "ScheduleAnyway")(value["whenUnsatisfiable"])) ??
  (value["labelSelector"] === undefined ? undefined : "labelSelector is worked out, and must not be said");

const known: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  DefaultPreemption: {
    minCandidateNodesPercentage: wholeNumber(0, 100),
    minCandidateNodesAbsolute: wholeNumber(0, 2 ** 31 - 1),
  },
  InterPodAffinity: { hardPodAffinityWeight: wholeNumber(0, 100), ignorePreferredTermsOfExistingPods: flag },
  NodeAffinity: { addedAffinity: anything },
  NodeResourcesFit: { ignoredResources: texts, ignoredResourceGroups: texts, scoringStrategy: strategy },
  NodeResourcesBalancedAllocation: { resources: listOf(balancedResource) },
  PodTopologySpread: { defaultingType: oneOf("System", "List"), defaultConstraints: listOf(constraint) },
  VolumeBinding: { bindTimeoutSeconds: anything, shape: anything },
  DynamicResources: { filterTimeout: anything, bindingTimeout: anything },
};

/** Reports arguments that a plugin does not have or that it refuses. */
export function checkArgs(
  profile: SchedulerProfile,
  plugins: readonly DefaultPlugin[],
  path: string,
  report: Report,
): void {
  (profile.pluginConfig ?? []).forEach(({ name, args = {} }, i) => {
    const here = `${path}.pluginConfig[${i}]`;
    const checks = known[name];
    if (!plugins.some((each) => each.name === name)) {
      const near = nearest(
        name,
        plugins.map((each) => each.name),
      );
      report(
        schedulerCodes.BERTH2107,
        `${here}.name`,
        `there is no plugin ${JSON.stringify(name)}`,
        near && `did you mean ${near}?`,
      );
      return;
    }
    for (const [argument, value] of Object.entries(args)) {
      if (argument === "apiVersion" || argument === "kind") continue;
      const check = checks?.[argument];
      const near = check === undefined ? nearest(argument, Object.keys(checks ?? {})) : undefined;
      const wrong = check === undefined ? `${name} has no such argument` : check(value);
      if (wrong)
        report(schedulerCodes.BERTH2108, `${here}.args.${argument}`, wrong, near && `did you mean ${near}?`);
    }
    if (
      name === "PodTopologySpread" &&
      Array.isArray(args["defaultConstraints"]) &&
      args["defaultConstraints"].length > 0 &&
      args["defaultingType"] !== "List"
    ) {
      report(
        schedulerCodes.BERTH2108,
        `${here}.args.defaultingType`,
        "must be List where defaultConstraints are said",
      );
    }
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function prefixed(what: string, wrong: string | undefined): string | undefined {
  return wrong && `${what} ${wrong}`;
}
