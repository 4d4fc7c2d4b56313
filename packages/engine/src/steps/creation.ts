import type {
  CreateRequest,
  GraphResource,
  PendingOperation,
  Provider,
  ProviderResult,
  ValueObject,
} from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import type { Step } from "@berth/planner";
import { randomUUID } from "node:crypto";
import { withinTime } from "../time-limit.ts";
import { failureText, intendedRecord, recordResult, sealed } from "./recording.ts";
import { configurationOf, ownershipOf, requestOf } from "./requests.ts";
import type { Running } from "./running.ts";

/** How the new one stands to what was there before. */
export interface Succession {
  /** What is recorded stays until it is deleted, as superseded. */
  readonly supersedes: boolean;
  /** How often the resource was replaced, this time included. */
  readonly generation: number;
}

/** Announces the creation, asks the provider for it, records the answer. */
export async function create(
  running: Running,
  step: Step,
  resource: GraphResource,
  inputs: ValueObject,
  { supersedes, generation }: Succession,
): Promise<void> {
  const { session } = running;
  const { urn, type } = resource;
  const operationKey = randomUUID();
  const intended = await intendedRecord(running, resource, { operationKey, generation });
  const sent = await sealed(running, inputs, []);
  const pending: PendingOperation = {
    urn,
    type,
    action: "create",
    operationKey,
    ...(supersedes && { supersedes }),
    inputs: sent,
    intended,
  };
  const provider = running.provider(intended.provider, urn);
  const configuration = configurationOf(running, intended);
  await session.begin(pending);
  const request = {
    ...requestOf(running, step, resource, inputs),
    ...configuration,
    ownership: ownershipOf(running, urn, operationKey),
  };
  let result: ProviderResult;
  try {
    const { adopt, customTimeouts } = resource.options;
    const asked = { ...request, ...(adopt && { adopt }) };
    result = await withinTime(customTimeouts?.create, "its creation", (limits) =>
      provider.create({ ...asked, ...limits }),
    );
  } catch (thrown) {
    await settleFailedCreate(running, pending, provider, request, thrown);
    throw thrown;
  }
  await recordResult(running, pending, intended, sent, result);
}

/**
 * After a create that threw: what is there with our key was made all the same. It is recorded, and an
 * update stays pending, since the error may mean that it is not as it should be. Where nothing is, and
 * the provider had a definite answer, nothing happened. In every other case the next run finds out.
 */
async function settleFailedCreate(
  running: Running,
  pending: PendingOperation,
  provider: Provider,
  request: CreateRequest,
  thrown: unknown,
): Promise<void> {
  const { session } = running;
  const found = await provider.read(request).catch(() => "unknown" as const);
  if (found === "unknown") return;
  if (found?.ours && pending.intended && pending.inputs) {
    await recordResult(running, pending, pending.intended, pending.inputs, found);
    const { supersedes: _, ...made } = pending;
    await session.begin({ ...made, action: "update", operationKey: randomUUID() });
  } else if (found || BerthError.is(thrown)) {
    await session.fail(pending, failureText(running, thrown));
  }
}
