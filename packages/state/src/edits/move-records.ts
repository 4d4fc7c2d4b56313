import { formatUrn, nameProblem, parseUrn, type StackState, type Urn, type UrnParts } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import type { StateSession } from "../backend.ts";
import { stateCodes } from "../codes.ts";
import { findUrn, typedName } from "./selection.ts";

/** One resource that has another URN now. */
export interface RecordMove {
  readonly from: Urn;
  readonly to: Urn;
}

/**
 * What a move of a resource, or of everything in a component, comes to: it and all below it, each with its new URN.
 *
 * @param from - URN, `TYPE::path` or path; also the path of a component, which has no record itself
 * @param to - the new path, or a URN of the same type
 * @throws BERTH4031, BERTH4032, BERTH4035 for a target that is no name, is taken, or is of another type
 * @example planMoves(state, "web", "front/web") // [{ from: "urn:…::web", to: "urn:…::front/web" }]
 */
export function planMoves(state: StackState, from: string, to: string): readonly RecordMove[] {
  const below = urnsBelow(state, from);
  const own = hasRecord(state, from) || below.length === 0 ? findUrn(state, from) : undefined;
  const path = own === undefined ? from.split("/") : partsOf(own).path;
  const target = targetPath(to, own);
  const moving = own === undefined ? below : [own, ...urnsBelow(state, path.join("/"))];
  const moves = [...new Set(moving)].map((urn): RecordMove => {
    const parts = partsOf(urn);
    return { from: urn, to: formatUrn({ ...parts, path: [...target, ...parts.path.slice(path.length)] }) };
  });
  refuseTaken(state, moves);
  return moves;
}

/** Carries them out: no side effect, each durable when it is done. */
export async function moveRecords(session: StateSession, moves: readonly RecordMove[]): Promise<void> {
  for (const { from, to } of moves) await session.move(from, to);
}

function hasRecord(state: StackState, name: string): boolean {
  const all = [...state.resources, ...(state.superseded ?? []), ...state.pending];
  return all.some(
    ({ urn }) => urn === name || typedName(urn) === name || partsOf(urn).path.join("/") === name,
  );
}

function urnsBelow(state: StackState, path: string): readonly Urn[] {
  const all = [...state.resources, ...(state.superseded ?? []), ...state.pending];
  return all.map(({ urn }) => urn).filter((urn) => partsOf(urn).path.join("/").startsWith(`${path}/`));
}

function targetPath(to: string, own: Urn | undefined): readonly string[] {
  const parts = parseUrn(to);
  const type = own === undefined ? undefined : partsOf(own).type;
  if (parts && type !== parts.type)
    throw misplaced(
      `${to} is of type ${parts.type}${type === undefined ? "" : `, not ${type}`}: a move changes names only`,
    );
  const path = parts?.path ?? to.split("/");
  for (const name of path) {
    const why = nameProblem(name);
    if (why !== undefined) throw misplaced(`${JSON.stringify(to)} cannot be a name: ${why}`);
  }
  return path;
}

function refuseTaken(state: StackState, moves: readonly RecordMove[]): void {
  const leaving = new Set(moves.map((move) => move.from));
  const all = [...state.resources, ...(state.superseded ?? []), ...state.pending];
  const taken = new Set(all.map(({ urn }) => urn));
  const problems = moves.flatMap(({ from, to }) => {
    if (!taken.has(to)) return [];
    const why = leaving.has(to) ? "is being moved itself" : "is recorded already";
    return [
      problem(stateCodes.BERTH4035, {
        message: `it cannot become ${typedName(to)}, which ${why}`,
        resource: from,
      }),
    ];
  });
  if (problems.length > 0) throw new BerthError(problems);
}

function misplaced(message: string): BerthError {
  return new BerthError([problem(stateCodes.BERTH4035, { message })]);
}

function partsOf(urn: Urn): UrnParts {
  return parseUrn(urn) ?? { stack: "", project: "", type: "", path: [urn] };
}
