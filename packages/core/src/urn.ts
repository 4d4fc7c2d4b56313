import type { Urn } from "./json.ts";

/** What a {@link Urn} is made of. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** `kubernetes:Deployment` */
  readonly type: string;
  /** Logical names from the outermost component to the resource. */
  readonly path: readonly string[];
}

/**
 * Writes a URN. Names must have passed `nameProblem`.
 *
 * @example formatUrn({ stack: "dev", project: "shop", type: "kubernetes:Deployment", path: ["store", "front"] })
 *   // "urn:berth:dev:shop::kubernetes:Deployment::store/front"
 */
export function formatUrn({ stack, project, type, path }: UrnParts): Urn {
  return `urn:berth:${stack}:${project}::${type}::${path.join("/")}`;
}

const pattern = /^urn:berth:([^:]+):([^:]+)::([^:]+:[^:]+)::(.+)$/;

/**
 * Reads a URN; `undefined` where the text is none.
 *
 * @example parseUrn("urn:berth:dev:shop::acme:Database::store/orders")?.path // ["store", "orders"]
 */
export function parseUrn(urn: string): UrnParts | undefined {
  const [, stack, project, type, path] = pattern.exec(urn) ?? [];
  if (stack === undefined || project === undefined || type === undefined || path === undefined)
    return undefined;
  return { stack, project, type, path: path.split("/") };
}

/**
 * The logical path, as people read it: `store-front/service`. The whole text where it is no URN.
 *
 * @example pathOfUrn("urn:berth:dev:shop::acme:Database::store/orders") // "store/orders"
 */
export function pathOfUrn(urn: Urn): string {
  return parseUrn(urn)?.path.join("/") ?? urn;
}

/**
 * Why a text cannot be a logical name; `undefined` where it can.
 *
 * @example nameProblem("") // "a name must not be empty"
 */
export function nameProblem(name: unknown): string | undefined {
  if (typeof name !== "string") return "a name is plain text that is known when the program runs";
  if (name === "") return "a name must not be empty";
  if (name.length > 253) return "a name has at most 253 characters";
  if (name.trim() !== name) return "a name must not begin or end with white space";
  if (name.includes("/") || name.includes("::")) return 'a name must not contain "/" or "::"';
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) return "a name must not contain control characters";
  return undefined;
}
