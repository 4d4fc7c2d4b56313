import { BerthError } from "@berth/diagnostics";
import { stateCodes } from "../codes.ts";
import { stateError } from "../damage.ts";

/** What the storage service says of a request that failed. */
interface Refusal {
  readonly status: number | undefined;
  /** `BlobNotFound`, `LeaseAlreadyPresent`; `ENOTFOUND` where it was not reached. */
  readonly code: string;
}

/** Whether it is the service's answer with one of these codes. */
export function isRefusal(error: unknown, ...codes: readonly string[]): boolean {
  const found = refusalOf(error);
  return found !== undefined && codes.includes(found.code);
}

/** Whether the service says that there is no such blob. */
export function isMissing(error: unknown): boolean {
  const found = refusalOf(error);
  // A HEAD has no body, so that its answer may lack the code.
  return found?.status === 404 && found.code !== "ContainerNotFound";
}

/**
 * The coded error for a request that failed. It names status and code only, and has no cause: the
 * library's errors carry the request, and requests carry signatures.
 */
export function blobError(error: unknown, location: string): BerthError {
  if (BerthError.is(error)) return error;
  const found = refusalOf(error);
  if (!found) {
    const kind = error instanceof Error ? error.name : typeof error;
    // Those of @azure/identity: CredentialUnavailableError, AggregateAuthenticationError and others.
    if (/^[A-Za-z]*(Authentication|Credential)[A-Za-z]*Error$/.test(kind))
      return stateError(stateCodes.BERTH4052, location, `signing in failed (${kind})`);
    return stateError(stateCodes.BERTH4054, location, `the request could not be made (${kind})`);
  }
  const { status, code } = found;
  if (status === undefined)
    return stateError(stateCodes.BERTH4054, location, `the storage account cannot be reached (${code})`);
  const answer = `the storage account answered ${status} ${code}`.trimEnd();
  if (status === 401 || status === 403) return stateError(stateCodes.BERTH4052, location, answer);
  if (code === "ContainerNotFound" || code === "ContainerBeingDeleted")
    return stateError(stateCodes.BERTH4053, location, answer);
  return stateError(stateCodes.BERTH4054, location, answer);
}

function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || error.name !== "RestError") return undefined;
  const status = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  // What is no plain name could quote the request.
  return { status, code: /^[A-Za-z_]{1,80}$/.test(code) ? code : "" };
}
