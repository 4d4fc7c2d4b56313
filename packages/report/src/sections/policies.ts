import type { Plan, Remediation } from "@berth/planner";
import { counted, type Item, paragraph, type Section, span } from "../document.ts";
import { formatValue } from "../value.ts";
import { shortUrn } from "./problems.ts";

/** Which policies looked at the plan, what they found, and what they changed before it was made. */
export function policies({ policies: asked, problems }: Plan): Section | undefined {
  if (!asked || asked.ran.length === 0) return undefined;
  const { ran, remediations } = asked;
  const found = problems.filter((each) => each.policy !== undefined);
  const denied = found.filter((each) => each.severity === "error").length;
  const parts = [
    counted(ran.length, "policy", "policies"),
    denied > 0 &&
      `${counted(denied, "finding")} that deny`.replace("1 finding that deny", "1 finding that denies"),
    found.length > denied &&
      `${found.length - denied} that advise`.replace("1 that advise", "1 that advises"),
    found.length === 0 && "nothing found",
    remediations.length > 0 && counted(remediations.length, "property changed", "properties changed"),
  ];
  const digest = parts.filter(Boolean).join(", ");
  const line = paragraph(span(digest, denied > 0 ? "danger" : "quiet"));
  const items = remediations.map(remediation);
  return {
    title: "Policies",
    folded: false,
    digest,
    blocks: items.length > 0 ? [line, { kind: "listing", items }] : [line],
  };
}

function remediation({ policy, urn, path, before, after }: Remediation): Item {
  return {
    spans: [
      span(policy, "name"),
      span(` changed ${path} of `),
      span(shortUrn(urn), "update"),
      span(": "),
      span(formatValue(before), "delete"),
      span(" → "),
      span(formatValue(after), "create"),
    ],
  };
}
