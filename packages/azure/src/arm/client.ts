import type { JsonObject } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import type { ArmBody } from "./arm-type.ts";
import { armRefusal, type ArmResponse, errorOf, isSuccess } from "./error.ts";
import { Sender, type SenderOptions } from "./sender.ts";

/** What a PUT may ask for beyond its body. */
export interface PutOptions {
  /** Headers: preconditions, and what a type adds. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The few requests that berth makes of Azure Resource Manager, with its asynchronous operations:
 * `Azure-AsyncOperation` before `Location` before the resource's own `provisioningState`.
 */
export class ArmClient {
  readonly #sender: Sender;
  readonly #progress: (message: string) => void;

  /**
   * @param signal - aborted: no further request is started
   * @param progress - told what is being waited for
   */
  constructor(options: SenderOptions, signal?: AbortSignal, progress: (message: string) => void = () => {}) {
    this.#sender = new Sender(options, signal);
    this.#progress = progress;
  }

  /** A resource as it stands; `undefined` where there is none. */
  async get(id: string, apiVersion: string): Promise<ArmBody | undefined> {
    const response = await this.#sender.send({ method: "GET", url: this.#sender.url(id, apiVersion) });
    return found(`get ${id}`, response);
  }

  /** Creates or replaces, and waits until Azure is done. */
  async put(
    id: string,
    apiVersion: string,
    body: ArmBody,
    { headers = {} }: PutOptions = {},
  ): Promise<ArmBody> {
    const what = `put ${id}`;
    const url = this.#sender.url(id, apiVersion);
    const response = await this.#sender.send({ method: "PUT", url, headers, body });
    if (!isSuccess(response)) throw armRefusal(what, response);
    const announced = await this.#finish(what, response);
    if (!announced && isDone(response)) return bodyOf(what, response);
    return this.#settled(what, url, announced ? await this.#sender.send({ method: "GET", url }) : response);
  }

  /** Deletes and waits; what is gone already is fine. */
  async delete(id: string, apiVersion: string): Promise<void> {
    const what = `delete ${id}`;
    const response = await this.#sender.send({ method: "DELETE", url: this.#sender.url(id, apiVersion) });
    if (response.status === 404) return;
    if (!isSuccess(response)) throw armRefusal(what, response);
    await this.#finish(what, response);
  }

  /** Every resource of a list, all pages of it. A list of what is gone is empty. */
  async list(path: string, apiVersion: string): Promise<readonly ArmBody[]> {
    const found: ArmBody[] = [];
    for (let url: string | undefined = this.#sender.url(path, apiVersion); url !== undefined;) {
      const response = await this.#sender.send({ method: "GET", url });
      if (response.status === 404) return [];
      if (!isSuccess(response)) throw armRefusal(`list ${path}`, response);
      const page = pageOf(response.body);
      found.push(...page.value);
      url = page.nextLink;
    }
    return found;
  }

  /** A resource once nothing works on it any more, however that ended; `undefined` where there is none. */
  async atRest(id: string, apiVersion: string): Promise<ArmBody | undefined> {
    const url = this.#sender.url(id, apiVersion);
    for (let response = await this.#sender.send({ method: "GET", url }); ;) {
      const live = found(`get ${id}`, response);
      if (!live || terminal.has(stateOf(live))) return live;
      response = await this.#sender.poll(url, response);
    }
  }

  /** An action of a resource: `listClusterUserCredential`. */
  async post(id: string, action: string, apiVersion: string): Promise<unknown> {
    const url = this.#sender.url(`${id}/${action}`, apiVersion);
    const response = await this.#sender.send({ method: "POST", url });
    if (!isSuccess(response)) throw armRefusal(`${action} of ${id}`, response);
    return response.body;
  }

  /** Polls the operation that a response announced, until it succeeded. Answers whether there was one. */
  async #finish(what: string, first: ArmResponse): Promise<boolean> {
    const operation = first.headers.get("azure-asyncoperation");
    const url = operation ?? (first.status === 202 ? first.headers.get("location") : null);
    if (url === null) return false;
    for (let response = first; ;) {
      response = await this.#sender.poll(url, response);
      // Not the operation failed here, but the looking at it.
      if (!isSuccess(response)) throw armRefusal(what, { ...response, isInDoubt: true });
      if (operation === null ? response.status !== 202 : hasSucceeded(what, response.body)) return true;
      this.#progress(describeProgress(response.body));
    }
  }

  /** Reads the resource until its provisioning state is final. */
  async #settled(what: string, url: string, first: ArmResponse): Promise<ArmBody> {
    for (let response = first; ; response = await this.#sender.poll(url, response)) {
      const live = found(what, response);
      if (!live) throw failed(what, "it is not there after the operation");
      if (isDone(response)) return live;
      const state = stateOf(live);
      if (terminal.has(state) && state !== "Succeeded") throw failed(what, state);
    }
  }
}

function found(what: string, response: ArmResponse): ArmBody | undefined {
  if (response.status === 404 && !isOutOfSight(response)) return undefined;
  if (!isSuccess(response)) throw armRefusal(what, { ...response, isInDoubt: true });
  return bodyOf(what, response);
}

/** A subscription that these credentials do not see says nothing of what is in it. */
function isOutOfSight({ body }: ArmResponse): boolean {
  const code = errorOf(body)?.code;
  return (
    code === "SubscriptionNotFound" ||
    code === "InvalidSubscriptionId" ||
    code === "SubscriptionNotRegistered"
  );
}

/** A success without a resource comes from something else than ARM: a proxy, a login page. */
function bodyOf(what: string, response: ArmResponse): ArmBody {
  const { body } = response;
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  if (response.status === 202) return {};
  throw new BerthError([problem(codes.BERTH5004, { message: `${what}: the answer is no resource` })]);
}

function pageOf(body: unknown): { readonly value: readonly ArmBody[]; readonly nextLink?: string } {
  if (typeof body !== "object" || body === null || !("value" in body) || !Array.isArray(body.value))
    return { value: [] };
  const { value } = body as { readonly value: readonly ArmBody[] };
  const next =
    "nextLink" in body && typeof body.nextLink === "string" && body.nextLink !== ""
      ? body.nextLink
      : undefined;
  return { value, ...(next !== undefined && { nextLink: next }) };
}

/** Everything else means that something works on the resource. */
const terminal: ReadonlySet<string> = new Set(["Succeeded", "Failed", "Canceled"]);

function stateOf(body: ArmBody): string {
  const state = body.properties?.["provisioningState"];
  return typeof state === "string" ? state : "Succeeded";
}

function isDone({ status, body }: ArmResponse): boolean {
  if (status === 202 || typeof body !== "object" || body === null || !("id" in body)) return false;
  return stateOf(body as ArmBody) === "Succeeded";
}

function hasSucceeded(what: string, body: unknown): boolean {
  const status = typeof body === "object" && body !== null && "status" in body ? String(body.status) : "";
  if (/^succeeded$/i.test(status)) return true;
  if (!/^(?:failed|cancell?ed)$/i.test(status)) return false;
  const error = errorOf(body);
  throw failed(what, error ? `${error.code}: ${error.message}` : status);
}

/** How far an operation is, in Azure's words: `InProgress`, `Updating, 40 %`. */
function describeProgress(body: unknown): string {
  const { status, percentComplete } = (typeof body === "object" && body !== null ? body : {}) as JsonObject;
  const percent = typeof percentComplete === "number" ? `, ${percentComplete} %` : "";
  return `Azure says ${typeof status === "string" ? status : "that it goes on"}${percent}`;
}

function failed(what: string, why: string): BerthError {
  return new BerthError([problem(codes.BERTH5003, { message: `${what}: ${why}` })]);
}
