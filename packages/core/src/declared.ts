import { BerthError, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import { activeContext } from "./context.ts";
import type { Declaration } from "./declaration.ts";
import { siteOfCall } from "./site.ts";

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

/** The method by which Node asks an object how to show it. */
export const inspect = Symbol.for("nodejs.util.inspect.custom");

/** A resource or component in a string. */
export function refuseText(instance: {
  readonly [declared]: Declaration;
  [Symbol.toPrimitive](): never;
}): never {
  const { type, name, urn } = instance[declared];
  const site = activeContext()?.mapSite(siteOfCall(instance[Symbol.toPrimitive]));
  const message = `${type} "${name}" cannot be used as text`;
  const hint = "use one of its properties, in text`…${resource.property}…`";
  throw new BerthError([
    problem(coreCodes.BERTH1009, { message, hint, resource: urn, ...(site && { site }) }),
  ]);
}
