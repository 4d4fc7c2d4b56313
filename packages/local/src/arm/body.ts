import type { Json, JsonObject } from "../store/json.ts";
import { ArmRefusal, invalidParameter } from "./refusal.ts";

/** The body of a PUT as JSON. */
export async function readBody(request: Request): Promise<JsonObject> {
  try {
    const body: unknown = JSON.parse(await request.text());
    if (isObject(body as Json)) return body as JsonObject;
  } catch {
    // Told like any other content that is no object.
  }
  const message = "The request content was invalid and could not be deserialized: it is no JSON object.";
  throw new ArmRefusal(400, "InvalidRequestContent", message);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object in a body; empty where it is missing. */
export function objectIn(from: JsonObject, key: string, path = key): JsonObject {
  const value = from[key] ?? {};
  if (isObject(value)) return value;
  throw invalidParameter(path, "it must be an object");
}

export function textIn(from: JsonObject, key: string, path = key): string | undefined {
  const value = from[key] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalidParameter(path, "it must be text");
}

/** A text that has to be there. */
export function requiredText(from: JsonObject, key: string, path = key): string {
  const value = textIn(from, key, path);
  if (value !== undefined && value !== "") return value;
  throw new ArmRefusal(400, "InvalidParameter", `Required parameter ${path} is missing (null).`, path);
}

export function integerIn(from: JsonObject, key: string, path = key): number | undefined {
  const value = from[key] ?? undefined;
  if (value === undefined || (typeof value === "number" && Number.isSafeInteger(value))) return value;
  throw invalidParameter(path, "it must be a whole number");
}

export function textsIn(from: JsonObject, key: string, path = key): readonly string[] | undefined {
  const value = from[key] ?? undefined;
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw invalidParameter(path, "it must be a list of texts");
}

/** An object whose values are texts: tags, labels. */
export function textMapIn(
  from: JsonObject,
  key: string,
  path = key,
): Readonly<Record<string, string>> | undefined {
  if (from[key] === undefined || from[key] === null) return undefined;
  const map = objectIn(from, key, path);
  for (const [name, value] of Object.entries(map)) {
    if (typeof value !== "string") throw invalidParameter(`${path}.${name}`, "it must be text");
  }
  return map as Readonly<Record<string, string>>;
}

/** Refuses a property that the resource provider does not know. */
export function closed(from: JsonObject, known: ReadonlySet<string>): void {
  const unknown = Object.keys(from).find((each) => !known.has(each));
  if (unknown === undefined) return;
  const message = `UnmarshalEntity encountered error: json: unknown field "${unknown}".`;
  throw new ArmRefusal(400, "UnmarshalError", message);
}

/** Those of an object's properties that have a value. */
export function present(properties: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

/** A text that the local cloud itself stored; empty where it stored none. */
export function stored(properties: JsonObject, key: string): string {
  const value = properties[key];
  return typeof value === "string" ? value : "";
}
