import type { ErrorObject } from "ajv";
import { nearest, type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import { formatPath, type PathSegments } from "./path.ts";
import type { Places } from "./places.ts";

/** Keywords that hold or fail whatever a part that is not known yet may be. */
const certainAround = new Set([
  "type",
  "required",
  "additionalProperties",
  "minProperties",
  "maxProperties",
  "minItems",
  "maxItems",
]);

/** Keywords that only announce that another error follows. */
const summaries = new Set(["if", "propertyNames"]);

/**
 * ajv's errors as problems: in words, with the nearest name, without secrets. Errors that the
 * holes' values may yet cure are left out.
 */
export function schemaProblems(
  errors: readonly ErrorObject[],
  holes: Places,
  secrets: Places,
): readonly Problem[] {
  const located = errors.map((error) => ({ error, path: locate(error) }));
  const kept = withoutBranches(located, holes)
    .filter(({ error }) => !summaries.has(error.keyword))
    .filter((each) => !mayBeCured(each, holes));
  return kept.map(({ error, path }) => describe(error, path, secrets.leadTo(path)));
}

interface Located {
  readonly error: ErrorObject;
  readonly path: PathSegments;
}

/** The place that an error is about: the property itself where one is missing or too many. */
function locate(error: ErrorObject): PathSegments {
  const pointer = error.instancePath === "" ? [] : error.instancePath.slice(1).split("/");
  const segments = pointer.map((each) => decode(each));
  const { missingProperty, additionalProperty } = error.params as Record<string, string | undefined>;
  const inside = missingProperty ?? additionalProperty;
  return inside === undefined ? segments : [...segments, inside];
}

function decode(token: string): string | number {
  const text = token.replaceAll("~1", "/").replaceAll("~0", "~");
  return /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : text;
}

function mayBeCured({ error, path }: Located, holes: Places): boolean {
  // What is wrong with a property's name is wrong whatever its value.
  if (error.keyword === "additionalProperties") return holes.leadInto(path);
  return holes.leadTo(path) || (!certainAround.has(error.keyword) && holes.areWithin(path));
}

/** Of alternatives that all fail, the summary speaks; or the only branch that fails deeper than at its type. */
function withoutBranches(located: readonly Located[], holes: Places): readonly Located[] {
  const alternatives = located.filter(({ error }) => error.keyword === "anyOf" || error.keyword === "oneOf");
  let kept = located;
  for (const summary of alternatives) {
    const prefix = `${summary.error.schemaPath}/`;
    const branches = kept.filter(({ error }) => error.schemaPath.startsWith(prefix));
    if (holes.areWithin(summary.path)) {
      // Which alternative is meant depends on what is not known yet.
      kept = kept.filter((each) => each !== summary && !branches.includes(each));
      continue;
    }
    const fitting = branches.filter(
      ({ error, path }) => error.keyword !== "type" || path.length > summary.path.length,
    );
    const branchOf = ({ error }: Located): string | undefined =>
      error.schemaPath.slice(prefix.length).split("/")[0];
    const wrongType = new Set(branches.filter((each) => !fitting.includes(each)).map(branchOf));
    const meant = fitting.filter((each) => !wrongType.has(branchOf(each)));
    const single = new Set(meant.map(branchOf)).size === 1;
    const dropped = new Set(
      single ? [summary, ...branches.filter((each) => !meant.includes(each))] : branches,
    );
    kept = kept.filter((each) => !dropped.has(each));
  }
  return kept;
}

function describe(error: ErrorObject, path: PathSegments, isSecret: boolean): Problem {
  const where = { path: formatPath(path) };
  const name = String(path.at(-1) ?? "the inputs");
  switch (error.keyword) {
    case "additionalProperties": {
      const known = Object.keys((error.parentSchema?.["properties"] as object | undefined) ?? {});
      const near = nearest(name, known);
      const list = known.length <= 12 ? known.join(", ") : `${known.slice(0, 12).join(", ")}, …`;
      const hint = near
        ? `did you mean "${near}"?`
        : known.length > 0
          ? `there are ${list}`
          : "there are none";
      return problem(coreCodes.BERTH1002, { ...where, message: `there is no property "${name}"`, hint });
    }
    case "required":
      return problem(coreCodes.BERTH1003, { ...where, message: `"${name}" is missing` });
    case "enum": {
      const allowed = (error.params as { readonly allowedValues: readonly unknown[] }).allowedValues;
      const near = isSecret ? undefined : nearest(String(error.data), allowed.map(String));
      const values = allowed.slice(0, 12).map((each) => JSON.stringify(each));
      const message = `must be one of ${values.join(", ")}${allowed.length > 12 ? ", …" : ""}`;
      return problem(coreCodes.BERTH1001, {
        ...where,
        message,
        ...(near && { hint: `did you mean "${near}"?` }),
      });
    }
    default:
      return problem(coreCodes.BERTH1001, { ...where, message: inWords(error, isSecret) });
  }
}

function inWords(error: ErrorObject, isSecret: boolean): string {
  const params = error.params as Record<string, unknown>;
  const limit = String(params["limit"]);
  switch (error.keyword) {
    case "type": {
      const wanted = ([] as unknown[])
        .concat(params["type"])
        .map((each) => typeNames[String(each)] ?? String(each));
      return isSecret
        ? `must be ${wanted.join(" or ")}`
        : `must be ${wanted.join(" or ")}, not ${describeValue(error.data)}`;
    }
    case "resource":
      return "must be a resource or component";
    case "const":
      return `must be ${JSON.stringify(params["allowedValue"])}`;
    case "pattern":
      return `must match the pattern ${String(params["pattern"])}`;
    case "minLength":
      return limit === "1" ? "must not be empty" : `must have at least ${limit} characters`;
    case "maxLength":
      return `must have at most ${limit} characters`;
    case "minItems":
      return `must have at least ${limit} element${limit === "1" ? "" : "s"}`;
    case "maxItems":
      return `must have at most ${limit} element${limit === "1" ? "" : "s"}`;
    case "minimum":
      return `must be at least ${limit}`;
    case "maximum":
      return `must be at most ${limit}`;
    case "anyOf":
    case "oneOf":
      return "fits none of the allowed shapes, or several where one is due";
    default:
      return error.message ?? `breaks the rule ${error.keyword}`;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

/** What was given, in a few characters. */
function describeValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return value === null ? "null" : "an object";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
