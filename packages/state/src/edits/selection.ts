import { parseUrn, type ResourceRecord, type StackState, type Urn } from "@berth/core";
import { BerthError, nearest, problem } from "@berth/diagnostics";
import { stateCodes } from "../codes.ts";
import { forEachNeed } from "../surroundings.ts";

/** `kubernetes:Deployment::front/web`: as people tell resources of a stack apart. */
export function typedName(urn: Urn): string {
  const parts = parseUrn(urn);
  return parts ? `${parts.type}::${parts.path.join("/")}` : urn;
}

/**
 * URN of what is recorded, superseded or pending under a name: a URN, `TYPE::path`, or a path alone.
 *
 * @throws BERTH4031 where nothing is, with the nearest name; BERTH4032 where several are
 */
export function findUrn(state: StackState, name: string): Urn {
  const urns = urnsIn(state);
  const found = urns.filter((urn) => isNamed(urn, name));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1) {
    const message = `${JSON.stringify(name)} could be ${found.map(typedName).join(" or ")}`;
    throw new BerthError([problem(stateCodes.BERTH4032, { message, hint: "say it with its type" })]);
  }
  const guess = nearest(name, urns.flatMap(namesOf));
  const message = `nothing is recorded under ${JSON.stringify(name)}`;
  const hint = guess === undefined ? "`berth state list` names what is" : `did you mean ${guess}?`;
  throw new BerthError([problem(stateCodes.BERTH4031, { message, hint })]);
}

/** The recorded resource of that name. @throws BERTH4031, BERTH4032 */
export function findRecord(state: StackState, name: string): ResourceRecord {
  const recorded = { ...state, superseded: [], pending: [] };
  const urn = findUrn(recorded, name);
  return state.resources.find((record) => record.urn === urn)!;
}

/** URNs of all that need some of these, directly or through others; not these themselves. Those that need most come first. */
export function dependentsOf(
  { resources, superseded = [] }: StackState,
  urns: readonly Urn[],
): readonly Urn[] {
  const found = new Set<Urn>();
  const needed = new Set(urns);
  const isNeeding = (record: ResourceRecord): boolean => {
    let needs = false;
    forEachNeed(record, (urn) => (needs ||= needed.has(urn) || found.has(urn)));
    return needs && !needed.has(record.urn);
  };
  // Each comes after what it needs, so one look is enough.
  for (const record of resources) if (isNeeding(record)) found.add(record.urn);
  for (const record of superseded) if (isNeeding(record)) found.add(record.urn);
  return [...found].toReversed();
}

function urnsIn({ resources, superseded = [], pending }: StackState): readonly Urn[] {
  return [...new Set([...resources, ...superseded, ...pending].map(({ urn }) => urn))];
}

function isNamed(urn: Urn, name: string): boolean {
  return urn === name || namesOf(urn).includes(name);
}

function namesOf(urn: Urn): readonly string[] {
  const parts = parseUrn(urn);
  return parts ? [parts.path.join("/"), typedName(urn)] : [urn];
}
