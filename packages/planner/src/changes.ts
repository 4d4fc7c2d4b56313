import { encodeValue, type Json, type JsonObject, parseUrn, type Urn, type Value } from "@berth/core";
import type { Difference } from "./compare/difference.ts";
import { isObject } from "./compare/difference.ts";
import { sourcesOf } from "./compare/path.ts";
import { opaque } from "./compare/opaque.ts";
import type { Ending } from "./endings.ts";
import type { Leaving } from "./leaving.ts";
import type { Move } from "./moves/move.ts";
import type { Change, PlannedPropertyChange } from "./plan.ts";
import { relativeSite, shown, shownBeside } from "./present.ts";
import type { Standing } from "./resolve/standing.ts";

/** What the Plan says of a declared resource that changes; `undefined` for one that does not. */
export function changeOf(
  standing: Standing,
  ending: Ending,
  move: Move | undefined,
  changing: ReadonlySet<Urn>,
  projectFolder: string | undefined,
): Change | undefined {
  const { resource, action, certainty, because, reason, differences, assigned, inputs } = standing;
  const { replacement, generation } = standing;
  if (action === "no-op" || reason === undefined) return move && moveOf(standing, move, projectFolder);
  const { urn, type, name, parent, cluster, references } = resource;
  return {
    urn,
    type,
    name,
    ...(parent === undefined ? {} : { parent }),
    ...(cluster === undefined ? {} : { cluster }),
    action,
    certainty,
    ...(because.length > 0 ? { because } : {}),
    reason,
    ...(replacement === undefined ? {} : { replacement, ...endingOf(ending) }),
    ...(generation > 0 ? { generation } : {}),
    ...(resource.options.adopt && (action === "create" || action === "replace") ? { adopts: true } : {}),
    ...(move ? { movedFrom: move.from } : {}),
    properties: differences.map((each) => propertyChange(each, references, changing)),
    ...(action === "update" ? {} : { after: shownObject(inputs) }),
    assigned,
    site: relativeSite(resource.site, projectFolder),
  };
}

/** What the Plan says of a resource of which nothing changes but its URN. */
function moveOf(
  { resource, assigned, generation }: Standing,
  { from, by }: Move,
  projectFolder: string | undefined,
): Change {
  const { urn, type, name, parent, cluster } = resource;
  return {
    urn,
    type,
    name,
    ...(parent === undefined ? {} : { parent }),
    ...(cluster === undefined ? {} : { cluster }),
    action: "move",
    certainty: "will",
    reason: { kind: "moved", from, by },
    ...(generation > 0 ? { generation } : {}),
    movedFrom: from,
    properties: [],
    assigned,
    site: relativeSite(resource.site, projectFolder),
  };
}

/** What the Plan says of a resource that is deleted, or let go. */
export function deletionOf(
  { record, reason, declared }: Leaving,
  ending: Ending,
  move: Move | undefined,
  projectFolder: string | undefined,
): Change {
  const { urn, type, parent, cluster, assigned } = record;
  return {
    urn,
    type,
    name: declared?.name ?? parseUrn(move?.from ?? urn)?.path.at(-1) ?? urn,
    ...(parent === undefined ? {} : { parent }),
    ...(cluster === undefined ? {} : { cluster }),
    action: ending.retained ? "forget" : "delete",
    certainty: "will",
    reason,
    ...endingOf(ending),
    ...(move ? { movedFrom: move.from } : {}),
    properties: [],
    before: shownRecord(record.inputs),
    assigned,
    ...(declared ? { site: relativeSite(declared.site, projectFolder) } : {}),
  };
}

function endingOf({ retained, deletedWith }: Ending): Pick<Change, "retained" | "deletedWith"> {
  return { ...(retained ? { retained } : {}), ...(deletedWith === undefined ? {} : { deletedWith }) };
}

function propertyChange(
  { path, kind, before, after, certainty, forcesReplacement }: Difference,
  references: Readonly<Record<string, readonly Urn[]>>,
  changing: ReadonlySet<Urn>,
): PlannedPropertyChange {
  const [from, to] = [shownBeside(before, after), shownBeside(after, before)];
  const upstream = sourcesOf(path, references).filter((each) => changing.has(each));
  return {
    path,
    kind,
    ...(from === undefined ? {} : { before: from }),
    ...(to === undefined ? {} : { after: to }),
    certainty,
    ...(forcesReplacement === undefined ? {} : { forcesReplacement }),
    ...(upstream.length > 0 ? { upstream } : {}),
  };
}

function shownObject(value: Value): JsonObject {
  const encoded = encodeValue(value);
  return isObject(encoded) ? encoded : {};
}

function shownRecord(inputs: JsonObject): JsonObject {
  const value: Json = shown(opaque(inputs, undefined));
  return isObject(value) ? value : {};
}
