import type { ReadResult, ResourceRecord, StackState, Urn } from "@berth/core";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import type { LiveResource } from "@berth/planner";
import type { Secrets } from "@berth/state";
import pLimit from "p-limit";
import { engineCodes } from "../codes.ts";
import { configurationFor } from "../configuration.ts";
import type { Operation } from "../operation.ts";
import { markOutputs } from "../outputs.ts";
import type { ProviderRegistry } from "../providers.ts";
import { openRecorded } from "../recorded-values.ts";
import type { Redactor } from "../redactor.ts";

/** What reading what is recorded needs. */
export interface Reading {
  readonly operation: Operation;
  readonly state: StackState;
  readonly secrets: Secrets;
  readonly providers: ProviderRegistry;
  readonly redactor: Redactor;
}

/** What providers read, and what they could not. */
export interface LiveReading {
  /** What could not be read is missing. */
  readonly live: ReadonlyMap<Urn, LiveResource>;
  /** Errors: whoever can do without makes warnings of them. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** So many requests at a time; clusters and clouds slow down those who send more. */
const parallel = 20;

/**
 * Reads recorded resources as they are now, side by side. What stands on a cluster is read after the cluster itself, and
 * only where that is there. Provider resources exist nowhere but in the state, and are not looked for.
 *
 * @param known - what was read already, which is not read again
 */
export async function readLive(
  reading: Reading,
  records: readonly ResourceRecord[],
  known: ReadonlyMap<Urn, LiveResource> = new Map(),
): Promise<LiveReading> {
  const live = new Map(known);
  const [problems, warnings]: [Problem[], Problem[]] = [[], []];
  const unread = records.filter(({ urn, type }) => {
    const definition = reading.operation.definition(type);
    return !live.has(urn) && definition !== undefined && definition.isProvider !== true;
  });
  warnings.push(...unknownTypes(reading, records));
  const limit = pLimit(parallel);
  const look = async (some: readonly ResourceRecord[]): Promise<void> => {
    const answers = await Promise.all(some.map((record) => limit(() => readOne(reading, record))));
    for (const [i, answer] of answers.entries()) {
      const { urn } = some[i]!;
      if (answer.live) live.set(urn, answer.live);
      problems.push(...answer.problems);
      warnings.push(...answer.warnings);
    }
  };
  await look(unread.filter((each) => each.cluster === undefined));
  const unreachable = new Set(problems.map((each) => each.resource));
  const onCluster = unread.filter(
    ({ cluster }) => cluster !== undefined && live.get(cluster)?.kind !== "gone" && !unreachable.has(cluster),
  );
  // One object first: where a cluster does not answer, it is said once, not for each.
  const first = new Map<Urn | undefined, ResourceRecord>();
  for (const each of onCluster) if (!first.has(each.cluster)) first.set(each.cluster, each);
  await look([...first.values()]);
  const silent = new Set(problems.map((each) => each.resource));
  const rest = onCluster.filter((each) => {
    const probe = first.get(each.cluster);
    return probe !== undefined && probe !== each && !silent.has(probe.urn);
  });
  await look(rest);
  return { live, problems, warnings };
}

/** What nobody knows the meaning of is neither read nor forgotten. */
function unknownTypes({ operation }: Reading, records: readonly ResourceRecord[]): readonly Problem[] {
  const unknown = records.filter(({ type }) => operation.definition(type) === undefined);
  return [...new Set(unknown.map((each) => each.type))].map((type) => {
    const [first, ...others] = unknown.filter((each) => each.type === type);
    const more = others.length > 0 ? ` and ${others.length} more` : "";
    const message = `no package defines ${type}: ${first?.id}${more} was not looked at`;
    return problem(engineCodes.BERTH6034, {
      message,
      severity: "warning",
      ...(first && { resource: first.urn }),
    });
  });
}

interface Answer {
  readonly live?: LiveResource;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

async function readOne(reading: Reading, record: ResourceRecord): Promise<Answer> {
  const { urn, type } = record;
  try {
    reading.operation.signal?.throwIfAborted();
    const found = await readRecord(reading, record);
    if (!found) return { live: { kind: "gone" }, problems: [], warnings: [] };
    const outputs = markOutputs(reading.operation.definition(type), found.outputs, {
      additional: record.options?.additionalSecretOutputs,
      sent: openRecorded(record.inputs, urn, reading.secrets),
    });
    reading.redactor.learn(outputs);
    const { id, inputs } = found;
    const live: LiveResource = { kind: "found", id, inputs, outputs };
    const warnings = found.ours || record.external ? [] : [notOurs(record)];
    return { live, problems: [], warnings };
  } catch (thrown) {
    if (reading.operation.signal?.aborted) throw thrown;
    const reasons = reading.redactor.problems(thrown, {}).map((each) => each.message);
    const message = `${record.id} could not be read: ${reasons.join("; ")}`;
    return { problems: [problem(engineCodes.BERTH6030, { message, resource: urn })], warnings: [] };
  }
}

/**
 * Asks a record's provider for it.
 *
 * @throws BERTH6002, BERTH6010, and what the provider throws
 */
export async function readRecord(
  { operation, state, secrets, providers, redactor }: Reading,
  record: ResourceRecord,
): Promise<ReadResult | undefined> {
  const { urn, type, id, cluster, operationKey } = record;
  const provider = providers.get(record.provider);
  if (!provider) {
    const message = `there is no provider "${record.provider}"`;
    throw new BerthError([problem(engineCodes.BERTH6002, { message, resource: urn })]);
  }
  const inputs = openRecorded(record.inputs, urn, secrets);
  redactor.learn(inputs);
  redactor.learn(openRecorded(record.outputs, urn, secrets));
  const records = recordsOf(state);
  return provider.read({
    urn,
    type,
    id,
    inputs,
    ownership: { project: state.project, stack: state.stack, urn, operationKey },
    ...configurationFor(record, { records: (each) => records.get(each), secrets, redactor }),
    ...(cluster !== undefined && { cluster }),
    ...(operation.signal && { signal: operation.signal }),
  });
}

/** Made once for a state, of which every resource may be read. */
const byUrn = new WeakMap<StackState, ReadonlyMap<Urn, ResourceRecord>>();

function recordsOf(state: StackState): ReadonlyMap<Urn, ResourceRecord> {
  const known = byUrn.get(state);
  if (known) return known;
  const records = new Map(state.resources.map((each) => [each.urn, each]));
  byUrn.set(state, records);
  return records;
}

function notOurs({ id, urn }: ResourceRecord): Problem {
  const message = `${id} does not carry the mark of this stack: it may have been deleted and made anew by somebody else`;
  return problem(engineCodes.BERTH6031, { message, resource: urn, severity: "warning" });
}
