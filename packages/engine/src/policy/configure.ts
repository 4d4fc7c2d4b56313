import type { Json, JsonObject } from "@berth/core";
import { BerthError, nearest, type Problem, problem } from "@berth/diagnostics";
import { policyCodes } from "./codes.ts";
import type { ConfiguredPolicy, Policy, PolicyLevel, PolicySettings } from "./policy.ts";

const levels: Readonly<Record<Policy["kind"], readonly PolicyLevel[]>> = {
  resource: ["advisory", "mandatory", "remediating"],
  graph: ["advisory", "mandatory"],
  plan: ["advisory", "mandatory"],
};

/**
 * Brings policies and their settings together. What modules export is not believed to be policies: it is looked at.
 *
 * @param policies - what modules export
 * @param settings - configuration by name of policy
 * @throws BERTH6106, BERTH6107 with everything that is wrong
 * @example configurePolicies([fewEvictions], { "few-evictions": { most: 2, level: "advisory" } })
 */
export function configurePolicies(
  policies: readonly unknown[],
  settings: PolicySettings = {},
): readonly ConfiguredPolicy[] {
  const problems: Problem[] = [];
  const known = new Map<string, Policy>();
  for (const [index, each] of policies.entries()) {
    const wrong =
      whatIsMissing(each) ??
      (isPolicy(each) && known.has(each.name) ? "has a name that another has" : undefined);
    if (wrong === undefined && isPolicy(each)) known.set(each.name, each);
    else problems.push(problem(policyCodes.BERTH6106, { message: `${nameOf(each, index)} ${wrong}` }));
  }
  for (const name of Object.keys(settings)) {
    if (known.has(name) || problems.length > 0) continue;
    const near = nearest(name, known.keys());
    const message = `there is no policy ${JSON.stringify(name)}`;
    const hint =
      near === undefined
        ? known.size > 0 && `there are ${[...known.keys()].join(", ")}`
        : `did you mean ${near}?`;
    problems.push(problem(policyCodes.BERTH6107, { message, ...(hint && { hint }) }));
  }
  const configured = [...known.values()].map((policy) =>
    configure(policy, settings[policy.name] ?? {}, problems),
  );
  if (problems.length > 0) throw new BerthError(problems);
  return configured;
}

function configure(
  policy: Policy,
  { level = policy.level, ...given }: PolicySettings[string],
  problems: Problem[],
): ConfiguredPolicy {
  const refuse = (message: string, hint?: string): void =>
    void problems.push(
      problem(policyCodes.BERTH6107, { message, policy: policy.name, ...(hint && { hint }) }),
    );
  const chosen = levels[policy.kind].find((each) => each === level);
  if (chosen === undefined || (chosen === "remediating" && policy.level !== "remediating"))
    refuse(`its level cannot be ${JSON.stringify(level)}`);
  const defaults: JsonObject = policy.configuration ?? {};
  for (const [key, value] of Object.entries(given)) {
    const normal = Object.hasOwn(defaults, key) ? defaults[key] : undefined;
    if (normal === undefined) {
      const near = nearest(key, Object.keys(defaults));
      refuse(`it has no configuration value ${JSON.stringify(key)}`, near && `did you mean ${near}?`);
    } else if (kindOf(normal) !== kindOf(value)) {
      refuse(`${key} must be ${kindOf(normal)}, not ${kindOf(value)}`);
    }
  }
  return { policy, level: chosen ?? policy.level, configuration: { ...defaults, ...given } };
}

function kindOf(value: Json): string {
  if (value === null) return "null";
  return {
    boolean: "true or false",
    number: "a number",
    string: "text",
    object: Array.isArray(value) ? "a list" : "an object",
  }[typeof value as "boolean" | "number" | "string" | "object"];
}

function isPolicy(value: unknown): value is Policy {
  return whatIsMissing(value) === undefined;
}

function whatIsMissing(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return "is no object";
  const read = (key: string): unknown => Reflect.get(value, key);
  const [kind, name, level] = [read("kind"), read("name"), read("level")];
  if (kind !== "resource" && kind !== "graph" && kind !== "plan")
    return 'has no kind: "resource", "graph" or "plan"';
  if (typeof name !== "string" || !/^[a-z0-9][a-z0-9-]{0,99}$/.test(name))
    return "has no name of small letters, digits and -";
  if (typeof read("description") !== "string") return "has no description";
  if (!levels[kind].some((each) => each === level))
    return `has no level that is one of ${levels[kind].join(", ")}`;
  const [check, remediate, configuration, types] = [
    read("check"),
    read("remediate"),
    read("configuration"),
    read("types"),
  ];
  if (level === "remediating" && typeof remediate !== "function")
    return "is remediating, and has no function remediate";
  if (remediate !== undefined && level !== "remediating")
    return "has a function remediate, and is not remediating";
  if (
    level === "remediating" ? check !== undefined && typeof check !== "function" : typeof check !== "function"
  )
    return "has no function check";
  if (
    configuration !== undefined &&
    (typeof configuration !== "object" || configuration === null || Array.isArray(configuration))
  )
    return "has a configuration that is no object";
  if (types !== undefined && !(Array.isArray(types) && types.every((each) => typeof each === "string")))
    return "has types that are no list of texts";
  return undefined;
}

function nameOf(value: unknown, index: number): string {
  const name: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "name") : undefined;
  return typeof name === "string" && name !== ""
    ? `the policy ${JSON.stringify(name)}`
    : `policy ${index + 1} of the list`;
}
