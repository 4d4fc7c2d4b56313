import type { PendingOperation, ResourceRecord } from "@berth/core";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { randomUUID } from "node:crypto";
import { seal, type Secrets, type StateSession, unseal } from "@berth/state";
import { engineCodes } from "./codes.ts";
import { withinTime } from "./time-limit.ts";
import { configurationFor } from "./configuration.ts";
import type { EngineEvent, SettledEvent } from "./events.ts";
import type { Operation } from "./operation.ts";
import { markOutputs } from "./outputs.ts";
import type { ProviderRegistry } from "./providers.ts";
import type { Redactor } from "./redactor.ts";
import { forgetWhatIsOn } from "./superseded-cluster.ts";

/** What settling needs. */
export interface Settling {
  readonly operation: Operation;
  readonly session: StateSession;
  readonly secrets: Secrets;
  readonly providers: ProviderRegistry;
  readonly redactor: Redactor;
  readonly emit: (event: EngineEvent) => void;
}

/**
 * Finds out what became of operations that an earlier run began and never ended. It only reads:
 *
 * - A create is looked for by identity and operation key. What carries our key is adopted, as if the
 *   answer had come; where nothing is, it never happened. Something without our key is not touched.
 * - An import is looked for as a create is; what does not carry our key was there before, and is as it was.
 * - A delete is looked for by id: what is gone is removed from the state. What is there stays recorded,
 *   and since nobody knows how much of it is left, an update of it is pending from now on; what was superseded
 *   stays so, and the plan deletes it.
 * - An update stays pending: the plan repeats it, and shows that it does; unless what was to be updated is gone.
 *
 * So whatever remains to be done is in the plan that comes next, and is shown before it is done.
 *
 * @throws BERTH6007 with every create that met something foreign, after all others are settled
 */
export async function settlePending(settling: Settling): Promise<void> {
  const problems: Problem[] = [];
  for (const pending of settling.session.state.pending) {
    if (settling.operation.definition(pending.type)?.isProvider) {
      // Nobody was asked for anything: the plan records it again, or forgets it again.
      await settling.session.fail(pending, "it was not recorded");
      continue;
    }
    if (pending.action === "create") problems.push(...(await settleCreate(pending, settling)));
    if (pending.action === "import") await settleImport(pending, settling);
    if (pending.action === "delete") await settleDelete(pending, settling);
    if (pending.action === "update") await settleUpdate(pending, settling);
  }
  if (problems.length > 0) throw new BerthError(problems);
}

/** What was only read has nothing done to it; the plan reads it again. */
async function settleImport(pending: PendingOperation, settling: Settling): Promise<void> {
  if (!pending.intended?.external) await settleCreate(pending, settling);
  else await settling.session.fail(pending, "it was not recorded");
}

async function settleCreate(pending: PendingOperation, settling: Settling): Promise<readonly Problem[]> {
  const { session, secrets, redactor, operation } = settling;
  const { urn, type, intended, operationKey, inputs = {} } = pending;
  const { project, stack } = session.state;
  const provider = requireProvider(pending, intended?.provider, settling);
  const opened = unseal(inputs, secrets);
  redactor.learn(opened);
  const found = await reading(pending, settling, () =>
    withinTime(
      intended?.options?.customTimeouts?.read,
      "looking for what was made",
      (limits) =>
        provider.read({
          urn,
          type,
          inputs: opened,
          ownership: { project, stack, urn, operationKey },
          ...configuration(intended ?? { urn }, settling),
          ...(intended?.cluster !== undefined && { cluster: intended.cluster }),
          ...limits,
        }),
      operation.signal,
    ),
  );
  if (!found?.ours || !intended) {
    await session.fail(pending, "it never happened");
    told(settling, pending, "never-happened");
    if (!found) return [];
    const message = `${found.id} exists, and the interrupted creation did not make it`;
    return [problem(engineCodes.BERTH6007, { message: redactor.text(message), resource: urn })];
  }
  const additional = intended.options?.additionalSecretOutputs;
  const answered = markOutputs(operation.definition(type), found.outputs, { additional, sent: opened });
  redactor.learn(answered);
  const record: ResourceRecord = {
    ...intended,
    id: found.id,
    inputs,
    outputs: seal(answered, secrets, [inputs]),
  };
  if (secrets.key) await session.setSecretsKey(secrets.key);
  if (pending.supersedes) await forgetWhatIsOn(session, urn, operation.definition(type));
  await session.succeed(pending, { kind: "recorded", record });
  told(settling, pending, "adopted");
  return [];
}

async function settleDelete(pending: PendingOperation, settling: Settling): Promise<void> {
  const { session } = settling;
  const { urn, type, superseded } = pending;
  const which = superseded === undefined ? {} : { superseded };
  const record = recordOf(pending, session);
  if (!record) {
    if (superseded === undefined) await session.succeed(pending, { kind: "removed" });
    else await session.fail(pending, "it is not recorded any more");
    return told(settling, pending, "gone");
  }
  const found = await readAgain(pending, record, settling);
  // What answers under its name on the cluster that took the place of its own is something else.
  const { cluster } = record;
  const isThere = found && (found.ours || cluster === undefined || session.superseded(cluster).length === 0);
  if (!isThere) await session.succeed(pending, { kind: "removed", ...which });
  else if (superseded !== undefined) await session.fail(pending, "it is still there");
  else await session.begin({ urn, type, action: "update", operationKey: randomUUID() });
  told(settling, pending, isThere ? "never-happened" : "gone");
}

function recordOf({ urn, superseded }: PendingOperation, session: StateSession): ResourceRecord | undefined {
  if (superseded === undefined) return session.record(urn);
  return session.superseded(urn).find((each) => each.operationKey === superseded);
}

/** What is gone cannot be updated, however often the plan repeats it: it is to be created. */
async function settleUpdate(pending: PendingOperation, settling: Settling): Promise<void> {
  const { session } = settling;
  const record = session.record(pending.urn);
  if (!record || !settling.providers.get(record.provider)) return;
  // Where nobody answers, the update finds out.
  const found = await readAgain(pending, record, settling).catch(() => "unknown" as const);
  if (found !== undefined) return;
  await session.succeed(pending, { kind: "removed" });
  told(settling, pending, "gone");
}

/** The recorded resource as it is now. */
async function readAgain(pending: PendingOperation, record: ResourceRecord, settling: Settling) {
  const { session, secrets, operation } = settling;
  const { urn, type } = pending;
  const { project, stack } = session.state;
  const { id, operationKey, cluster } = record;
  const provider = requireProvider(pending, record.provider, settling);
  return reading(pending, settling, () =>
    withinTime(
      record.options?.customTimeouts?.read,
      `reading ${id}`,
      (limits) =>
        provider.read({
          urn,
          type,
          id,
          inputs: unseal(record.inputs, secrets),
          ownership: { project, stack, urn, operationKey },
          ...configuration(record, settling),
          ...(cluster !== undefined && { cluster }),
          ...limits,
        }),
      operation.signal,
    ),
  );
}

function configuration(
  of: Pick<ResourceRecord, "urn" | "providerResource">,
  { session, secrets, redactor }: Settling,
) {
  return configurationFor(of, { records: (urn) => session.record(urn), secrets, redactor });
}

function requireProvider({ urn }: PendingOperation, name: string | undefined, { providers }: Settling) {
  const provider = name === undefined ? undefined : providers.get(name);
  if (provider) return provider;
  const message = `an interrupted operation needs the provider "${name ?? "unknown"}", which is not there`;
  throw new BerthError([problem(engineCodes.BERTH6002, { message, resource: urn })]);
}

/** A provider that cannot be asked leaves the operation pending for the next run. */
async function reading<T>(
  { urn }: PendingOperation,
  { redactor }: Settling,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    throw new BerthError(redactor.problems(thrown, { resource: urn }));
  }
}

function told({ emit }: Settling, { urn, action }: PendingOperation, outcome: SettledEvent["outcome"]): void {
  emit({ kind: "settled", urn, action, outcome });
}
