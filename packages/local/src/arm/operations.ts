import type { Json } from "../store/json.ts";
import type { Transaction } from "../store/store.ts";
import { ArmRefusal, armJson } from "./refusal.ts";

/** Counter of asynchronous operations. */
const OPERATIONS = "arm/operations";

/**
 * Operations take no time here: their work is done, and durable, when the request that started one is answered. Clients
 * see them as Azure shows them all the same: announced, polled, then the resource is read. So nothing has to be kept of
 * one but its number.
 */
export function startOperation(store: Transaction): string {
  return guidOf(store.next(OPERATIONS));
}

/** Where an operation is looked at, by the two ways that Azure has. */
export interface OperationPlace {
  readonly origin: string;
  readonly subscription: string;
  readonly namespace: string;
  readonly location: string;
  readonly apiVersion: string;
}

/** Headers that announce an operation. */
export function operationHeaders(
  place: OperationPlace,
  operation: string,
  withLocation: boolean,
): Record<string, string> {
  const { origin, subscription, namespace, location, apiVersion } = place;
  const base = `${origin}/subscriptions/${subscription}/providers/${namespace}/locations/${location}`;
  return {
    "azure-asyncoperation": `${base}/operations/${operation}?api-version=${apiVersion}`,
    ...(withLocation && { location: `${base}/operationresults/${operation}?api-version=${apiVersion}` }),
    "retry-after": "0",
  };
}

/** How an operation went. */
export function showOperation(
  counters: ReadonlyMap<string, Json>,
  kind: string,
  name: string,
  id: string,
): Response {
  const number = numberOf(name);
  if (number === undefined || number > Number(counters.get(OPERATIONS) ?? 0)) {
    throw new ArmRefusal(404, "OperationNotFound", `The operation '${name}' was not found.`);
  }
  if (kind.toLowerCase() === "operationresults") return new Response(null, { status: 204 });
  return armJson(200, { id, name, status: "Succeeded", percentComplete: 100 });
}

function guidOf(number: number): string {
  return `00000000-0000-4000-9000-${number.toString(16).padStart(12, "0")}`;
}

function numberOf(guid: string): number | undefined {
  const [, hex] = /^0{8}-0{4}-4000-9000-([0-9a-f]{12})$/.exec(guid) ?? [];
  const number = hex === undefined ? 0 : Number.parseInt(hex, 16);
  return number > 0 ? number : undefined;
}
