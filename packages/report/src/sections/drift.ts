import type { Drift, Plan } from "@berth/planner";
import { signOf } from "../action.ts";
import { counted, type Item, type Section, span } from "../document.ts";
import { propertyItem } from "./changes.ts";
import { shortUrn } from "./problems.ts";

/** So many of what is gone are named. */
const shownGone = 20;

/** What was changed outside of berth since it was recorded: from recorded to found. */
export function drift(plan: Plan): Section | undefined {
  const found = plan.drift ?? [];
  if (found.length === 0) return undefined;
  const gone = found.filter((each) => each.kind === "gone");
  const changed = found.filter((each) => each.kind === "changed");
  const hidden = gone.length > shownGone + 1 ? gone.length - shownGone : 0;
  const items: Item[] = [
    ...gone.slice(0, gone.length - hidden).map(goneItem),
    ...(hidden > 0 ? [{ spans: [span(`and ${hidden} more that are gone`, "quiet")] }] : []),
    ...changed.map(changedItem),
  ];
  return {
    title: "Changed outside of berth",
    folded: false,
    digest: driftCounts(plan),
    blocks: [{ kind: "listing", items }],
  };
}

/** `2 changed, 1 gone`; empty where there is none. */
export function driftCounts({ drift: found = [] }: Plan): string {
  const count = (kind: Drift["kind"]): number => found.filter((each) => each.kind === kind).length;
  const [changed, gone] = [count("changed"), count("gone")];
  return [changed > 0 && `${changed} changed`, gone > 0 && `${gone} gone`].filter(Boolean).join(", ");
}

function goneItem({ urn }: Drift): Item {
  return { spans: [signOf("delete"), span(" "), span(shortUrn(urn), "delete"), span("  is gone", "danger")] };
}

function changedItem({ urn, properties }: Drift): Item {
  const count = counted(properties.length, "property", "properties");
  return {
    spans: [signOf("update"), span(" "), span(shortUrn(urn), "update"), span(`  ${count}`, "quiet")],
    children: properties.map(propertyItem),
  };
}
