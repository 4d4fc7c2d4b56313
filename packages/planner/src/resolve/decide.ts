import type { PendingOperation, Urn } from "@berth/core";
import type { Difference } from "../compare/difference.ts";
import { replaceOnChangesRule } from "../compare/replace-on.ts";
import type { ActionReason } from "../plan.ts";
import type { Standing } from "./standing.ts";
import type { TriggerChange } from "./trigger.ts";

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
  /** The value of the option `replacementTrigger` is another one, or may be. */
  readonly trigger: TriggerChange | undefined;
  /** It is asked for (`--replace`). */
  readonly isRequested: boolean;
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
export function decideChange(differences: readonly Difference[], circumstances: Circumstances): Decision {
  const replacement = decideReplacement(differences, circumstances);
  if (replacement) return replacement;
  const { pending } = circumstances;
  if (pending) return { action: "update", ...certain, reason: interrupted(pending), differences };
  if (differences.length === 0) return unchanged;
  return { action: "update", ...certaintyOf(differences), reason: { kind: "inputs-changed" }, differences };
}

/** The first cause that is certain; where none is, the first of those that may be. */
function decideReplacement(
  differences: readonly Difference[],
  circumstances: Circumstances,
): Decision | undefined {
  let possible: Decision | undefined;
  for (const cause of causesOf(differences, circumstances)) {
    if (cause.certainty === "will") return cause;
    possible ??= cause;
  }
  return possible;
}

/** Whatever replaces the resource, the most telling first. */
function* causesOf(
  differences: readonly Difference[],
  { otherCluster, otherAccount, fromReplaced, trigger, isRequested }: Circumstances,
): Generator<Decision> {
  const action = "replace";
  if (otherCluster !== undefined) {
    const reason: ActionReason = { kind: "cluster-replaced", cluster: otherCluster };
    yield { action, ...certain, reason, differences };
  }
  if (otherAccount) yield moved(otherAccount, differences);
  const forcing = differences.filter((each) => each.forcesReplacement !== undefined);
  const ruled = forcing.filter((each) => each.forcesReplacement !== replaceOnChangesRule);
  const [first] = ruled;
  if (first) {
    const paths = ruled.map((each) => each.path);
    const reason: ActionReason = { kind: "cannot-update", paths, rule: first.forcesReplacement ?? "" };
    yield { action, ...certaintyOf(ruled), reason, differences };
  }
  if (fromReplaced) {
    const paths = fromReplaced.differences.map((each) => each.path);
    const own = new Set(paths);
    const rest = differences.filter((each) => !own.has(each.path));
    const reason: ActionReason = { kind: "upstream-replaced", upstream: fromReplaced.upstream, paths };
    yield { action, ...certain, reason, differences: [...fromReplaced.differences, ...rest] };
  }
  const named = forcing.filter((each) => each.forcesReplacement === replaceOnChangesRule);
  if (named.length > 0) {
    const reason: ActionReason = { kind: "replace-on-changes", paths: named.map((each) => each.path) };
    yield { action, ...certaintyOf(named), reason, differences };
  }
  if (trigger) yield { action, ...trigger, reason: { kind: "replacement-trigger" }, differences };
  if (isRequested) yield { action, ...certain, reason: { kind: "requested" }, differences };
}

function moved(
  { provider, rule, certainty, because }: OtherAccount,
  differences: readonly Difference[],
): Decision {
  const reason: ActionReason = { kind: "provider-replaced", provider, rule };
  return { action: "replace", certainty, because, reason, differences };
}

function certaintyOf(differences: readonly Difference[]): Pick<Decision, "certainty" | "because"> {
  return differences.some((each) => each.certainty === "will") ? certain : doubtful(differences);
}

function doubtful(differences: readonly Difference[]): Pick<Decision, "certainty" | "because"> {
  return { certainty: "may", because: [...new Set(differences.flatMap((each) => each.because))].toSorted() };
}

function interrupted({ action }: PendingOperation): ActionReason {
  const began = { create: "creation", update: "update", delete: "deletion", import: "import" }[action];
  return { kind: "interrupted", text: `its ${began} began, and how it ended is not known` };
}
