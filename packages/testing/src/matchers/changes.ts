import type { Plan } from "@berth/automation";
import { nearest } from "@berth/diagnostics";
import { cut, type Verdict, verdict } from "../verdict.ts";

type Change = Plan["changes"][number];
type Action = Change["action"];

const words: Readonly<Record<Action, string>> = {
  create: "creates",
  update: "updates",
  replace: "replaces",
  delete: "deletes",
  read: "reads",
  import: "imports",
  forget: "forgets",
  move: "moves",
  "no-op": "keeps",
};

/** Whether the plan does this to a resource of that type, and of that name where one is given. */
export function changesSo(
  plan: Plan,
  action: Action,
  type: string,
  name: string | undefined,
  path?: string,
): Verdict {
  const ofType = plan.changes.filter((each) => each.type === type);
  const meant = ofType.filter((each) => name === undefined || isNamed(each, name));
  const done = meant.filter((each) => each.action === action && (path === undefined || touches(each, path)));
  const what = [
    `to ${action} ${type}`,
    ...(name === undefined ? [] : [name]),
    ...(path === undefined ? [] : [`at ${path}`]),
  ];
  return verdict(done.length > 0, what.join(" "), () => {
    if (done.length > 0) return [`it ${described(done[0]!)}`];
    if (meant.length > 0) return [`it ${meant.map(described).join("; it ")}`];
    return [...guess(plan, type, name), ...listed(plan)];
  });
}

/** Whether the plan does nothing. Outputs count: they are what other stacks read. */
export function changesNothing(plan: Plan): Verdict {
  const outputs = plan.outputs.filter((each) => each.action !== "no-op");
  const count = plan.changes.length + outputs.length;
  return verdict(count === 0, "to change nothing", () =>
    count === 0
      ? ["it changes nothing"]
      : [...listed(plan), ...outputs.map(({ name, action }) => `  ${words[action]} the output ${name}`)],
  );
}

/** A resource by its logical name, or by the path of names that leads to it through components. */
function isNamed({ name, urn }: Change, wanted: string): boolean {
  return name === wanted || urn.split("::").slice(2).join("::") === wanted;
}

/** `spec` is touched by a change of `spec.replicas`. */
function touches({ properties }: Change, path: string): boolean {
  return properties.some(
    (each) =>
      each.path === path || (/^[.[]/.test(each.path.slice(path.length)) && each.path.startsWith(path)),
  );
}

function described({ action, certainty, type, urn, properties }: Change): string {
  const may = certainty === "may" ? "may be that it " : "";
  const details = properties.map(
    ({ path, before, after }) =>
      `${path}: ${JSON.stringify(before) ?? "nothing"} → ${JSON.stringify(after) ?? "nothing"}`,
  );
  const how = details.length > 0 ? ` (${cut(details, 5).join(", ")})` : "";
  return `${may}${words[action]} ${type} ${urn.split("::").slice(2).join("::")}${how}`;
}

function guess(plan: Plan, type: string, name: string | undefined): readonly string[] {
  const known = [...new Set(plan.changes.map((each) => each.type))];
  if (!known.includes(type)) {
    const near = nearest(type, known);
    return near === undefined ? [] : [`did you mean ${near}?`];
  }
  if (name === undefined) return [];
  const near = nearest(
    name,
    plan.changes.filter((each) => each.type === type).map((each) => each.name),
  );
  return near === undefined ? [] : [`did you mean ${type} ${near}?`];
}

function listed(plan: Plan): readonly string[] {
  if (plan.changes.length === 0) return ["it changes no resource"];
  return ["it", ...cut(plan.changes.map((each) => `  ${described(each)}`))];
}
