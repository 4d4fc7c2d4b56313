import type { Transport } from "@berth/core";
import { azureProvider } from "../arm/provider.ts";

/** An answer of Azure: what a request gets, in the order of requests. */
export interface Answer {
  /** `PUT /subscriptions/…` without the query, or the end of it; a test fails where another request comes. */
  readonly to: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** The answer is lost on its way. */
  readonly lost?: boolean;
}

/** A request as it came. */
export interface Received {
  readonly line: string;
  readonly apiVersion: string | null;
  readonly headers: Headers;
  readonly body: unknown;
}

export const endpoint = "https://management.azure.com";
export const subscriptionId = "00000000-0000-4000-8000-000000000000";

/** An Azure that answers as told, with a provider that speaks to it. */
export function scriptedAzure(answers: readonly Answer[]) {
  const received: Received[] = [];
  const waits: number[] = [];
  const transport: Transport = async (request) => {
    const url = new URL(request.url);
    const line = `${request.method} ${url.pathname}`;
    const answer = answers[received.length];
    const text = await request.text();
    received.push({
      line,
      apiVersion: url.searchParams.get("api-version"),
      headers: request.headers,
      body: text === "" ? undefined : JSON.parse(text),
    });
    if (!answer) throw new Error(`nothing is scripted for ${line}`);
    const [method = "", path = ""] = answer.to.split(" ");
    if (request.method !== method || !url.pathname.endsWith(path))
      throw new Error(`${answer.to} was due, not ${line}`);
    if (answer.lost === true) throw new TypeError("fetch failed");
    const { status = 200, headers = {}, body } = answer;
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
  };
  const provider = azureProvider({
    endpoint,
    subscriptionId,
    transport,
    wait: async (seconds) => {
      waits.push(seconds);
    },
    connect: ({ server }) => ({ server, transport }),
  });
  return { provider, received, waits, left: () => answers.slice(received.length).map((each) => each.to) };
}
