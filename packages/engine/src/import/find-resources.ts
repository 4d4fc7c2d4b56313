import {
  type DiscoveredResource,
  type JsonObject,
  pathOfUrn,
  type ResourceDefinition,
  type ResourceRecord,
  type StackState,
  type Urn,
} from "@berth/core";
import { BerthError, nearest, type Problem, problem } from "@berth/diagnostics";
import pLimit from "p-limit";
import { untilCancelled } from "../cancellation.ts";
import { engineCodes } from "../codes.ts";
import type { Operation } from "../operation.ts";
import type { ProviderRegistry } from "../providers.ts";
import { recordedClusters } from "../observe.ts";
import { Redactor } from "../redactor.ts";

/** What is to be written into a program: single resources, or all that a container has. */
export interface ImportQuestion {
  readonly resources?: readonly ImportSpec[];
  /** A cluster of the stack, by its logical name or URN. */
  readonly cluster?: string;
  /** Something else that holds resources, whether the stack has it or not: its type, and the inputs that name it. */
  readonly container?: { readonly type: string; readonly inputs: JsonObject };
}

/** One resource that exists. */
export interface ImportSpec {
  readonly type: string;
  /** Physical id: an ARM id, `apps/v1 Deployment default/web`. */
  readonly id: string;
  /** Logical name; the physical one where it is not given. */
  readonly name?: string;
  /** The cluster that it lives on, by logical name or URN; the stack's only one where it is not given. */
  readonly cluster?: string;
}

/** What was found of a resource that exists. */
export interface FoundResource {
  readonly definition: ResourceDefinition;
  readonly id: string;
  readonly name?: string;
  /** As it is read; secrets in plaintext. */
  readonly inputs: JsonObject;
  readonly cluster?: Urn;
}

/** What was found, and what of it the stack has already. */
export interface FoundResources {
  readonly resources: readonly FoundResource[];
  readonly recorded: readonly DiscoveredResource[];
}

const parallel = 20;

/**
 * Looks for what exists and is to be declared. Nothing is written, and nothing of it is the stack's before an `up` of
 * a program that says so.
 *
 * @throws BERTH6035 to BERTH6037 with everything that is wrong with the question, and what providers throw
 */
export async function findResources(operation: Operation, question: ImportQuestion): Promise<FoundResources> {
  const state = await operation.backend.read(operation.graph.stack);
  const records = new Map(state.resources.map((each) => [each.urn, each]));
  const finding: Finding = {
    operation,
    state,
    clusters: recordedClusters(state, operation.definition),
    providers: operation.providers((urn) => records.get(urn)),
    redactor: new Redactor(),
  };
  return untilCancelled(operation, () => find(finding, question));
}

interface Finding {
  readonly operation: Operation;
  readonly state: StackState;
  readonly clusters: readonly ResourceRecord[];
  readonly providers: ProviderRegistry;
  readonly redactor: Redactor;
}

interface Wanted extends ImportSpec {
  readonly on?: Urn;
}

async function find(finding: Finding, question: ImportQuestion): Promise<FoundResources> {
  const { cluster, container, resources = [] } = question;
  const problems: Problem[] = [];
  const wanted: Wanted[] = [];
  for (const spec of resources) {
    const on = clusterOf(finding, spec);
    if (typeof on === "object") problems.push(on);
    else wanted.push({ ...spec, ...(on !== undefined && { on }) });
  }
  if (cluster !== undefined) {
    const record = clusterNamed(finding, cluster);
    if ("code" in record) problems.push(record);
    else for (const each of await discover(finding, record)) wanted.push({ ...each, on: record.urn });
  }
  if (container) wanted.push(...(await discover(finding, unrecorded(finding, container))));
  if (problems.length > 0) throw new BerthError(problems);

  const known = new Set(finding.state.resources.flatMap((each) => (each.external ? [] : [keyOf(each)])));
  const isRecorded = ({ id, on }: Wanted): boolean => known.has(keyOf({ id, cluster: on }));
  const fresh = wanted.filter((each) => !isRecorded(each));
  const limit = pLimit(parallel);
  const answers = await Promise.all(fresh.map((each) => limit(() => read(finding, each))));
  const wrong = answers.flatMap((each) => ("code" in each ? [each] : []));
  if (wrong.length > 0) throw new BerthError(wrong);
  return {
    resources: answers.flatMap((each) => ("code" in each ? [] : [each])),
    recorded: wanted.filter(isRecorded).map(({ type, id }) => ({ type, id })),
  };
}

function keyOf({ id, cluster }: { readonly id: string; readonly cluster?: Urn | undefined }): string {
  return `${cluster ?? ""} ${id.toLowerCase()}`;
}

async function discover(
  { operation, providers }: Finding,
  container: ResourceRecord,
): Promise<readonly DiscoveredResource[]> {
  for (const provider of providers.values()) {
    const found = await provider.discover?.(container, operation.signal);
    if (found && found.length > 0) return found;
  }
  const name = container.id || JSON.stringify(container.inputs);
  const message = `nothing is found in ${container.type} ${name}`;
  throw new BerthError([problem(engineCodes.BERTH6036, { message })]);
}

async function read(
  { operation, providers, redactor, state }: Finding,
  { type, id, name, on }: Wanted,
): Promise<FoundResource | Problem> {
  const definition = operation.definition(type);
  if (!definition) return problem(engineCodes.BERTH6035, { message: `no package defines the type ${type}` });
  if (!definition.written)
    return problem(engineCodes.BERTH6035, { message: `${type} cannot be written as a program` });
  const provider = providers.get(definition.provider);
  if (!provider)
    return problem(engineCodes.BERTH6002, { message: `there is no provider "${definition.provider}"` });
  try {
    const { project, stack } = state;
    const found = await provider.read({
      urn: `import ${id}`,
      type,
      id,
      inputs: {},
      ownership: { project, stack, urn: "", operationKey: "" },
      ...(on !== undefined && { cluster: on }),
      ...(operation.signal && { signal: operation.signal }),
    });
    if (!found) return problem(engineCodes.BERTH6036, { message: `there is no ${type} ${id}` });
    const { inputs } = found;
    return {
      definition,
      id: found.id,
      inputs,
      ...(name !== undefined && { name }),
      ...(on !== undefined && { cluster: on }),
    };
  } catch (thrown) {
    if (operation.signal?.aborted) throw thrown;
    const reasons = redactor.problems(thrown, {}).map((each) => each.message);
    return problem(engineCodes.BERTH6030, { message: `${id} could not be read: ${reasons.join("; ")}` });
  }
}

/** On which cluster what is asked for lives: a URN, nothing, or what is wrong. */
function clusterOf(finding: Finding, { type, id, cluster }: ImportSpec): Urn | undefined | Problem {
  if (finding.operation.definition(type)?.onCluster !== true) return undefined;
  if (cluster !== undefined) {
    const found = clusterNamed(finding, cluster);
    return "code" in found ? found : found.urn;
  }
  const [only, ...others] = finding.clusters;
  if (only && others.length === 0) return only.urn;
  const names = finding.clusters.map((each) => pathOfUrn(each.urn)).join(", ");
  const message = `${type} ${id} lives on a cluster, and the stack has ${names === "" ? "none" : `several: ${names}`}`;
  return problem(engineCodes.BERTH6037, { message });
}

function clusterNamed({ clusters }: Finding, name: string): ResourceRecord | Problem {
  const found = clusters.filter(({ urn }) => urn === name || pathOfUrn(urn) === name);
  if (found.length === 1 && found[0]) return found[0];
  const names = clusters.map((each) => pathOfUrn(each.urn));
  const near = nearest(name, names);
  const message = `the stack has no cluster ${JSON.stringify(name)}`;
  const hint = near
    ? `did you mean "${near}"?`
    : "a cluster that the stack does not have yet is imported first: `berth import --resource-group NAME`";
  return problem(engineCodes.BERTH6037, { message, hint });
}

function unrecorded(
  { operation }: Finding,
  { type, inputs }: NonNullable<ImportQuestion["container"]>,
): ResourceRecord {
  const rest = {
    outputs: {},
    assigned: {},
    dependencies: [],
    references: {},
    protect: false,
    operationKey: "",
  };
  const provider = operation.definition(type)?.provider ?? "";
  return { urn: `import ${type}`, type, provider, id: "", inputs, ...rest };
}
