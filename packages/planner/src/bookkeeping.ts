import {
  equalValues,
  isEncryptedValue,
  type Json,
  recordedOptions,
  type RecordedOptions,
  type ResolvedOptions,
  type ResourceRecord,
  Secret,
  Unknown,
  type Urn,
  type Value,
} from "@berth/core";
import type { Bookkeeping } from "./request.ts";
import type { Standing } from "./resolve/standing.ts";

/** What the record of an unchanged resource must say anew; `undefined` where it says so already. */
export function bookkeepingOf({
  resource,
  recorded,
  inputs,
  action,
  asRecorded,
}: Standing): Bookkeeping | undefined {
  if (!recorded || action !== "no-op") return undefined;
  const { urn, dependencies, references, parent, options } = resource;
  const kept = keptOptions(options, recorded);
  const hasNewTrigger =
    options.replacementTrigger !== undefined && recorded.options?.replacementTrigger === undefined;
  const remarked = !asRecorded && hasOtherSecrets(recorded.inputs, inputs);
  const same =
    !remarked &&
    !hasNewTrigger &&
    parent === recorded.parent &&
    options.provider === recorded.providerResource &&
    options.protect === recorded.protect &&
    (kept === recorded.options || equalValues(kept, recorded.options)) &&
    sameUrns(dependencies, recorded.dependencies) &&
    sameReferences(references, recorded.references);
  if (same) return undefined;
  return {
    urn,
    dependencies,
    references,
    ...(parent === undefined ? {} : { parent }),
    ...(options.provider === undefined ? {} : { providerResource: options.provider }),
    protect: options.protect,
    ...(kept ? { options: kept } : {}),
    ...(hasNewTrigger ? { hasNewTrigger } : {}),
    ...(remarked ? { inputs } : {}),
  };
}

/** What the record is to say of options; what a trigger came to, it says until the resource is replaced. */
function keptOptions(
  options: ResolvedOptions,
  { options: recorded }: ResourceRecord,
): RecordedOptions | undefined {
  const { replacementTrigger } = options;
  return recordedOptions(
    options,
    replacementTrigger === undefined ? undefined : recorded?.replacementTrigger,
  );
}

/** Whether something is marked secret on one side only. */
function hasOtherSecrets(recorded: Json | undefined, desired: Value | undefined): boolean {
  if (isEncryptedValue(recorded))
    return !(desired instanceof Secret || desired instanceof Unknown || isEncryptedValue(desired));
  if (desired instanceof Secret) return true;
  if (typeof recorded !== "object" || typeof desired !== "object" || recorded === null || desired === null)
    return false;
  if (desired instanceof Unknown) return false;
  const [left, right] = [new Map(Object.entries(recorded)), Object.entries(desired)];
  return right.some(([key, value]) => hasOtherSecrets(left.get(key), value));
}

function sameReferences(
  a: Readonly<Record<string, readonly Urn[]>>,
  b: Readonly<Record<string, readonly Urn[]>>,
): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameUrns(a[key] ?? [], b[key] ?? []))
  );
}

function sameUrns(a: readonly Urn[], b: readonly Urn[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
