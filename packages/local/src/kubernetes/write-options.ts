import { ApiRefusal, badRequest } from "./status.ts";

/** What a client asks of a write, from the query. */
export interface WriteOptions {
  /** Everything is done but kept. */
  readonly isDryRun: boolean;
  /** Who will own what is written: as stated, or else the client's name. */
  readonly fieldManager: string;
  readonly isForced: boolean;
  /** Unknown fields: an error, or dropped (real servers warn, or say nothing). */
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
}

const LONGEST_MANAGER = 128;

/** Reads the options of a write; refuses with 422 what Kubernetes refuses. */
export function writeOptions(
  kind: "CreateOptions" | "PatchOptions" | "UpdateOptions",
  request: Request,
  mustNameManager: boolean,
): WriteOptions {
  const query = new URL(request.url).searchParams;
  const dryRun = query.getAll("dryRun");
  const validation = query.get("fieldValidation") ?? "Warn";
  const manager = query.get("fieldManager") ?? "";
  const faults: [field: string, message: string][] = [];
  if (dryRun.some((each) => each !== "All")) {
    faults.push(["dryRun", `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`]);
  }
  if (!isFieldValidation(validation)) {
    faults.push([
      "fieldValidation",
      `Unsupported value: ${JSON.stringify(validation)}: supported values: "Ignore", "Strict", "Warn"`,
    ]);
  }
  if (mustNameManager && manager === "")
    faults.push(["fieldManager", "Required value: is required for apply patch"]);
  if (manager.length > LONGEST_MANAGER)
    faults.push(["fieldManager", `Too long: may not be more than ${LONGEST_MANAGER} bytes`]);
  if (query.has("force") && !mustNameManager)
    faults.push(["force", "Forbidden: may not be specified for non-apply patch"]);
  if (faults.length > 0 || !isFieldValidation(validation)) throw invalidOptions(kind, faults);
  return {
    isDryRun: dryRun.length > 0,
    fieldManager: manager || clientOf(request),
    isForced: query.get("force") === "true" || query.get("force") === "",
    fieldValidation: validation,
  };
}

function isFieldValidation(text: string): text is WriteOptions["fieldValidation"] {
  return text === "Strict" || text === "Warn" || text === "Ignore";
}

/** A client that names no manager is known by the beginning of its user agent. */
function clientOf(request: Request): string {
  const agent = request.headers.get("user-agent") ?? "unknown";
  return (agent.split("/")[0] ?? agent).slice(0, LONGEST_MANAGER);
}

function invalidOptions(kind: string, faults: readonly (readonly [string, string])[]): ApiRefusal {
  const causes = faults.map(([field, message]) => ({ field, message, reason: "FieldValueInvalid" }));
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const details = { group: "meta.k8s.io", kind, causes };
  return new ApiRefusal(422, "Invalid", `${kind}.meta.k8s.io "" is invalid: ${list}`, details);
}

/** What a client asks of a deletion, from query and body. */
export interface DeleteOptions {
  readonly isDryRun: boolean;
  readonly propagation?: "Background" | "Foreground" | "Orphan";
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export function deleteOptions(query: URLSearchParams, body: unknown): DeleteOptions {
  const stated = typeof body === "object" && body !== null ? (body as StatedDeleteOptions) : {};
  const propagation = query.get("propagationPolicy") ?? stated.propagationPolicy;
  if (
    propagation !== undefined &&
    propagation !== "Background" &&
    propagation !== "Foreground" &&
    propagation !== "Orphan"
  ) {
    throw badRequest(
      `invalid propagationPolicy ${JSON.stringify(propagation)}: supported values: "Background", "Foreground", "Orphan"`,
    );
  }
  const dryRun = [...query.getAll("dryRun"), ...(stated.dryRun ?? [])];
  if (dryRun.some((each) => each !== "All"))
    throw badRequest(`invalid dryRun ${JSON.stringify(dryRun)}: supported values: "All"`);
  const { uid, resourceVersion } = stated.preconditions ?? {};
  return {
    isDryRun: dryRun.length > 0,
    ...(propagation === undefined ? {} : { propagation }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

interface StatedDeleteOptions {
  readonly propagationPolicy?: string;
  readonly dryRun?: readonly string[];
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}
