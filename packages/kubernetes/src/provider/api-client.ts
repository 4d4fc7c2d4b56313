import type { Connection, JsonObject } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { type ObjectRef, refKey } from "@berth/objects";
import { codes } from "../codes.ts";
import { refusal } from "./status.ts";
import { collectionPath, objectPath } from "./url.ts";

/** Name under which berth owns fields. */
export const fieldManager = "berth";

/** What an apply did. */
export interface Applied {
  readonly created: boolean;
  readonly object: JsonObject;
}

/** The few requests that berth makes of a Kubernetes API, over one connection. */
export class ApiClient {
  readonly #connection: Connection;
  readonly #signal: AbortSignal | undefined;

  constructor(connection: Connection, signal?: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  /** The live object, or nothing. */
  async get(ref: ObjectRef): Promise<JsonObject | undefined> {
    const { status, body } = await this.#send("GET", objectPath(ref), `get ${refKey(ref)}`);
    if (status === 404) return undefined;
    return accept(`get ${refKey(ref)}`, status, body);
  }

  /** All objects of a kind, in all namespaces, page by page. */
  async list(apiVersion: string, kind: string): Promise<readonly JsonObject[]> {
    const what = `list ${apiVersion} ${kind}`;
    const items: JsonObject[] = [];
    let next = "";
    do {
      const query = new URLSearchParams({ limit: "5000", ...(next ? { continue: next } : {}) });
      const { status, body } = await this.#send(
        "GET",
        `${collectionPath(apiVersion, kind)}?${query.toString()}`,
        what,
      );
      const page = accept(what, status, body) as JsonObject & {
        items?: readonly JsonObject[];
        metadata?: { continue?: string };
      };
      // Items of a list carry neither apiVersion nor kind.
      for (const item of page.items ?? []) items.push({ ...item, apiVersion, kind });
      next = page.metadata?.continue ?? "";
    } while (next);
    return items;
  }

  /** Server-side apply. Without force a conflict is an error with the owner's name, and nothing is overwritten. */
  async apply(ref: ObjectRef, object: JsonObject, force = false): Promise<Applied> {
    const what = `apply ${refKey(ref)}`;
    const query = `fieldManager=${fieldManager}&fieldValidation=Strict${force ? "&force=true" : ""}`;
    const path = `${objectPath(ref)}?${query}`;
    const { status, body } = await this.#send("PATCH", path, what, {
      type: "application/apply-patch+yaml",
      body: JSON.stringify(object),
    });
    return { created: status === 201, object: accept(what, status, body) };
  }

  /** Deletes the object of this uid, in the background; what is gone already is fine. */
  async delete(ref: ObjectRef, uid: string): Promise<void> {
    const what = `delete ${refKey(ref)}`;
    const options = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: "Background",
      preconditions: { uid },
    };
    const { status, body } = await this.#send("DELETE", objectPath(ref), what, {
      type: "application/json",
      body: JSON.stringify(options),
    });
    if (status !== 404) accept(what, status, body);
  }

  async #send(
    method: string,
    path: string,
    what: string,
    content?: { readonly type: string; readonly body: string },
  ): Promise<{ status: number; body: unknown }> {
    const request = new Request(this.#connection.server + path, {
      method,
      headers: { accept: "application/json", ...(content ? { "content-type": content.type } : {}) },
      ...(content ? { body: content.body } : {}),
      ...(this.#signal ? { signal: this.#signal } : {}),
    });
    try {
      const response = await this.#connection.transport(request);
      const text = await response.text();
      return { status: response.status, body: parse(text) };
    } catch (cause) {
      if (BerthError.is(cause)) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BerthError([problem(codes.BERTH5104, { message: `${what}: ${reason}` })], { cause });
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's HTML page, an empty body: whoever asked decides by the status, without a body.
    return undefined;
  }
}

function accept(what: string, status: number, body: unknown): JsonObject {
  if (status < 200 || status > 299 || typeof body !== "object" || body === null)
    throw refusal(what, status, body);
  return body as JsonObject;
}
