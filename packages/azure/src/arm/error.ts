import { BerthError, type CodeEntry, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";

/** An answer of ARM: what this room looks at. */
export interface ArmResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; `undefined` where it is none. */
  readonly body: unknown;
  /** It does not say what became of what was asked for: an earlier attempt may have begun, or it answers something else. */
  readonly isInDoubt?: boolean;
}

/** Azure's own code and words. */
export interface ArmError {
  readonly code: string;
  readonly message: string;
}

export function isSuccess({ status }: ArmResponse): boolean {
  return status >= 200 && status <= 299;
}

/** An unsuccessful answer as a coded error, in Azure's own code and words. */
export function armRefusal(what: string, response: ArmResponse): BerthError {
  const error = errorOf(response.body);
  const words = error ? `${error.code}: ${error.message}` : `answered ${response.status}`;
  const correlation = response.headers.get("x-ms-correlation-request-id");
  const trace = correlation ? ` (correlation id ${correlation})` : "";
  const entry = entryOf(response.status, error !== undefined);
  const isRefusal = error !== undefined && !response.isInDoubt && isDefinite(response.status);
  return new BerthError([problem(entry, { message: `${what}: ${words}${trace}` })], { isRefusal });
}

/** Whether a status says that the request was not even begun: it is the request that is wrong, not the moment. */
function isDefinite(status: number): boolean {
  return status >= 400 && status <= 499 && ![408, 409, 412, 423, 429].includes(status);
}

/** Whether an error says that a precondition did not hold. */
export function isConflict(error: unknown): boolean {
  return BerthError.is(error) && error.problems.some((each) => each.code === codes.BERTH5006.code);
}

function entryOf(status: number, understood: boolean): CodeEntry {
  if (status === 412) return codes.BERTH5006;
  if (status === 429) return codes.BERTH5005;
  return !understood || status >= 500 ? codes.BERTH5004 : codes.BERTH5002;
}

/** The `error` envelope of ARM's answers and operations, with what its details add. */
export function errorOf(body: unknown): ArmError | undefined {
  const error = memberOf(body, "error");
  if (typeof error !== "object" || error === null) return undefined;
  const { code = "Unknown", message = "no message" } = readError(error);
  const details = memberOf(error, "details");
  const more = Array.isArray(details) ? details.map((each: unknown) => readError(each).message) : [];
  const added = more.filter((each) => each !== undefined && !message.includes(each));
  return { code, message: [message, ...added].join(" ") };
}

function readError(error: unknown): { readonly code?: string; readonly message?: string } {
  const [code, message] = [memberOf(error, "code"), memberOf(error, "message")];
  return {
    ...(typeof code === "string" && { code }),
    ...(typeof message === "string" && { message }),
  };
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
