import type { PendingOperation, Urn } from "@berth/core";
import type { Difference } from "../compare/difference.ts";
import type { ActionReason } from "../plan.ts";
import type { Standing } from "./standing.ts";

/** What is to be done for a resource, and why. */
export type Decision = Pick<Standing, "action" | "certainty" | "because" | "reason" | "differences">;

/** What bears on the decision besides the resource's own inputs. */
export interface Circumstances {
  /** The cluster that it lives on, or lived on, where that is replaced or another one now. */
  readonly otherCluster: Urn | undefined;
  /** The provider with which it is, or was, made, where that names another account now, or may. */
  readonly otherAccount: OtherAccount | undefined;
  /** Immutable properties that take a value from resources that are replaced. */
  readonly fromReplaced:
    | { readonly upstream: readonly Urn[]; readonly differences: readonly Difference[] }
    | undefined;
  /** An operation on it began, and nobody knows how it ended. */
  readonly pending: PendingOperation | undefined;
}

/** Another account than the one in which a resource was made. */
export interface OtherAccount {
  readonly provider: Urn;
  /** Why nothing can move from one to the other, in words. */
  readonly rule: string;
  readonly certainty: "will" | "may";
  /** Where it is a `may`: what it depends on. */
  readonly because: readonly string[];
}

const certain = { certainty: "will", because: [] } as const;

/** @param isGone - whether it was recorded, and its provider does not find it any more */
export function decideCreate(pending: PendingOperation | undefined, isGone: boolean): Decision {
  const reason: ActionReason = pending ? interrupted(pending) : { kind: isGone ? "gone" : "not-recorded" };
  return { action: "create", ...certain, reason, differences: [] };
}

/** The decision for a resource that is as it is recorded, where nothing else bears on it. */
export const unchanged: Decision = Object.freeze({
  action: "no-op",
  ...certain,
  reason: undefined,
  differences: [],
});

/** What is to be done for a resource that is recorded. */
export function decideChange(
  differences: readonly Difference[],
  { otherCluster, otherAccount, fromReplaced, pending }: Circumstances,
): Decision {
  if (otherCluster !== undefined) {
    return {
      action: "replace",
      ...certain,
      reason: { kind: "cluster-replaced", cluster: otherCluster },
      differences,
    };
  }
  const elsewhere = otherAccount && moved(otherAccount, differences);
  if (elsewhere?.certainty === "will") return elsewhere;
  const forcing = differences.filter((each) => each.forcesReplacement !== undefined);
  const forcedForCertain = forcing.some((each) => each.certainty === "will");
  if (fromReplaced && !forcedForCertain) {
    const paths = fromReplaced.differences.map((each) => each.path);
    const own = new Set(paths);
    const rest = differences.filter((each) => !own.has(each.path));
    const reason: ActionReason = { kind: "upstream-replaced", upstream: fromReplaced.upstream, paths };
    return { action: "replace", ...certain, reason, differences: [...fromReplaced.differences, ...rest] };
  }
  if (elsewhere && !forcedForCertain) return elsewhere;
  if (forcing.length > 0) {
    const paths = forcing.map((each) => each.path);
    const reason: ActionReason = { kind: "cannot-update", paths, rule: forcing[0]?.forcesReplacement ?? "" };
    return { action: "replace", ...(forcedForCertain ? certain : doubtful(forcing)), reason, differences };
  }
  if (pending) return { action: "update", ...certain, reason: interrupted(pending), differences };
  if (differences.length === 0) return unchanged;
  const sure = differences.some((each) => each.certainty === "will");
  return {
    action: "update",
    ...(sure ? certain : doubtful(differences)),
    reason: { kind: "inputs-changed" },
    differences,
  };
}

function moved(
  { provider, rule, certainty, because }: OtherAccount,
  differences: readonly Difference[],
): Decision {
  const reason: ActionReason = { kind: "provider-replaced", provider, rule };
  return { action: "replace", certainty, because, reason, differences };
}

function doubtful(differences: readonly Difference[]): Pick<Decision, "certainty" | "because"> {
  return { certainty: "may", because: [...new Set(differences.flatMap((each) => each.because))].toSorted() };
}

function interrupted({ action }: PendingOperation): ActionReason {
  const began = { create: "creation", update: "update", delete: "deletion", import: "import" }[action];
  return { kind: "interrupted", text: `its ${began} began, and how it ended is not known` };
}
