import type { Kind } from "@berth/objects";

/** What a request is about: named in messages as `deployments.apps "web"`. */
export interface StatusSubject {
  readonly kind: Pick<Kind, "group" | "plural" | "kind">;
  readonly name: string;
}

/** A refusal in Kubernetes' words: what handlers throw, and clients get as `kind: Status`. */
export class ApiRefusal extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: number, reason: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = "ApiRefusal";
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toResponse(): Response {
    const { code, reason, message, details } = this;
    const status = { ...STATUS, status: "Failure", message, reason, ...(details ? { details } : {}), code };
    return Response.json(status, { status: code });
  }
}

const STATUS = { kind: "Status", apiVersion: "v1", metadata: {} };

export function notFound({ kind, name }: StatusSubject): ApiRefusal {
  return new ApiRefusal(
    404,
    "NotFound",
    `${resourceOf(kind)} ${quote(name)} not found`,
    detailsOf({ kind, name }),
  );
}

export function noSuchResource(): ApiRefusal {
  return new ApiRefusal(404, "NotFound", "the server could not find the requested resource", {});
}

/** The object is another one than the client read. */
export function modified(
  { kind, name }: StatusSubject,
  what = "the object has been modified; please apply your changes to the latest version and try again",
): ApiRefusal {
  const message = `Operation cannot be fulfilled on ${resourceOf(kind)} ${quote(name)}: ${what}`;
  return new ApiRefusal(409, "Conflict", message, detailsOf({ kind, name }));
}

export function badRequest(message: string): ApiRefusal {
  return new ApiRefusal(400, "BadRequest", message);
}

export function methodNotAllowed(): ApiRefusal {
  return new ApiRefusal(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );
}

export function unsupportedMediaType(accepted: readonly string[]): ApiRefusal {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return new ApiRefusal(415, "UnsupportedMediaType", message, {});
}

/** What the local cloud does not do: said, and never silently passed over. */
export function notImplemented(what: string): ApiRefusal {
  return new ApiRefusal(501, "NotImplemented", `the local cloud does not do this: ${what}`);
}

/** The answer to a deletion. */
export function deleted({ kind, name }: StatusSubject, uid: string | undefined): Response {
  const details = { ...detailsOf({ kind, name }), ...(uid === undefined ? {} : { uid }) };
  return Response.json({ ...STATUS, status: "Success", details });
}

function detailsOf({ kind, name }: StatusSubject): Readonly<Record<string, unknown>> {
  return { name, ...(kind.group === "" ? {} : { group: kind.group }), kind: kind.plural };
}

/** `deployments.apps`; resources of the core group go by their name alone. */
function resourceOf(kind: StatusSubject["kind"]): string {
  return kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
}

function quote(name: string): string {
  return JSON.stringify(name);
}
