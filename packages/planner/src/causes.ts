import type { Urn } from "@berth/core";
import type { Cause, Change } from "./plan.ts";

/** A chain that is longer is told by its beginning and its end. */
const mostLinks = 8;

/**
 * Changes with their chains of causes: from the change that brings about this one to the one that nothing else brings
 * about. Only its beginning and end where it is long, so that a plan grows no faster than what changes.
 */
export function withCauses(changes: readonly Change[]): readonly Change[] {
  const byUrn = new Map<Urn, Change>();
  for (const change of changes) if (change.reason.kind !== "superseded") byUrn.set(change.urn, change);
  const roots = new Map<Urn, Ancestry>();
  return changes.map((change) => {
    const causes = chainOf(change, byUrn, roots);
    return causes.length > 0 ? { ...change, causes } : change;
  });
}

/** The end of a chain, and how many links away it is. */
interface Ancestry {
  readonly root: Change;
  readonly distance: number;
}

function chainOf(
  change: Change,
  byUrn: ReadonlyMap<Urn, Change>,
  roots: Map<Urn, Ancestry>,
): readonly Cause[] {
  const links: Change[] = [];
  let next = upstreamOf(change, byUrn);
  while (next && next !== change && !links.includes(next) && links.length < mostLinks) {
    links.push(next);
    next = upstreamOf(next, byUrn);
  }
  const last = links.at(-1);
  if (!last || links.length < mostLinks) return links.map((each) => causeOf(each));
  const { root, distance } = ancestry(last, byUrn, roots);
  const shown = links.map((each) => causeOf(each));
  if (distance === 0) return shown;
  return [...shown.slice(0, -1), { ...causeOf(root), ...(distance > 0 && { skipped: distance }) }];
}

/** Found once for each change, since many chains have one end. */
function ancestry(from: Change, byUrn: ReadonlyMap<Urn, Change>, roots: Map<Urn, Ancestry>): Ancestry {
  const path: Change[] = [];
  const seen = new Set<Change>();
  let end: Ancestry = { root: from, distance: 0 };
  for (let each: Change | undefined = from; each && !seen.has(each); each = upstreamOf(each, byUrn)) {
    const known = roots.get(each.urn);
    if (known) {
      end = known;
      break;
    }
    seen.add(each);
    path.push(each);
    end = { root: each, distance: -1 };
  }
  let { distance } = end;
  for (const each of path.toReversed()) roots.set(each.urn, { root: end.root, distance: ++distance });
  return roots.get(from.urn) ?? end;
}

/** The change that brings this one about; `undefined` for one that the program itself asks for. */
function upstreamOf(
  { urn, reason, properties }: Change,
  byUrn: ReadonlyMap<Urn, Change>,
): Change | undefined {
  const first = (urns: readonly Urn[]): Change | undefined => {
    const changes = urns.flatMap((each) => (each === urn ? [] : (byUrn.get(each) ?? [])));
    return changes.find(({ action }) => action === "replace") ?? changes[0];
  };
  switch (reason.kind) {
    case "upstream-replaced":
      return first(reason.upstream);
    case "cluster-replaced":
      return first([reason.cluster]);
    case "provider-replaced":
      return first([reason.provider]);
    case "cannot-update":
    case "replace-on-changes": {
      const paths = new Set(reason.paths);
      return first(properties.filter(({ path }) => paths.has(path)).flatMap(({ upstream = [] }) => upstream));
    }
    case "inputs-changed":
      return first(properties.flatMap(({ upstream = [] }) => upstream));
    default:
      return undefined;
  }
}

/** What a change says of itself as a cause: the property and the rule that decided, and where it is declared. */
function causeOf({ urn, type, name, action, certainty, reason, properties, site }: Change): Cause {
  const path =
    "paths" in reason ? reason.paths[0] : reason.kind === "inputs-changed" ? properties[0]?.path : undefined;
  const rule =
    "rule" in reason ? reason.rule : properties.find((each) => each.path === path)?.forcesReplacement;
  return {
    urn,
    type,
    name,
    action,
    certainty,
    ...(path === undefined ? {} : { path }),
    ...(rule === undefined ? {} : { rule }),
    ...(site ? { site } : {}),
  };
}
