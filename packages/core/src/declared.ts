import type { Declaration } from "./declaration.ts";

/**
 * Where a resource or component keeps what berth knows of it: one symbol, so that users' own
 * property names (`name`, `id`, `metadata`, `type`) never collide with the framework's.
 */
export const declared = Symbol.for("berth.declared");

/**
 * What berth knows of a resource or component of a running program: URN, type, logical name,
 * site. `undefined` for anything else.
 *
 * @example declarationOf(cluster)?.urn
 */
export function declarationOf(value: unknown): Declaration | undefined {
  if (typeof value !== "object" || value === null || isProxy(value)) return undefined;
  return declared in value ? (value[declared] as Declaration) : undefined;
}

/** Outputs refuse most questions; this one they answer. */
function isProxy(value: object): boolean {
  return Symbol.for("berth.output") in value;
}
