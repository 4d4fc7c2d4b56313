import { BerthError, type CodeEntry, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";

/** Kubernetes' answer when a request fails (`kind: Status`). */
export interface Status {
  readonly kind: "Status";
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly causes?: readonly {
      readonly reason?: string;
      readonly field?: string;
      readonly message?: string;
    }[];
  };
}

/** An unsuccessful answer as a coded error, in the API server's own words. */
export function refusal(what: string, httpStatus: number, body: unknown): BerthError {
  const status = isStatus(body) ? body : undefined;
  const entry = entryOf(httpStatus, status);
  const words = status?.message ?? `answered ${httpStatus}`;
  // The API server takes a write whole or not at all, and says so itself; a proxy before it says nothing of that.
  const isRefusal =
    status !== undefined &&
    httpStatus >= 400 &&
    httpStatus <= 499 &&
    httpStatus !== 408 &&
    httpStatus !== 429;
  const fields = (status?.details?.causes ?? []).flatMap((cause) => cause.field ?? []);
  const found = problem(entry, {
    message: `${what}: ${words}`,
    ...(fields[0] ? { path: fields[0].replace(/^\./, "") } : {}),
  });
  return new BerthError([found], { isRefusal });
}

function entryOf(httpStatus: number, status: Status | undefined): CodeEntry {
  if (status === undefined) return codes.BERTH5104;
  if (httpStatus !== 409) return httpStatus >= 500 ? codes.BERTH5104 : codes.BERTH5103;
  if (status.reason === "AlreadyExists") return codes.BERTH5101;
  const isOfFields = (status.details?.causes ?? []).some((each) => each.reason === "FieldManagerConflict");
  // Else a precondition did not hold: it is another object, or another version of it.
  return isOfFields ? codes.BERTH5102 : codes.BERTH5106;
}

function isStatus(body: unknown): body is Status {
  return typeof body === "object" && body !== null && "kind" in body && body.kind === "Status";
}
