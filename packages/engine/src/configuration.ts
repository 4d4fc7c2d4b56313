import { isKnown, type ResourceRecord, type Urn, type ValueObject } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import type { Secrets } from "@berth/state";
import { engineCodes } from "./codes.ts";
import type { RecordLookup } from "./providers.ts";
import { openRecorded } from "./recorded-values.ts";
import type { Redactor } from "./redactor.ts";

/** Where configurations of providers are read from: what is recorded of provider resources. */
export interface Configurations {
  readonly records: RecordLookup;
  readonly secrets: Secrets;
  readonly redactor: Redactor;
}

/**
 * The part of a request that says with which configuration its provider is to work; empty where the
 * program names no provider resource.
 *
 * @param user - the resource that the request is about
 * @throws BERTH6010 where it is not at hand: working with the defaults instead could reach another account
 */
export function configurationFor(
  { urn, providerResource }: Pick<ResourceRecord, "urn" | "providerResource">,
  { records, secrets, redactor }: Configurations,
): { readonly configuration?: ValueObject } {
  if (providerResource === undefined) return {};
  const record = records(providerResource);
  if (!record) throw notAtHand(urn, `${providerResource} is not recorded`);
  const configuration = openRecorded(record.inputs, providerResource, secrets);
  redactor.learn(configuration);
  if (!isKnown(configuration)) throw notAtHand(urn, `a secret of ${providerResource} cannot be read`);
  return { configuration };
}

function notAtHand(resource: Urn, why: string): BerthError {
  const message = `the configuration of its provider is not at hand: ${why}`;
  return new BerthError([problem(engineCodes.BERTH6010, { message, resource })]);
}
