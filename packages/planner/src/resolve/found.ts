import { createHash } from "node:crypto";
import {
  type GraphResource,
  type Json,
  type JsonObject,
  type ResourceDefinition,
  revealSecrets,
  Unknown,
  unknownOutputs,
  type Urn,
  type Value,
  type ValueObject,
} from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { writtenClusterIp } from "../assign/cluster-ips.ts";
import { plannerCodes } from "../codes.ts";
import { compareInputs } from "../compare/compare.ts";
import { type Difference, isObject } from "../compare/difference.ts";
import { canonicalText } from "../compare/equality.ts";
import { isSecretMark, opaque } from "../compare/opaque.ts";
import { projectInputs } from "../live/project-inputs.ts";
import { shownBeside } from "../present.ts";
import type { LiveResource } from "../request.ts";
import { completeInputs } from "./complete-inputs.ts";
import type { Decision } from "./decide.ts";
import { keepIgnored } from "./ignored.ts";

/** What the program says to exist already, or only reads, and what was found. */
export interface Found {
  readonly decision: Decision;
  readonly outputs: ValueObject;
  readonly problems: readonly Problem[];
}

const certain = { certainty: "will", because: [], differences: [] } as const;

/**
 * What is to be taken into the stack: found, it must be what the program says, since an import changes nothing. Where
 * nobody looked (offline), that is found out when the step runs.
 *
 * @param stack - `project/stack` that imports it
 */
export function decideImport(
  resource: GraphResource,
  id: string,
  said: ValueObject,
  live: LiveResource | undefined,
  stack: string,
): ReadFound {
  const { definition, urn, name, site } = resource;
  const decision: Decision = { action: "import", ...certain, reason: { kind: "imported", id } };
  const unknown = unknownOutputs(definition, urn);
  if (!live) return { decision, inputs: said, outputs: unknown, problems: [] };
  const about = { resource: urn, site };
  if (live.kind === "gone") {
    const message = `${name} is to be imported, and there is no ${id}`;
    const problems = [problem(plannerCodes.BERTH3050, { message, ...about })];
    return { decision, inputs: said, outputs: unknown, problems };
  }
  const inputs = inputsOfImport(resource, said, live.inputs);
  const problems = differencesFromFound(definition, inputs, live.inputs).map((each) =>
    problem(plannerCodes.BERTH3051, {
      message: `${name} is imported as it is, and ${inWords(each)}`,
      hint: `\`berth import ${resource.type} ${name} ${JSON.stringify(id)}\` writes the text for what is there`,
      path: each.path,
      ...about,
    }),
  );
  if (live.markedFor !== undefined && live.markedFor !== stack) {
    const message = `${name} is marked as a resource of ${live.markedFor}, from which the import takes it over`;
    problems.push(problem(plannerCodes.BERTH3053, { message, severity: "warning", ...about }));
  }
  return { decision, inputs, outputs: { ...unknown, ...live.outputs }, problems };
}

/** What the program wants of what it imports: as it says, but for what it does not follow (`ignoreChanges`). */
export function inputsOfImport(
  { definition, options: { ignoreChanges } }: GraphResource,
  inputs: ValueObject,
  found: JsonObject,
): ValueObject {
  return ignoreChanges ? keepIgnored(definition, ignoreChanges, inputs, told(found)).inputs : inputs;
}

/**
 * Where what is found is not what the program says. What the API adds by itself does not count.
 *
 * @param inputs - those of the program, complete; unknown parts may turn out to be as they are found
 */
export function differencesFromFound(
  definition: ResourceDefinition,
  inputs: ValueObject,
  found: JsonObject,
): readonly Difference[] {
  // Both sides are in plaintext here, so that no key is needed to tell whether a secret is the same.
  const digest = (plaintext: Value): string => sha256(canonicalText(plainOf(plaintext)));
  const stated = opaque(inputs, digest);
  if (!isObject(stated)) return [];
  const there = projectInputs(definition, stated, found, (said, live) =>
    isSecretMark(said) ? { $berth: "secret", digest: digest(live) } : live,
  );
  return compareInputs(definition, there, inputs, digest).filter((each) => each.certainty === "will");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A secret's plaintext, which may hold secrets again. */
function plainOf(value: Value): Json {
  const plain = revealSecrets(value);
  return plain instanceof Unknown ? null : (plain as Json);
}

function inWords({ kind, path, before, after }: Difference): string {
  const [there, said] = [shownBeside(before, after), shownBeside(after, before)].map((each) =>
    each === undefined ? "" : JSON.stringify(each),
  );
  if (kind === "remove") return `${path} is ${there}, of which the program says nothing`;
  return kind === "add"
    ? `${path} is not set, where the program says ${said}`
    : `${path} is ${there}, not ${said}`;
}

/** The values that the planner would choose for a service, as it has them. */
export function foundAddresses(live: LiveResource | undefined): Readonly<Record<string, Json>> {
  if (live?.kind !== "found") return {};
  const address = writtenClusterIp(live.inputs);
  return address === undefined || address === "None" ? {} : { "spec.clusterIP": address };
}

/** What is only read, as far as it is known: from what was read just now, or from when it was read last. */
export interface ReadFound extends Found {
  readonly inputs: ValueObject;
}

/**
 * What is only read. Once it is recorded, the record says what was read (just now, where somebody looked).
 *
 * @param id - as the program says it, evaluated
 * @param recorded - as what it is recorded: id, inputs and outputs
 */
export function decideRead(
  resource: GraphResource,
  id: Value,
  found: LiveResource | undefined,
  recorded: { readonly id: string; readonly inputs: ValueObject; readonly outputs: ValueObject } | undefined,
): ReadFound {
  const { definition, urn, name, site } = resource;
  const reason = { kind: "reads", ...(typeof id === "string" && { id }) } as const;
  const decision: Decision = { action: "read", ...certain, reason };
  const unknown = { inputs: unknownInputs(definition, urn), outputs: unknownOutputs(definition, urn) };
  if (typeof id !== "string") return { decision, ...unknown, problems: [] };
  // What was read by another id, because an output had another value then, says nothing of this one.
  const live = found?.asked === undefined || found.asked === id ? found : undefined;
  if (live?.kind === "gone") {
    const message = `${name} is only read, and there is no ${id}`;
    const problems = [problem(plannerCodes.BERTH3052, { message, resource: urn, site })];
    return { decision, ...unknown, problems };
  }
  if (recorded?.id === id) {
    const { inputs } = recorded;
    const outputs = { ...unknown.outputs, ...recorded.outputs };
    return { decision: { action: "no-op", ...certain, reason: undefined }, inputs, outputs, problems: [] };
  }
  if (!live) return { decision, ...unknown, problems: [] };
  const outputs = { ...unknown.outputs, ...live.outputs };
  return { decision, inputs: inputsOfRead(definition, live.inputs), outputs, problems: [] };
}

/** What a resource that is only read has as its inputs: all that the API tells, in canonical form. */
export function inputsOfRead(definition: ResourceDefinition, found: JsonObject): ValueObject {
  return completeInputs(definition, told(found), {}).inputs;
}

function told(found: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(found).filter(([, each]) => each !== null));
}

/** An unknown for each input: what is known of them before anything is read. */
function unknownInputs({ inputs }: ResourceDefinition, urn: Urn): ValueObject {
  const properties = inputs["properties"] ?? {};
  const names = isObject(properties) ? Object.keys(properties) : [];
  return Object.fromEntries(names.map((name) => [name, new Unknown([{ urn, path: name }])]));
}
