import { type Problem, problem } from "@berth/diagnostics";
import { AliasResolution } from "./alias.ts";
import { coreCodes } from "./codes.ts";
import type { DeclarationContext } from "./context.ts";
import type { ResourceDeclaration } from "./declaration.ts";
import { describe } from "./dependency.ts";
import type { Urn } from "./json.ts";

/**
 * Earlier URNs of every resource that has some; `undefined` where nothing in the program has. Two resources that claim
 * the same one are a problem of the second.
 */
export function resolveAliases(
  { project, stack, resources, components, moves }: DeclarationContext,
  problems: Problem[],
): ReadonlyMap<ResourceDeclaration, readonly Urn[]> | undefined {
  const has = ({ options }: { readonly options: ResourceDeclaration["options"] }): boolean =>
    options.aliases.length > 0;
  if (moves.size === 0 && !resources.some(has) && !components.some(has)) return undefined;
  const resolution = new AliasResolution({ project, stack }, moves);
  const claims = new Map<Urn, ResourceDeclaration>();
  const resolved = new Map<ResourceDeclaration, readonly Urn[]>();
  for (const resource of resources) {
    const urns = resolution.urnsOf(resource);
    if (urns.length === 0) continue;
    resolved.set(resource, Object.freeze(urns));
    for (const urn of urns) {
      const other = claims.get(urn);
      if (!other) claims.set(urn, resource);
      else {
        const { urn: own, site } = resource;
        const message = `${urn} is claimed by ${describe(other)} already`;
        problems.push(problem(coreCodes.BERTH1040, { message, resource: own, ...(site && { site }) }));
      }
    }
  }
  return resolved;
}
