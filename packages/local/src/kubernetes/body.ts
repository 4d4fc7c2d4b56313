import { isJsonObject, type Json, type JsonObject } from "@berth/objects";
import { badRequest } from "./status.ts";

/** Bodies longer than this are refused, as a real API server does. */
const LIMIT = 3 * 1024 * 1024;

/** A request's body as JSON; YAML is read too. `undefined` where there is none. */
export async function readBody(request: Request): Promise<Json | undefined> {
  const text = await request.text();
  if (text.length > LIMIT) throw badRequest(`Request entity too large: limit is ${LIMIT}`);
  if (text.trim() === "") return undefined;
  const json = parseJson(text);
  if (json !== undefined) return json;
  const { parse } = await import("yaml");
  try {
    return parse(text, { maxAliasCount: 0 }) as Json;
  } catch (error) {
    throw badRequest(
      `error converting YAML to JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The body as an object; 400 for anything else. */
export function requireObject(body: Json | undefined): JsonObject {
  if (isJsonObject(body)) return body;
  throw badRequest("the request body is not an object");
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
