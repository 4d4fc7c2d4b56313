import type {
  GraphResource,
  PendingOperation,
  Provider,
  ReadResult,
  ResourceRecord,
  ValueObject,
} from "@berth/core";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { differencesFromFound, inputsOfImport, type Step } from "@berth/planner";
import { randomUUID } from "node:crypto";
import { engineCodes } from "../codes.ts";
import { readById } from "../live/read-declared.ts";
import { withinTime } from "../time-limit.ts";
import { failureText, intendedRecord, recordResult, sealed } from "./recording.ts";
import { configurationOf, ownershipOf, requestOf } from "./requests.ts";
import type { Running } from "./running.ts";

/**
 * Takes what exists into the stack: looks at it once more, marks it as the stack's by an update that changes nothing
 * else, records it.
 *
 * @throws BERTH6032 where it is not there, or not as it was when the plan was made
 */
export async function importResource(
  running: Running,
  step: Step,
  resource: GraphResource,
  id: string,
  said: ValueObject,
): Promise<void> {
  const { session } = running;
  const { urn, type, definition, options } = resource;
  const operationKey = randomUUID();
  const intended = await intendedRecord(running, resource, { operationKey });
  const configuration = configurationOf(running, intended);
  const found = await readById(
    { ...running, state: session.state },
    resource,
    id,
    configuration,
    operationKey,
  );
  const inputs = found ? inputsOfImport(resource, said, found.inputs) : said;
  refuseMoved(resource, id, inputs, found);
  const sent = await sealed(running, inputs, []);
  const pending: PendingOperation = { urn, type, action: "import", operationKey, inputs: sent, intended };
  await session.begin(pending);
  const recorded: ResourceRecord = { ...intended, id: found.id, inputs: sent, outputs: {} };
  const provider = running.provider(definition.provider, urn);
  const ownership = ownershipOf(running, urn, operationKey);
  const asked = { ...requestOf(running, step, resource, inputs), ...configuration, ownership };
  try {
    const result = await withinTime(options.customTimeouts?.update, "its import", (limits) =>
      provider.update({ ...asked, id: found.id, recorded, adopt: true, ...limits }),
    );
    await recordResult(running, pending, intended, sent, result);
  } catch (thrown) {
    await settleFailedImport(running, pending, intended, provider, { ...asked, id: found.id }, thrown);
    throw thrown;
  }
}

/** What carries our key is the stack's, whatever was said; what does not is as it was before. */
async function settleFailedImport(
  running: Running,
  pending: PendingOperation,
  intended: NonNullable<PendingOperation["intended"]>,
  provider: Provider,
  request: Parameters<Provider["read"]>[0],
  thrown: unknown,
): Promise<void> {
  const { session } = running;
  const found = await provider.read(request).catch(() => "unknown" as const);
  if (found === "unknown") return;
  if (found?.ours && pending.inputs) {
    await recordResult(running, pending, intended, pending.inputs, found);
    await session.begin({ ...pending, action: "update", operationKey: randomUUID() });
  } else await session.fail(pending, failureText(running, thrown));
}

function refuseMoved(
  { urn, site, definition }: GraphResource,
  id: string,
  inputs: ValueObject,
  found: ReadResult | undefined,
): asserts found is ReadResult {
  const about = { resource: urn, site };
  if (!found) {
    const message = `${id} was there when the plan was made, and is gone`;
    throw new BerthError([problem(engineCodes.BERTH6032, { message, ...about })]);
  }
  const differences = differencesFromFound(definition, inputs, found.inputs);
  if (differences.length === 0) return;
  throw new BerthError(
    differences.map(({ path }): Problem => {
      const message = `${id} is not what the program says`;
      return problem(engineCodes.BERTH6032, { message, path, ...about });
    }),
  );
}
