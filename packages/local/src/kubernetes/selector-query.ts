import { type KubernetesObject, labelMatcher, type LabelSelector } from "@berth/objects";
import { badRequest } from "./status.ts";

type Expression = NonNullable<NonNullable<LabelSelector>["matchExpressions"]>[number];

/** Answers whether an object is selected. */
export type ObjectFilter = (object: KubernetesObject) => boolean;

const KEY = String.raw`[\w./-]+`;
const SET = new RegExp(String.raw`^(${KEY})\s+(in|notin)\s+\(([^()]*)\)$`);
const EQUAL = new RegExp(String.raw`^(${KEY})\s*(==|=|!=)\s*([\w.-]*)$`);
const EXISTS = new RegExp(String.raw`^(!?)\s*(${KEY})$`);

/** A label selector of a query: `app=web,tier in (a,b),!legacy`. Refuses with 400 what is none. */
export function labelFilter(query: string | null): ObjectFilter {
  if (!query) return () => true;
  const matches = labelMatcher({ matchExpressions: split(query).map(expression) });
  return (object) => matches(object.metadata?.labels);
}

/** A field selector of a query: `spec.nodeName=n1,status.phase!=Failed`. */
export function fieldFilter(query: string | null): ObjectFilter {
  const terms = (query ? query.split(",") : []).map((term) => {
    const match = /^([\w.]+)(==|=|!=)(.*)$/.exec(term.trim());
    if (!match) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
    const [, path = "", operator, value] = match;
    return { path: path.split("."), isEqual: operator !== "!=", value };
  });
  return (object) => terms.every(({ path, isEqual, value }) => (fieldOf(object, path) === value) === isEqual);
}

function expression(text: string): Expression {
  const set = SET.exec(text);
  if (set) {
    const values = (set[3] ?? "").split(",").map((value) => value.trim());
    return { key: set[1] ?? "", operator: set[2] === "in" ? "In" : "NotIn", values };
  }
  const equal = EQUAL.exec(text);
  if (equal)
    return { key: equal[1] ?? "", operator: equal[2] === "!=" ? "NotIn" : "In", values: [equal[3] ?? ""] };
  const exists = EXISTS.exec(text);
  if (exists) return { key: exists[2] ?? "", operator: exists[1] ? "DoesNotExist" : "Exists" };
  throw badRequest(`unable to parse requirement: ${JSON.stringify(text)}`);
}

/** Commas inside parentheses do not separate. */
function split(query: string): string[] {
  return query.split(/,(?![^(]*\))/).map((part) => part.trim());
}

function fieldOf(object: KubernetesObject, path: readonly string[]): string {
  let value: unknown = object;
  for (const name of path) {
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? Reflect.get(value, name)
        : undefined;
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}
