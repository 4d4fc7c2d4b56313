/**
 * Why a patch was not applied: `malformed` it is no patch of its kind; `inapplicable` it does not go with the object;
 * `internal` the API server answers it with an internal error; `too-large` it has more operations than are allowed.
 */
export type PatchFault = "malformed" | "inapplicable" | "internal" | "too-large";

/** Raised while a patch is applied, and turned into a Status by whoever answers the request. */
export class PatchError extends Error {
  readonly fault: PatchFault;

  constructor(fault: PatchFault, message: string) {
    super(message);
    this.name = "PatchError";
    this.fault = fault;
  }
}
