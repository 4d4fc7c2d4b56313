import { formatSite } from "@berth/diagnostics";
import type { Action, Change, Plan, PlannedPropertyChange } from "@berth/planner";
import { signOf, toneOf, wordOf } from "../action.ts";
import { type Block, type Item, type Section, type Span, span, type Spans } from "../document.ts";
import { formatValue } from "../value.ts";
import { causeItems } from "./causes.ts";
import { shortUrn } from "./problems.ts";

/** Danger first: what is destroyed, then what changes property by property, then what is new, by type. */
const order: readonly Action[] = [
  "replace",
  "delete",
  "forget",
  "move",
  "update",
  "import",
  "create",
  "read",
];

export function changes(plan: Plan): Section | undefined {
  if (plan.changes.length === 0) return undefined;
  const blocks = order.flatMap((action): Block[] => {
    const group = plan.changes.filter((change) => change.action === action);
    if (group.length === 0) return [];
    return [
      {
        kind: "listing",
        items: action === "create" || action === "delete" ? grouped(action, group) : group.map(inDetail),
      },
    ];
  });
  const digest = order
    .map(
      (action) => [plan.changes.filter((change) => change.action === action).length, wordOf(action)] as const,
    )
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} to ${word}`)
    .join(", ");
  return { title: "Resources", folded: false, digest, blocks };
}

/** By type, but for those of which there is more to say. */
function grouped(action: Action, group: readonly Change[]): Item[] {
  const special = group.filter((change) => causeItems(change).length > 0);
  const plain = special.length === 0 ? group : group.filter((change) => !special.includes(change));
  return [...special.map(inDetail), ...byType(action, plain)];
}

function byType(action: Action, group: readonly Change[]): Item[] {
  const types = new Map<string, Change[]>();
  for (const change of group) types.set(change.type, [...(types.get(change.type) ?? []), change]);
  return [...types].map(([type, members]) => ({
    spans: [
      signOf(action),
      span(" "),
      span(type, toneOf(action)),
      span(` × ${members.length}  `, "quiet"),
      ...names(members, action === "delete" ? members.length : shownNames),
    ],
  }));
}

/** So many names of what is new stand on a line; what goes is always named. */
const shownNames = 20;

function names(members: readonly Change[], most: number): Spans {
  const shown = members.length > most + 1 ? members.slice(0, most) : members;
  const line = shown.flatMap((change, i) => [
    ...(i > 0 ? [span(", ")] : []),
    span(change.name, "name"),
    ...maybe(change),
  ]);
  const hidden = members.length - shown.length;
  return hidden > 0 ? [...line, span(` and ${hidden} more`, "quiet")] : line;
}

function inDetail(change: Change): Item {
  const line: Span[] = [
    signOf(change.action),
    span(" "),
    span(shortUrn(change.urn), toneOf(change.action)),
    ...maybe(change),
  ];
  // The property that forces it says so itself.
  if ("rule" in change.reason && !change.properties.some(({ forcesReplacement }) => forcesReplacement))
    line.push(span(`  must be replaced: ${change.reason.rule}`, "danger"));
  if (change.reason.kind === "interrupted") line.push(span(`  ${change.reason.text}`, "warning"));
  if (change.site) line.push(span(`  ${formatSite(change.site)}`, "quiet"));
  return { spans: line, children: [...causeItems(change), ...change.properties.map(propertyItem)] };
}

function maybe(change: Change): Spans {
  if (change.certainty === "will") return [];
  return [
    span(` (may${change.because?.length ? `: depends on ${change.because.join(", ")}` : ""})`, "warning"),
  ];
}

/** A difference in one line: path, before, after. */
export function propertyItem(change: PlannedPropertyChange): Item {
  const action = ({ add: "create", remove: "delete", change: "update" } as const)[change.kind];
  const line: Span[] = [signOf(action), span(` ${change.path}: `)];
  if (change.kind !== "add") line.push(span(formatValue(change.before), "delete"));
  if (change.kind === "change") line.push(span(" → "));
  if (change.kind !== "remove") line.push(span(formatValue(change.after), "create"));
  if (change.certainty === "may") line.push(span(" (may change)", "warning"));
  if (change.forcesReplacement)
    line.push(span(`  forces replacement: ${change.forcesReplacement}`, "danger"));
  return { spans: line };
}
