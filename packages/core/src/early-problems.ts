import { BerthError, formatSite, type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import { Evaluation } from "./evaluate.ts";
import type { GraphResource } from "./graph.ts";
import type { Urn, ValueObject } from "./json.ts";
import { type KnownResource, lookupIn, unknownInputs, unknownOutputs } from "./lookup.ts";
import { outputOf } from "./output-handle.ts";
import type { ApplyNode } from "./output-node.ts";
import { probe } from "./probe.ts";
import { isKnown } from "./value.ts";

/**
 * What can be told to be wrong from the program alone, before anything is planned: inputs of
 * resources are known, what providers will answer is not. Two resources that stand for the same
 * thing; callbacks that fail; and callbacks that would declare a resource once their value is
 * known, whether anything uses their result or not.
 *
 * @param resources - in topological order
 * @param callbacks - every `apply` of the program
 */
export function earlyProblems(
  resources: readonly GraphResource[],
  callbacks: readonly ApplyNode[],
): readonly Problem[] {
  if (callbacks.length === 0 && !resources.some(({ definition }) => definition.identity)) return [];
  const problems: Problem[] = [];
  const views = new Views();
  const evaluation = new Evaluation(lookupIn((urn) => views.of(urn)));
  const owners = new Map<string, GraphResource>();
  for (const resource of resources) {
    const alreadyFound = evaluation.problems.length;
    views.add(resource, evaluation.inputs(resource.inputs, resource.definition));
    const failed = evaluation.problems.slice(alreadyFound);
    if (failed.length > 0) problems.push(...failed.map((each) => ({ ...placeOf(resource), ...each })));
    else problems.push(...identityProblems(resource, views, owners));
  }
  const alreadyFound = evaluation.problems.length;
  for (const node of callbacks) {
    if (!isKnown(evaluation.value(outputOf(node.of)) ?? null)) problems.push(...probe(node));
    else evaluation.value(outputOf(node));
  }
  return [...problems, ...evaluation.problems.slice(alreadyFound)];
}

/** Resources as lookups see them, normalised when the first asks. */
class Views {
  readonly #added = new Map<Urn, { readonly resource: GraphResource; readonly inputs: ValueObject }>();
  readonly #made = new Map<Urn, KnownResource>();

  add(resource: GraphResource, inputs: ValueObject): void {
    this.#added.set(resource.urn, { resource, inputs });
  }

  of(urn: Urn): KnownResource | undefined {
    const before = this.#made.get(urn);
    const added = this.#added.get(urn);
    if (before || !added) return before;
    const { definition } = added.resource;
    const inputs = added.resource.read
      ? unknownInputs(definition, urn)
      : (definition.normalise?.(added.inputs) ?? added.inputs);
    const view = { definition, inputs, outputs: unknownOutputs(definition, urn) };
    this.#made.set(urn, view);
    return view;
  }
}

function identityProblems(
  resource: GraphResource,
  views: Views,
  owners: Map<string, GraphResource>,
): readonly Problem[] {
  const { urn, definition, options, cluster, read } = resource;
  if (!definition.identity || read) return [];
  try {
    const identity = definition.identity(views.of(urn)?.inputs ?? {});
    if (identity === undefined) return [];
    const key = [definition.provider, options.provider ?? "", cluster ?? "", identity].join("\u0000");
    const owner = owners.get(key);
    if (owner) return [sameThing(resource, owner, identity)];
    owners.set(key, resource);
    return [];
  } catch (thrown) {
    if (BerthError.is(thrown)) return thrown.problems;
    const message = `normalise or identity of ${definition.type} failed: ${String(thrown)}`;
    return [problem(coreCodes.BERTH1023, { message, ...placeOf(resource) })];
  }
}

function sameThing(resource: GraphResource, owner: GraphResource, identity: string): Problem {
  const message = `${identity} is declared already, by ${owner.type} "${owner.name}" (${formatSite(owner.site)})`;
  return problem(coreCodes.BERTH1014, { message, ...placeOf(resource) });
}

function placeOf({ urn, site }: GraphResource): Pick<Problem, "resource" | "site"> {
  return { resource: urn, site };
}
