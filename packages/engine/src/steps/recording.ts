import {
  type GraphResource,
  isKnown,
  type Json,
  type JsonObject,
  type PendingOperation,
  type ProviderResult,
  recordedOptions,
  type ResourceRecord,
  type Urn,
  type ValueObject,
} from "@berth/core";
import type { Problem } from "@berth/diagnostics";
import { seal } from "@berth/state";
import { markOutputs } from "../outputs.ts";
import { openRecorded } from "../recorded-values.ts";
import { forgetWhatIsOn } from "../superseded-cluster.ts";
import type { Running } from "./running.ts";

/** A record but for what the provider answers and what it was sent. */
export type IntendedRecord = NonNullable<PendingOperation["intended"]>;

/**
 * What success would record of a declared resource.
 *
 * @param before - what is updated; `undefined` for a create
 */
export async function intendedRecord(
  running: Running,
  { urn, type, definition, dependencies, references, parent, cluster, options }: GraphResource,
  { operationKey, generation = 0 }: Pick<ResourceRecord, "operationKey" | "generation">,
  before?: ResourceRecord,
): Promise<IntendedRecord> {
  const { assigned } = running.change(urn);
  const { provider } = definition;
  const { protect } = options;
  const kept = recordedOptions(options, await recordedTrigger(running, urn, before));
  return {
    urn,
    type,
    provider,
    assigned,
    dependencies,
    references,
    protect,
    operationKey,
    ...(parent !== undefined && { parent }),
    ...(cluster !== undefined && { cluster }),
    ...(options.provider !== undefined && { providerResource: options.provider }),
    ...(kept && { options: kept }),
    ...(generation > 0 && { generation }),
  };
}

/** What a trigger came to when the resource was made: an update does not change it. */
async function recordedTrigger(
  running: Running,
  urn: Urn,
  before: ResourceRecord | undefined,
): Promise<Json | undefined> {
  const value = running.desired.trigger(urn);
  if (value === undefined || !isKnown(value)) return undefined;
  const known = before?.options?.replacementTrigger;
  return known ?? (await sealed(running, { value }, []))["value"];
}

/** Ciphertext for secrets; the key they are encrypted with is recorded before the first of them. */
export async function sealed(
  { secrets, session }: Running,
  values: ValueObject,
  previous: readonly JsonObject[],
): Promise<JsonObject> {
  const result = seal(values, secrets, previous);
  if (secrets.key) await session.setSecretsKey(secrets.key);
  return result;
}

/** Ends an operation with what the provider answered. */
export async function recordResult(
  running: Running,
  pending: PendingOperation,
  intended: IntendedRecord,
  inputs: JsonObject,
  { id, outputs }: ProviderResult,
): Promise<void> {
  const { session, operation, redactor, secrets } = running;
  const answered = markOutputs(operation.definition(pending.type), outputs, {
    additional: intended.options?.additionalSecretOutputs,
    sent: openRecorded(inputs, pending.urn, secrets),
  });
  redactor.learn(answered);
  const before: ResourceRecord | undefined = session.record(pending.urn);
  const kept = await sealed(running, answered, [inputs, before?.outputs ?? {}]);
  if (pending.supersedes) await forgetWhatIsOn(session, pending.urn, operation.definition(pending.type));
  await session.succeed(pending, { kind: "recorded", record: { ...intended, id, inputs, outputs: kept } });
}

/** Why an operation failed, for the journal: no secrets. */
export function failureText({ redactor }: Running, thrown: unknown): string {
  const problems: readonly Problem[] = redactor.problems(thrown, {});
  return problems.map((each) => each.message).join("; ");
}

/** What was announced did not happen: everything is as it was before, interrupted or not. */
export async function takeBack(
  running: Running,
  pending: PendingOperation,
  interrupted: PendingOperation | undefined,
  thrown: unknown,
): Promise<void> {
  if (interrupted) await running.session.begin(interrupted);
  else await running.session.fail(pending, failureText(running, thrown));
}
