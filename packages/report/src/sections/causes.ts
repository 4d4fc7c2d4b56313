import { formatSite } from "@berth/diagnostics";
import type { Cause, Change } from "@berth/planner";
import { type Item, span, type Spans } from "../document.ts";

/** Why a change is made, where its properties do not say it: what brings it about, and what becomes of the old. */
export function causeItems(change: Change): readonly Item[] {
  const lines = [
    chain(change),
    option(change),
    order(change),
    ending(change),
    adoption(change),
    origin(change),
  ];
  return lines.filter((line) => line.length > 0).map((spans): Item => ({ spans }));
}

/** `because azure:VirtualNetwork net is replaced (location: …, store.ts:12:3), through subnet, pool`: the end of the chain, and the way there. */
function chain({ causes = [], action, certainty, because, reason }: Change): Spans {
  const root = causes.at(-1);
  if (!root) return [];
  // What is on a cluster is many things, and the cluster stands above them.
  if (reason.kind === "cluster-replaced" && causes.length === 1)
    return [span("because its cluster ", "quiet"), span(root.name, "name"), span(" is replaced")];
  // What a value is waited for from stands on the line above.
  if (action === "update" && certainty === "may" && causes.length === 1 && because) return [];
  const way = causes
    .slice(0, -1)
    .map((each) => each.name)
    .toReversed();
  const between = root.skipped === undefined ? way : [`${root.skipped} more`, ...way];
  return [
    span("because ", "quiet"),
    span(`${root.type} ${root.name}`, "name"),
    span(` ${doneTo(root)}${detail(root)}`),
    ...(between.length > 0 ? [span(`, through ${between.join(", ")}`, "quiet")] : []),
  ];
}

function doneTo({ action, certainty }: Cause): string {
  const done = participles[action];
  return certainty === "may" ? `may be ${done}` : `is ${done}`;
}

const participles: Readonly<Record<Cause["action"], string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  read: "read",
  import: "imported",
  forget: "forgotten",
  move: "moved",
  "no-op": "kept",
};

function detail({ path, rule, site }: Cause): string {
  const what = [path, rule].filter((each) => each !== undefined).join(": ");
  const parts = [what, site ? formatSite(site) : ""].filter((each) => each !== "");
  return parts.length > 0 ? ` (${parts.join(", ")})` : "";
}

/** Where neither a property nor another resource asks for it. */
function option({ reason }: Change): Spans {
  switch (reason.kind) {
    case "replacement-trigger":
      return [span("because its replacementTrigger is another one")];
    case "requested":
      return [span("because --replace asks for it")];
    case "gone":
      return [span("because it does not exist any more", "warning")];
    case "superseded":
      return [
        span(`because what took its place exists: ${reason.id} is left over from an earlier operation`),
      ];
    default:
      return [];
  }
}

function order({ replacement, retained, deletedWith }: Change): Spans {
  if (replacement === undefined) return [];
  if (replacement === "create-first" && deletedWith !== undefined) return [];
  if (replacement === "create-first")
    return [
      span(
        retained
          ? "the new one is created beside the old one"
          : "the new one is created before the old one is deleted",
        "quiet",
      ),
    ];
  return [
    span(
      retained
        ? "the old one is let go before the new one is created"
        : "the old one is deleted before the new one is created",
      "warning",
    ),
  ];
}

function ending({ retained, deletedWith, action }: Change): Spans {
  const what = action === "replace" ? "the old one" : "it";
  if (retained) return [span(`${what} stays where it is, and berth forgets it (retainOnDelete)`, "warning")];
  if (deletedWith === undefined) return [];
  return [span(`${what} goes with ${deletedWith.split("::").slice(1).join(" ")}`, "quiet")];
}

function adoption({ adopts }: Change): Spans {
  return adopts ? [span("what exists already under its name is taken over (adopt)", "warning")] : [];
}

function origin({ movedFrom, reason }: Change): Spans {
  if (movedFrom === undefined) return [];
  const path = movedFrom.split("::").slice(2).join("::");
  const why = reason.kind === "moved" && reason.by === "content" ? ", as the same physical thing" : "";
  return [span(`recorded as ${path} until now${why}`, "quiet")];
}
