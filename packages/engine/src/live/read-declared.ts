import {
  Evaluation,
  type Graph,
  type GraphResource,
  isKnown,
  type KnownResource,
  lookupIn,
  type ReadResult,
  type ResourceRecord,
  type Urn,
  type ValueObject,
} from "@berth/core";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { inputsOfRead, type LiveResource } from "@berth/planner";
import pLimit from "p-limit";
import { engineCodes } from "../codes.ts";
import { configurationFor } from "../configuration.ts";
import { markOutputs } from "../outputs.ts";
import { openRecorded } from "../recorded-values.ts";
import type { Reading } from "./read-live.ts";

/** What is read because the program says so: what it imports, and what it only reads. */
export interface DeclaredReading {
  readonly live: ReadonlyMap<Urn, LiveResource>;
  readonly problems: readonly Problem[];
}

const parallel = 20;

/**
 * Reads what the program imports or only reads, as far as ids are known before anything is planned: those that are
 * text, and those that are outputs of what is recorded or read here. Nothing is read where the program has neither.
 *
 * @param expected - filled with what a record would say of clusters that are found, so that what stands on them can be
 *   read as well
 */
export async function readDeclared(
  reading: Reading,
  expected: Map<Urn, ResourceRecord>,
): Promise<DeclaredReading> {
  const { graph } = reading.operation;
  const [live, problems] = [new Map<Urn, LiveResource>(), [] as Problem[]];
  const saying = graph.resources.filter(({ read, options }) => read ?? options.import);
  if (saying.length === 0) return { live, problems };
  const records = new Map(reading.state.resources.map((each) => [each.urn, each]));
  const isManaged = (urn: Urn): boolean => records.has(urn) && records.get(urn)?.external !== true;
  let waiting = saying.filter(({ urn, read }) => read !== undefined || !isManaged(urn));
  const known = new Known(reading, records);
  const limit = pLimit(parallel);
  for (;;) {
    const ready = waiting.flatMap((resource) => {
      const { cluster } = resource;
      const hasCluster = cluster === undefined || records.has(cluster) || expected.has(cluster);
      const id = hasCluster ? known.idOf(resource) : undefined;
      return id === undefined ? [] : [{ resource, id }];
    });
    if (ready.length === 0) return { live, problems };
    const chosen = new Set(ready.map((each) => each.resource));
    waiting = waiting.filter((each) => !chosen.has(each));
    const answers = await Promise.all(ready.map((each) => limit(() => readOne(reading, each, known))));
    for (const [i, answer] of answers.entries()) {
      const { resource, id } = ready[i]!;
      if ("problem" in answer) {
        problems.push(answer.problem);
        continue;
      }
      live.set(resource.urn, answer.live);
      if (answer.live.kind === "gone") continue;
      known.learn(resource, answer.live);
      if (resource.definition.isCluster)
        expected.set(resource.urn, expectedRecord(resource, id, answer.live));
    }
  }
}

type Answer = { readonly live: LiveResource } | { readonly problem: Problem };

async function readOne(
  reading: Reading,
  { resource, id }: { readonly resource: GraphResource; readonly id: string },
  known: Known,
): Promise<Answer> {
  const { urn, definition, site, options } = resource;
  try {
    reading.operation.signal?.throwIfAborted();
    const found = await readById(reading, resource, id, known.configurationOf(resource));
    const asked = resource.read && { asked: id };
    if (!found) return { live: { kind: "gone", ...asked } };
    const additional = options.additionalSecretOutputs;
    const outputs = markOutputs(definition, found.outputs, { additional });
    reading.redactor.learn(outputs);
    const { markedFor } = found;
    const marked = markedFor === undefined ? {} : { markedFor };
    return { live: { kind: "found", id: found.id, inputs: found.inputs, outputs, ...asked, ...marked } };
  } catch (thrown) {
    if (reading.operation.signal?.aborted) throw thrown;
    const reasons = reading.redactor.problems(thrown, {}).map((each) => each.message);
    const message = `${id} could not be read: ${reasons.join("; ")}`;
    return { problem: problem(engineCodes.BERTH6030, { message, resource: urn, site }) };
  }
}

/** Asks the provider of a declared resource for what has this id. @throws BERTH6002, and what the provider throws */
export async function readById(
  { operation, providers, state }: Pick<Reading, "operation" | "providers" | "state">,
  { urn, type, definition, cluster }: GraphResource,
  id: string,
  configuration: { readonly configuration?: ValueObject },
  operationKey = "",
): Promise<ReadResult | undefined> {
  const provider = providers.get(definition.provider);
  if (!provider) {
    const message = `there is no provider "${definition.provider}"`;
    throw new BerthError([problem(engineCodes.BERTH6002, { message, resource: urn })]);
  }
  const { project, stack } = state;
  return provider.read({
    urn,
    type,
    id,
    inputs: {},
    ownership: { project, stack, urn, operationKey },
    ...configuration,
    ...(cluster !== undefined && { cluster }),
    ...(operation.signal && { signal: operation.signal }),
  });
}

/** Values as they are known before planning: of what is recorded, and of what was read. */
class Known {
  readonly #reading: Reading;
  readonly #records: ReadonlyMap<Urn, ResourceRecord>;
  readonly #read = new Map<Urn, KnownResource>();
  readonly #lookup = lookupIn((urn) => this.#read.get(urn) ?? this.#recorded(urn));

  constructor(reading: Reading, records: ReadonlyMap<Urn, ResourceRecord>) {
    this.#reading = reading;
    this.#records = records;
  }

  learn(resource: GraphResource, live: Extract<LiveResource, { kind: "found" }>): void {
    const { urn, definition } = resource;
    this.#read.set(urn, { definition, inputs: inputsOfRead(definition, live.inputs), outputs: live.outputs });
  }

  /** The id by which a resource is to be read; nothing while it is not known. */
  idOf({ read, options }: GraphResource): string | undefined {
    // Values are remembered by an evaluation, and more is known with each that was read.
    const id = read ? new Evaluation(this.#lookup).value(read.id) : options.import;
    return typeof id === "string" ? id : undefined;
  }

  /** The configuration that the program gives its provider: as it is recorded, or as it says now. */
  configurationOf({ urn, options }: GraphResource): { readonly configuration?: ValueObject } {
    const { provider } = options;
    if (provider === undefined) return {};
    const { secrets, redactor } = this.#reading;
    if (this.#records.has(provider)) {
      const records = (each: Urn) => this.#records.get(each);
      return configurationFor({ urn, providerResource: provider }, { records, secrets, redactor });
    }
    const configuration = new Evaluation(this.#lookup).inputs(this.#declared(provider)?.inputs ?? {});
    redactor.learn(configuration);
    if (isKnown(configuration)) return { configuration };
    const message = `the configuration of ${provider} is not known yet`;
    throw new BerthError([problem(engineCodes.BERTH6010, { message, resource: urn })]);
  }

  #declared(urn: Urn): GraphResource | undefined {
    const { graph }: { readonly graph: Graph } = this.#reading.operation;
    return graph.resources[graph.index.get(urn) ?? -1];
  }

  #recorded(urn: Urn): KnownResource | undefined {
    const record = this.#records.get(urn);
    const definition = record && this.#reading.operation.definition(record.type);
    if (!record || !definition) return undefined;
    const { secrets } = this.#reading;
    const inputs = openRecorded(record.inputs, urn, secrets);
    return { definition, inputs, outputs: openRecorded(record.outputs, urn, secrets) };
  }
}

function expectedRecord(
  { urn, type, definition, options }: GraphResource,
  id: string,
  { inputs }: Extract<LiveResource, { kind: "found" }>,
): ResourceRecord {
  return {
    urn,
    type,
    provider: definition.provider,
    id,
    inputs,
    outputs: {},
    assigned: {},
    dependencies: [],
    references: {},
    protect: false,
    operationKey: "",
    ...(options.provider !== undefined && { providerResource: options.provider }),
  };
}
