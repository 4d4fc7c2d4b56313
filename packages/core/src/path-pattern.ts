import { nearest } from "@berth/diagnostics";
import type { Schema } from "./definition.ts";
import type { Json, JsonObject } from "./json.ts";

/** One step of a {@link PathPattern}: a property, a position, the keys of a list's element, or any of them. */
export type PatternStep =
  | string
  | number
  | { readonly any: true }
  | { readonly keys: readonly (readonly [string, string])[] };

/** Property paths of inputs, as plans print them, in which steps may stand for many. */
export interface PathPattern {
  /** As it was written. */
  readonly text: string;
  readonly steps: readonly PatternStep[];
}

const any = Object.freeze({ any: true } as const);

const step =
  /\.?([A-Za-z_$][\w$]*)|\.?(\*)|\[(\*)\]|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\[([A-Za-z_$][\w$]*=[^\]]*)\]/y;

/**
 * Reads a pattern: `tags.owner`, `spec.ports[*].nodePort`, `metadata.labels["a/b"]`, `containers[name=web].image`,
 * `metadata.annotations.*`, `*`. `undefined` where the text is none.
 *
 * @example parsePattern("spec.ports[name=web].port")?.steps.length // 4
 */
export function parsePattern(text: string): PathPattern | undefined {
  const steps: PatternStep[] = [];
  step.lastIndex = 0;
  while (step.lastIndex < text.length) {
    const [isDotted, isBracketed] = [text[step.lastIndex] === ".", text[step.lastIndex] === "["];
    const isJoined = steps.length === 0 ? !isDotted : isDotted || isBracketed;
    if (!isJoined) return undefined;
    const match = step.exec(text);
    if (!match) return undefined;
    const [, name, star, index, position, quoted, keys] = match;
    if (name !== undefined) steps.push(name);
    else if (star !== undefined || index !== undefined) steps.push(any);
    else if (position !== undefined) steps.push(Number(position));
    else if (quoted !== undefined) steps.push(JSON.parse(quoted) as string);
    else if (keys !== undefined) steps.push({ keys: readKeys(keys) });
  }
  return steps.length === 0 ? undefined : Object.freeze({ text, steps: Object.freeze(steps) });
}

/** `port=80,protocol=TCP`; a comma that no key follows belongs to the value. */
function readKeys(text: string): readonly (readonly [string, string])[] {
  return text.split(/,(?=[A-Za-z_$][\w$]*=)/).map((each) => {
    const at = each.indexOf("=");
    return [each.slice(0, at), each.slice(at + 1)] as const;
  });
}

/**
 * Whether a step leads to a property or element of that name or position. @param element - of a list, whose keys may be meant
 *
 * @example stepFits({ any: true }, "replicas") // true
 */
export function stepFits(pattern: PatternStep, segment: string | number, element?: Json): boolean {
  if (typeof pattern !== "object") return pattern === segment;
  if ("any" in pattern) return true;
  if (typeof element !== "object" || element === null || Array.isArray(element)) return false;
  const own = new Map(Object.entries(element));
  return pattern.keys.every(([key, value]) => {
    const given: unknown = own.get(key);
    return typeof given === "object" ? false : given !== undefined && `${given as string | number}` === value;
  });
}

/**
 * Why a pattern leads to nothing that a type has; `undefined` where it leads somewhere. Where the schema leaves open
 * what there is, every name leads somewhere.
 */
export function patternMisfit({ text, steps }: PathPattern, schema: Schema): string | undefined {
  let places: readonly JsonObject[] = alternatives(schema, schema);
  for (const [depth, each] of steps.entries()) {
    const next = places.map((place) => below(place, each));
    if (next.some((found) => found === "open")) return undefined;
    const found = next.flatMap((schemas) => (schemas === "open" ? [] : schemas));
    if (found.length === 0) return nowhere(text, depth, each, places);
    places = found.flatMap((inside) => alternatives(schema, inside));
  }
  return undefined;
}

function nowhere(text: string, depth: number, at: PatternStep, places: readonly JsonObject[]): string {
  const names = places.flatMap((place) =>
    Object.keys(isObject(place["properties"]) ? place["properties"] : {}),
  );
  const near = typeof at === "string" ? nearest(at, names) : undefined;
  if (typeof at === "string" && places.some((place) => place["items"] !== undefined))
    return `"${text}": a list has no "${at}"; [*] stands for its elements`;
  const wrong = typeof at === "string" ? `"${at}"` : `step ${depth + 1}`;
  const wayOut =
    near === undefined
      ? `there are ${names.toSorted().slice(0, 20).join(", ") || "none"}`
      : `did you mean "${near}"?`;
  return `"${text}": there is no ${wrong}; ${wayOut}`;
}

/** Schemas of what a step leads to. `open`: whatever it is, it may be there. */
function below(place: JsonObject, at: PatternStep): readonly Json[] | "open" {
  const { type, properties, additionalProperties, patternProperties, items } = place;
  const saysNothing = [type, properties, additionalProperties, patternProperties, items].every(
    (each) => each === undefined,
  );
  if (saysNothing) return "open";
  const isAny = typeof at === "object" && "any" in at;
  if (typeof at === "number" || (typeof at === "object" && !isAny)) return items === undefined ? [] : [items];
  const own = isObject(properties) ? properties : {};
  const others = additionalProperties === true || isObject(patternProperties);
  const rest = isObject(additionalProperties) ? [additionalProperties] : [];
  if (isAny)
    return others ? "open" : [...Object.values(own), ...rest, ...(items === undefined ? [] : [items])];
  if (Object.hasOwn(own, at)) return [own[at] ?? {}];
  return others ? "open" : rest;
}

/** What a schema stands for: references followed, each branch of a choice. */
function alternatives(root: JsonObject, schema: Json, hops = 0): readonly JsonObject[] {
  if (!isObject(schema)) return schema === true ? [{}] : [];
  const { $ref, anyOf, oneOf, allOf, ...own } = schema;
  const branches = [anyOf, oneOf, allOf].flatMap((each) =>
    Array.isArray(each) ? (each as readonly Json[]) : [],
  );
  // A chain of references longer than this is a loop.
  if (typeof $ref === "string" && hops < 32) branches.push(referred(root, $ref));
  if (branches.length === 0) return [own];
  const inside = branches.flatMap((each) => alternatives(root, each, hops + 1));
  return "properties" in own || "items" in own ? [own, ...inside] : inside;
}

function referred(root: JsonObject, ref: string): Json {
  const names = ref
    .replace(/^#\/?/, "")
    .split("/")
    .filter((each) => each !== "");
  return names.reduce<Json>(
    (at, name) => (isObject(at) && Object.hasOwn(at, name) ? (at[name] ?? null) : null),
    root,
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
