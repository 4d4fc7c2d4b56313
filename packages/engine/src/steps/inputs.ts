import {
  checkInputs,
  encodeValue,
  formatProducer,
  type GraphResource,
  isKnown,
  type JsonObject,
  producersOf,
  type ResourceRecord,
  type ValueObject,
} from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import type { Difference } from "@berth/planner";
import { disagreementsOfCreate, disagreementsOfUpdate } from "../agreement.ts";
import { engineCodes } from "../codes.ts";
import type { Running } from "./running.ts";

/** Inputs of a step whose turn has come: evaluated, known, and valid. */
export function knownInputs(
  { desired, redactor }: Running,
  resource: GraphResource,
  step: { readonly generation: number; readonly updated: ResourceRecord | undefined },
): ValueObject {
  const inputs = desired.inputs(resource.urn, step);
  redactor.learn(inputs);
  const about = { resource: resource.urn, site: resource.site };
  if (!isKnown(inputs)) {
    const missing = producersOf(inputs).map(formatProducer).join(", ") || "a part of its inputs";
    const message = `not known, although everything it depends on is done: ${missing}`;
    throw new BerthError([problem(engineCodes.BERTH6004, { ...about, message })]);
  }
  const problems = checkInputs(resource.definition, inputs).filter((each) => each.severity === "error");
  if (problems.length > 0) throw new BerthError(problems.map((each) => ({ ...about, ...each })));
  return inputs;
}

/**
 * Refuses inputs that are not what the plan showed as certain.
 *
 * @param record - what is updated; `undefined` for a create
 */
export function refuseDisagreement(
  running: Running,
  resource: GraphResource,
  record: ResourceRecord | undefined,
  inputs: ValueObject,
  differences: readonly Difference[],
): void {
  const change = running.change(resource.urn);
  const encoded = encodeValue(inputs);
  const paths = record
    ? disagreementsOfUpdate(change, differences)
    : disagreementsOfCreate(change, isJsonObject(encoded) ? encoded : {});
  if (paths.length === 0) return;
  const about = { resource: resource.urn, site: resource.site };
  const message = "the value is not the one that the plan showed";
  throw new BerthError(paths.map((path) => problem(engineCodes.BERTH6005, { ...about, path, message })));
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
