import type { ResourceRecord, StackState, Urn } from "@berth/core";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { canonicalJson } from "../canonical.ts";
import { stateCodes } from "../codes.ts";
import { asJson } from "../shape.ts";

/** What differs between two states, by URN, sorted. */
export interface StateDifference {
  readonly added: readonly Urn[];
  readonly removed: readonly Urn[];
  readonly changed: readonly Urn[];
  /** Whether outputs, pending operations or what was superseded differ. */
  readonly others: readonly ("outputs" | "pending" | "superseded" | "secretsKey")[];
}

/** What would be another. */
export function differenceOf(before: StackState, after: StackState): StateDifference {
  const [old, next] = [textsOf(before.resources), textsOf(after.resources)];
  const json = (state: StackState) => ({
    outputs: canonicalJson(state.outputs),
    pending: canonicalJson(state.pending.map(asJson)),
    superseded: canonicalJson((state.superseded ?? []).map(asJson)),
    secretsKey: canonicalJson(state.secretsKey ? { ...state.secretsKey } : null),
  });
  const [left, right] = [json(before), json(after)];
  return {
    added: [...next.keys()].filter((urn) => !old.has(urn)).toSorted(),
    removed: [...old.keys()].filter((urn) => !next.has(urn)).toSorted(),
    changed: [...next]
      .filter(([urn, text]) => old.has(urn) && old.get(urn) !== text)
      .map(([urn]) => urn)
      .toSorted(),
    others: (["outputs", "pending", "superseded", "secretsKey"] as const).filter(
      (part) => left[part] !== right[part],
    ),
  };
}

/** Whether nothing differs. */
export function isSame({ added, removed, changed, others }: StateDifference): boolean {
  return added.length + removed.length + changed.length + others.length === 0;
}

/**
 * Refuses a state that would take the place of a newer one, or make the stack forget what it manages.
 *
 * @throws BERTH4037 with every reason
 */
export function refuseLoss(before: StackState, after: StackState): void {
  const problems: Problem[] = [];
  const hint = "say --force where that is meant";
  if (after.serial < before.serial) {
    const message = `it is older than what is recorded: its serial is ${after.serial}, the recorded one ${before.serial}`;
    problems.push(problem(stateCodes.BERTH4037, { message, hint }));
  }
  const kept = new Set(
    [...after.resources, ...(after.superseded ?? [])].map(({ urn, id }) => `${urn}\u0000${id}`),
  );
  const all: readonly ResourceRecord[] = [...before.resources, ...(before.superseded ?? [])];
  for (const { urn, id } of all) {
    if (kept.has(`${urn}\u0000${id}`)) continue;
    const message = `${id} is recorded, and not in it: it would be forgotten, and stay where it is`;
    problems.push(problem(stateCodes.BERTH4037, { message, hint, resource: urn }));
  }
  if (problems.length > 0) throw new BerthError(problems);
}

function textsOf(records: readonly ResourceRecord[]): ReadonlyMap<Urn, string> {
  return new Map(records.map((record) => [record.urn, canonicalJson(asJson(record))]));
}
