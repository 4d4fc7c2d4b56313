import type { JsonObject } from "../store/json.ts";

/** What Azure Resource Manager refuses: its status, its code and its words. Thrown, so that a transaction is undone. */
export class ArmRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;

  constructor(status: number, code: string, message: string, target?: string) {
    super(message);
    this.name = "ArmRefusal";
    this.status = status;
    this.code = code;
    this.target = target;
  }

  toResponse(): Response {
    const { code, message, target } = this;
    return armJson(this.status, { error: { code, message, ...(target !== undefined && { target }) } });
  }
}

/** An answer of Azure Resource Manager. */
export function armJson(
  status: number,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-cache", ...headers } });
}

/** What is not there: a resource, or the group that it would be in. */
export function notFound(type: string, name: string, group: string): ArmRefusal {
  const message = `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  return new ArmRefusal(404, "ResourceNotFound", message);
}

/** A property that keeps the value that it was created with. */
export function cannotChange(path: string): ArmRefusal {
  return new ArmRefusal(400, "PropertyChangeNotAllowed", `Changing property '${path}' is not allowed.`, path);
}

/** A parameter that is missing or wrong. */
export function invalidParameter(path: string, why: string): ArmRefusal {
  const message = `The value of parameter ${path} is invalid. Error details: ${why}.`;
  return new ArmRefusal(400, "InvalidParameter", message, path);
}
