import type { GraphResource, PendingOperation } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { inputsOfRead } from "@berth/planner";
import { randomUUID } from "node:crypto";
import { engineCodes } from "../codes.ts";
import { readById } from "../live/read-declared.ts";
import { intendedRecord, recordResult, sealed } from "./recording.ts";
import { configurationOf } from "./requests.ts";
import type { Running } from "./running.ts";

/**
 * Reads what the program only reads, once its id is known, and records what was found, so that previews without a
 * network know it.
 *
 * @throws BERTH6033 where it is not there
 */
export async function read(running: Running, resource: GraphResource): Promise<void> {
  const { session, redactor } = running;
  const { urn, type, definition, site } = resource;
  const operationKey = randomUUID();
  const intended = {
    ...(await intendedRecord(running, resource, { operationKey })),
    external: true,
  } as const;
  const configuration = configurationOf(running, intended);
  const id = running.desired.readId(urn);
  const found = await readById({ ...running, state: session.state }, resource, id, configuration);
  if (!found) {
    const message = `${resource.name} is only read, and there is no ${id}`;
    throw new BerthError([problem(engineCodes.BERTH6033, { message, resource: urn, site })]);
  }
  const inputs = inputsOfRead(definition, found.inputs);
  redactor.learn(inputs);
  const kept = await sealed(running, inputs, []);
  // Nothing is done to it. The journal has no other way to bring a record in.
  const pending: PendingOperation = { urn, type, action: "import", operationKey, intended };
  await session.begin(pending);
  await recordResult(running, pending, intended, kept, { ...found, id });
}
