import type { JsonObject, Transport } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import { type ArmResponse, errorOf } from "./error.ts";

/** How requests reach Azure Resource Manager. */
export interface SenderOptions {
  /** `https://management.azure.com` */
  readonly endpoint: string;
  readonly transport: Transport;
  /** Waits so many seconds; the caller's clock, so that nothing here knows one. */
  readonly wait: (seconds: number, signal?: AbortSignal) => Promise<void>;
}

/** A request of ARM. All of them may be repeated: PUT and DELETE mean the same the second time. */
export interface ArmRequest {
  readonly method: "GET" | "PUT" | "DELETE" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const attempts = 5;

/** Sends requests, and sends them again where Azure asks for patience. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #signal: AbortSignal | undefined;

  constructor(options: SenderOptions, signal?: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  /** The URL of a resource, or of an action on one. */
  url(path: string, apiVersion: string): string {
    return `${this.#options.endpoint}${path}?api-version=${apiVersion}`;
  }

  /** Cancelling starts no request; one that is on its way is not torn off, since nobody would know what became of it. */
  async send(request: ArmRequest): Promise<ArmResponse> {
    let isInDoubt = false;
    for (let attempt = 1; ; attempt++) {
      this.#signal?.throwIfAborted();
      const response = await this.#once(request);
      if (!asksForPatience(response) || attempt === attempts)
        return isInDoubt ? { ...response, isInDoubt } : response;
      isInDoubt ||= response.status >= 500;
      await this.#options.wait(retryAfter(response.headers) ?? 2 ** attempt, this.#signal);
    }
  }

  /** Asks how an operation goes. It runs whether berth looks or not, so cancelling does not stop the looking. */
  async poll(url: string, after: ArmResponse): Promise<ArmResponse> {
    await this.#options.wait(retryAfter(after.headers) ?? pollSeconds);
    for (let attempt = 1; ; attempt++) {
      const response = await this.#once({ method: "GET", url });
      if (!asksForPatience(response) || attempt === attempts) return response;
      await this.#options.wait(retryAfter(response.headers) ?? 2 ** attempt);
    }
  }

  async #once({ method, url, headers, body }: ArmRequest): Promise<ArmResponse> {
    const content = body && { "content-type": "application/json" };
    try {
      const request = new Request(url, {
        method,
        headers: { accept: "application/json", ...content, ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
      const response = await this.#options.transport(request);
      return { status: response.status, headers: response.headers, body: parse(await response.text()) };
    } catch (cause) {
      if (BerthError.is(cause)) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `${method} ${pathOf(url)}: ${reason}`;
      throw new BerthError([problem(codes.BERTH5004, { message })], { cause });
    }
  }
}

/** By contract 10 seconds at least; Azure says more where it wants more. The local cloud says 0. */
const pollSeconds = 10;

/** Throttled, unavailable for a moment, or the parent is being written: a virtual network takes one subnet at a time. */
function asksForPatience({ status, body }: ArmResponse): boolean {
  if (status === 429 || (status >= 502 && status <= 504)) return true;
  return status === 409 && patient.has(errorOf(body)?.code ?? "");
}

const patient: ReadonlySet<string> = new Set(["AnotherOperationInProgress", "RetryableError"]);

/** Seconds, or a date, which only a clock could read: then the usual wait is taken. */
function retryAfter(headers: Headers): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? "";
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    // An empty body, a proxy's page: whoever asked decides by the status.
    return undefined;
  }
}

/** Polling URLs carry tokens in their queries: only the path is shown. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : "a URL that is none";
}
