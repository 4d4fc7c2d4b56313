import {
  checkInputs,
  formatPath,
  type Graph,
  type GraphResource,
  isOutput,
  type Json,
  type JsonObject,
  type RawInputs,
} from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import type { Remediation } from "@berth/planner";
import { aboutOf, asked, inputsIn } from "./answers.ts";
import { policyCodes } from "./codes.ts";
import { appliesTo } from "./types.ts";
import type { ConfiguredPolicy, Policy, PolicyResource, ResourcePolicy } from "./policy.ts";
import { type DeclaredSubject, type PolicyWorld, Subjects } from "./subjects.ts";

/** What remediating policies made of a graph. */
export interface Remediated {
  /** The very graph where nothing was mended. */
  readonly graph: Graph;
  readonly remediations: readonly Remediation[];
  readonly problems: readonly Problem[];
}

/**
 * Lets remediating policies mend the inputs of resources, before anything is planned. Only what a policy changed is
 * replaced: everything else stays what the program gave, outputs and secrets with it.
 *
 * @param isInScope - whether a resource is planned at all
 */
export function remediate(
  graph: Graph,
  policies: readonly ConfiguredPolicy[],
  world: PolicyWorld,
  isInScope: (resource: GraphResource) => boolean,
): Remediated {
  const mending = policies.filter((each) => each.level === "remediating");
  if (mending.length === 0) return { graph, remediations: [], problems: [] };
  const subjects = new Subjects(world);
  const remediations: Remediation[] = [];
  const problems: Problem[] = [];
  const resources = graph.resources.map((declared) => {
    let resource = declared;
    let { subject } = subjects.of(resource);
    if (!isInScope(resource)) return resource;
    for (const each of mending) {
      const inputs = mended(each, subject, problems);
      const changes = inputs ? changesBetween(subject.inputs, inputs, []) : [];
      if (changes.length === 0) continue;
      const patched = { ...resource, inputs: patch(resource.inputs, changes) };
      const next = subjects.of(patched);
      if (!isSound(each, patched, next, problems)) continue;
      remediations.push(...changes.map(({ path }) => remediation(each, path, subject, next.subject)));
      [resource, subject] = [patched, next.subject];
    }
    // What a refused one made of it does not stand.
    subjects.of(resource);
    return resource;
  });
  if (remediations.length === 0) return { graph, remediations, problems };
  return { graph: { ...graph, resources }, remediations, problems };
}

function mended(
  configured: ConfiguredPolicy,
  subject: PolicyResource,
  problems: Problem[],
): JsonObject | undefined {
  const { policy, configuration } = configured;
  if (!isResourcePolicy(policy) || !policy.remediate || !appliesTo(policy, subject)) return undefined;
  const about = aboutOf(subject);
  const result = asked(configured, about, problems, () => policy.remediate?.(subject, configuration));
  return result && inputsIn(result.answer, configured, about, problems);
}

/** What a policy changed, as it came to be: what its type makes secret is not shown. */
function remediation(
  { policy }: ConfiguredPolicy,
  path: Path,
  { urn, inputs }: PolicyResource,
  mendedSubject: PolicyResource,
): Remediation {
  const [before, after] = [at(inputs, path), at(mendedSubject.inputs, path)];
  return {
    policy: policy.name,
    urn,
    path: formatPath(path),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}

function at(json: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((value, segment) => {
    if (isList(value)) return value[Number(segment)];
    return isObject(value) ? own(value, String(segment)) : undefined;
  }, json);
}

/** Whether inputs are valid, and the policy would leave them as they are. */
function isSound(
  configured: ConfiguredPolicy,
  { definition }: GraphResource,
  { subject, inputs }: DeclaredSubject,
  problems: Problem[],
): boolean {
  const about = { ...aboutOf(subject), policy: configured.policy.name };
  const wrong = checkInputs(definition, inputs).filter((each) => each.severity === "error");
  for (const { message, path } of wrong)
    problems.push(problem(policyCodes.BERTH6105, { ...about, ...(path !== undefined && { path }), message }));
  if (wrong.length > 0) return false;
  const again = mended(configured, subject, problems);
  if (!again || changesBetween(subject.inputs, again, []).length === 0) return true;
  const message = "it would change what it has changed once more";
  problems.push(problem(policyCodes.BERTH6105, { ...about, message }));
  return false;
}

function isResourcePolicy(policy: Policy): policy is ResourcePolicy {
  return policy.kind === "resource";
}

type Path = readonly (string | number)[];

interface InputChange {
  readonly path: Path;
  /** Absent: nothing is to be there. */
  readonly after?: Json;
}

/** Where two inputs differ: the smallest parts; a list of another length as a whole. */
function changesBetween(
  before: Json | undefined,
  after: Json | undefined,
  path: Path,
): readonly InputChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isObject(before) && isObject(after) && !isMark(before) && !isMark(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
    return keys.flatMap((key) => changesBetween(own(before, key), own(after, key), [...path, key]));
  }
  if (isList(before) && isList(after) && before.length === after.length)
    return before.flatMap((each, index) => changesBetween(each, after[index], [...path, index]));
  return [{ path, ...(after !== undefined && { after }) }];
}

/** A copy in which these parts are others. Where the program gave an output, the change is made in what comes of it. */
function patch(inputs: RawInputs, changes: readonly InputChange[]): RawInputs {
  let patched: unknown = inputs;
  for (const { path, after } of changes) patched = put(patched, path, after);
  return patched as RawInputs;
}

function put(into: unknown, [segment, ...rest]: Path, value: Json | undefined): unknown {
  if (segment === undefined) return value;
  if (isOutput(into)) return into.apply((given) => put(given, [segment, ...rest], value));
  if (typeof segment === "number" && Array.isArray(into))
    return into.map((each: unknown, index) => (index === segment ? put(each, rest, value) : each));
  const object: object = typeof into === "object" && into !== null ? into : {};
  return { ...object, [segment]: put(Reflect.get(object, segment), rest, value) };
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isMark(value: JsonObject): boolean {
  return Object.hasOwn(value, "$berth");
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
