import type { StackState, Urn } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import type { StateSession } from "../backend.ts";
import { stateCodes } from "../codes.ts";
import { dependentsOf, findUrn, typedName } from "./selection.ts";

/** What is forgotten, with everything under its URN. */
export interface RecordRemoval {
  readonly urn: Urn;
  /** Physical ids of what stays where it is and is managed no more, what was superseded included. Empty: only pending. */
  readonly ids: readonly string[];
}

/**
 * What forgetting some resources comes to, in an order in which each can go.
 *
 * @param withDependents - whether what needs them is forgotten too, instead of being in the way
 * @throws BERTH4031, BERTH4032; BERTH4033 for each that others need; BERTH4034 for each that is protected
 */
export function planRemovals(
  state: StackState,
  names: readonly string[],
  withDependents: boolean,
): readonly RecordRemoval[] {
  const chosen = [...new Set(names.map((name) => findUrn(state, name)))];
  const dependents = dependentsOf(state, chosen);
  if (!withDependents && dependents.length > 0) throw inTheWay(state, chosen, dependents);
  const going = new Set([...dependents, ...chosen]);
  const records = new Map(state.resources.map((record) => [record.urn, record]));
  const protectedOnes = [...going].filter((urn) => records.get(urn)?.protect === true);
  if (protectedOnes.length > 0) throw areProtected(protectedOnes);
  const recorded = state.resources
    .map(({ urn }) => urn)
    .filter((urn) => going.has(urn))
    .toReversed();
  return [...new Set([...recorded, ...going])].map((urn) => ({ urn, ids: idsUnder(state, urn) }));
}

/** Carries them out: no side effect, each durable when it is done. */
export async function removeRecords(
  session: StateSession,
  removals: readonly RecordRemoval[],
): Promise<void> {
  for (const { urn } of removals) {
    for (const { operationKey } of session.superseded(urn)) await session.forget(urn, operationKey);
    if (session.record(urn) ?? session.pending(urn)) await session.forget(urn);
  }
}

function idsUnder({ resources, superseded = [] }: StackState, urn: Urn): readonly string[] {
  return [...superseded, ...resources].filter((record) => record.urn === urn).map(({ id }) => id);
}

function inTheWay(state: StackState, chosen: readonly Urn[], dependents: readonly Urn[]): BerthError {
  return new BerthError(
    chosen.flatMap((urn) => {
      const needing = dependentsOf(state, [urn]).filter((each) => dependents.includes(each));
      if (needing.length === 0) return [];
      const shown = needing.slice(0, 5).map(typedName).join(", ");
      const more = needing.length > 5 ? ` and ${needing.length - 5} more` : "";
      return [
        problem(stateCodes.BERTH4033, {
          message: `it is needed by ${shown}${more}`,
          resource: urn,
          hint: "name them too, or say --with-dependents",
        }),
      ];
    }),
  );
}

function areProtected(urns: readonly Urn[]): BerthError {
  return new BerthError(
    urns.map((urn) =>
      problem(stateCodes.BERTH4034, {
        message: "it is protected",
        resource: urn,
        hint: `\`berth state unprotect ${typedName(urn)}\` first`,
      }),
    ),
  );
}
