import type { FieldSet } from "../apply/field-set.ts";
import { pathsOf } from "../apply/field-set.ts";
import { type ManagedSet, managerId } from "../apply/managed-fields.ts";
import { formatPath } from "../apply/path-element.ts";
import { compareText } from "../reference.ts";
import { errorBody, errorText, type FieldError } from "../rules/field-error.ts";
import type { Kind } from "../schema/kind.ts";

/** Why the API server refused a request, as it answers it. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: "Failure";
  readonly message: string;
  /** `Invalid`, `Conflict`, `NotFound`, …; empty where Kubernetes has no word for it. */
  readonly reason: string;
  readonly details?: StatusDetails;
  /** The HTTP status. */
  readonly code: number;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly StatusCause[];
}

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** Makes a failure. Source of the texts below: `k8s.io/apimachinery` v0.36 `pkg/api/errors`. */
export function failure(code: number, reason: string, message: string, details?: StatusDetails): Status {
  const base = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
  } as const;
  return details ? { ...base, details, code } : { ...base, code };
}

export function invalidObject(
  kind: Pick<Kind, "kind" | "group">,
  name: string,
  errors: readonly FieldError[],
): Status {
  const causes = errors.map((error) => ({
    reason: error.type,
    message: errorBody(error),
    field: error.field,
  }));
  const message = `${qualified(kind.kind, kind.group)} ${JSON.stringify(name)} is invalid: ${errorText(errors)}`;
  const group = kind.group === "" ? {} : { group: kind.group };
  return failure(422, "Invalid", message, { name, ...group, kind: kind.kind, causes });
}

/** A patch that does not go with the object; Kubernetes says no more than that. */
export function inapplicablePatch(): Status {
  return failure(422, "Invalid", "the server rejected our request due to an error in our request", {});
}

/** A patched object that cannot be read back into its type. */
export function unreadablePatch(patched: string, fault: string): Status {
  return invalidObject({ kind: "", group: "" }, "", [
    { type: "FieldValueInvalid", field: "patch", value: patched, detail: fault },
  ]);
}

export function badRequest(message: string): Status {
  return failure(400, "BadRequest", message);
}

export function notFoundStatus(kind: Kind, name: string): Status {
  return failure(
    404,
    "NotFound",
    `${resource(kind)} ${JSON.stringify(name)} not found`,
    resourceDetails(kind, name),
  );
}

/** Admission does not let the object in. */
export function forbiddenObject(kind: Kind, name: string, reason: string): Status {
  const message = `${resource(kind)} ${JSON.stringify(name)} is forbidden: ${reason}`;
  return failure(403, "Forbidden", message, resourceDetails(kind, name));
}

export function alreadyExists(kind: Kind, name: string): Status {
  return failure(
    409,
    "AlreadyExists",
    `${resource(kind)} ${JSON.stringify(name)} already exists`,
    resourceDetails(kind, name),
  );
}

/** Somebody else wrote the object since it was read. */
export function staleVersion(kind: Kind, name: string): Status {
  const message =
    `Operation cannot be fulfilled on ${resource(kind)} ${JSON.stringify(name)}: ` +
    "the object has been modified; please apply your changes to the latest version and try again";
  return failure(409, "Conflict", message, resourceDetails(kind, name));
}

/** The write means an object by its uid, and there is none any more. */
export function uidMismatch(kind: Kind, name: string, uid: string): Status {
  const message =
    `Operation cannot be fulfilled on ${resource(kind)} ${JSON.stringify(name)}: ` +
    `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  return failure(409, "Conflict", message, resourceDetails(kind, name));
}

/** Fields that a server-side apply would take from their owners. */
export function applyConflict(owners: ReadonlyMap<ManagedSet, FieldSet>): Status {
  const byManager = [...owners].sort(([a], [b]) => compareText(managerId(a), managerId(b)));
  const conflicts = byManager.flatMap(([manager, fields]) =>
    pathsOf(fields).map((path) => ({ manager, path: formatPath(path) })),
  );
  const causes = conflicts.map(({ manager, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${printManager(manager)}`,
    field: path,
  }));
  const [only] = conflicts;
  if (only && conflicts.length === 1) {
    const message = `Apply failed with 1 conflict: conflict with ${printManager(only.manager)}: ${only.path}`;
    return failure(409, "Conflict", message, { causes });
  }
  const lines = byManager.flatMap(([manager, fields]) => [
    `conflicts with ${printManager(manager)}:`,
    ...pathsOf(fields).map((path) => `- ${formatPath(path)}`),
  ]);
  return failure(409, "Conflict", `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`, {
    causes,
  });
}

function printManager({ manager, operation, apiVersion, subresource }: ManagedSet): string {
  const name =
    JSON.stringify(manager) +
    (subresource === undefined ? "" : ` with subresource ${JSON.stringify(subresource)}`);
  return operation === "Update" ? `${name} using ${apiVersion}` : name;
}

function resource(kind: Kind): string {
  return qualified(kind.plural, kind.group);
}

function resourceDetails(kind: Kind, name: string): StatusDetails {
  return { name, ...(kind.group === "" ? {} : { group: kind.group }), kind: kind.plural };
}

function qualified(name: string, group: string): string {
  return group === "" ? name : `${name}.${group}`;
}
