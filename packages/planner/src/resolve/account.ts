import type { GraphResource, ResourceRecord, Urn } from "@berth/core";
import { accountDifferences } from "../compare/compare.ts";
import type { SecretDigest } from "../compare/opaque.ts";
import type { PlanRequest } from "../request.ts";
import type { OtherAccount } from "./decide.ts";
import type { Standing } from "./standing.ts";

/** What tells which account a resource was made in, and in which it is to be. */
export interface Accounts {
  /** Of the resources that were decided before. */
  readonly standings: ReadonlyMap<Urn, Standing>;
  readonly records: ReadonlyMap<Urn, ResourceRecord>;
  readonly definition: PlanRequest["definition"];
  readonly digest: SecretDigest;
}

/** Another account than the one that it was made in: its provider resource is replaced, or it moves to one of another. */
export function findOtherAccount(
  { options }: GraphResource,
  { providerResource }: ResourceRecord,
  { standings, records, definition: definitionOf, digest }: Accounts,
): OtherAccount | undefined {
  const provider = options.provider ?? providerResource;
  if (provider === undefined) return undefined;
  const next = options.provider === undefined ? undefined : standings.get(options.provider);
  if (options.provider === providerResource) {
    if (next?.action !== "replace") return undefined;
    return { provider, rule: ruleOf(next), certainty: next.certainty, because: next.because };
  }
  const before = providerResource === undefined ? undefined : records.get(providerResource);
  const definition = next?.resource.definition ?? definitionOf(before?.type ?? "");
  const forcing = definition
    ? accountDifferences(definition, before?.inputs ?? {}, next?.inputs ?? {}, digest)
    : [];
  const [first] = forcing;
  if (!first) return undefined;
  const isSure = forcing.some((each) => each.certainty === "will");
  return {
    provider,
    rule: first.forcesReplacement ?? "",
    certainty: isSure ? "will" : "may",
    because: isSure ? [] : [...new Set(forcing.flatMap((each) => each.because))].toSorted(),
  };
}

function ruleOf({ differences }: Standing): string {
  return differences.find((each) => each.forcesReplacement !== undefined)?.forcesReplacement ?? "";
}
