import { formatSite, type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import { Evaluation } from "./evaluate.ts";
import type { GraphResource } from "./graph.ts";
import type { Urn, ValueObject } from "./json.ts";
import { type KnownResource, lookupIn, unknownOutputs } from "./lookup.ts";

/**
 * Finds resources that stand for the same thing, as far as that can be told from what the program
 * says alone: inputs of resources are known, what providers will answer is not.
 *
 * @param resources - in topological order
 */
export function identityProblems(resources: readonly GraphResource[]): readonly Problem[] {
  if (!resources.some(({ definition }) => definition.identity)) return [];
  const problems: Problem[] = [];
  const evaluated = new Map<Urn, { readonly resource: GraphResource; readonly inputs: ValueObject }>();
  const known = new Map<Urn, KnownResource>();
  const lookup = lookupIn((urn) => {
    const before = known.get(urn);
    if (before) return before;
    const found = evaluated.get(urn);
    if (!found) return undefined;
    const { definition } = found.resource;
    const view = {
      definition,
      inputs: normalised(found.resource, found.inputs),
      outputs: unknownOutputs(definition, urn),
    };
    known.set(urn, view);
    return view;
  });
  const evaluation = new Evaluation(lookup);
  const owners = new Map<string, GraphResource>();
  for (const resource of resources) {
    const { urn, definition, site } = resource;
    const alreadyFound = evaluation.problems.length;
    const inputs = evaluation.inputs(resource.inputs, definition);
    evaluated.set(urn, { resource, inputs });
    const failed = evaluation.problems.slice(alreadyFound);
    if (failed.length > 0) {
      problems.push(...failed.map((each) => ({ resource: urn, ...(site && { site }), ...each })));
      continue;
    }
    const identity = definition.identity?.(known.get(urn)?.inputs ?? normalised(resource, inputs));
    if (identity === undefined) continue;
    const key = [definition.provider, resource.options.provider ?? "", resource.cluster ?? "", identity].join(
      "\u0000",
    );
    const owner = owners.get(key);
    if (owner) problems.push(sameThing(resource, owner, identity));
    else owners.set(key, resource);
  }
  return problems;
}

function normalised({ definition }: GraphResource, inputs: ValueObject): ValueObject {
  return definition.normalise?.(inputs) ?? inputs;
}

function sameThing({ urn, site }: GraphResource, owner: GraphResource, identity: string): Problem {
  const message = `${identity} is declared already, by ${owner.type} "${owner.name}"${owner.site ? ` (${formatSite(owner.site)})` : ""}`;
  return problem(coreCodes.BERTH1014, { message, resource: urn, ...(site && { site }) });
}
