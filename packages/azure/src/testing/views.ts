import {
  declare,
  Evaluation,
  type Facet,
  type KnownResource,
  lookupIn,
  type ResourceView,
  unknownOutputs,
  type Urn,
  type ValueObject,
} from "@berth/core";

/** Declares a program and evaluates its inputs as a plan does before anything exists. */
export async function viewsOf(program: () => unknown): Promise<ReadonlyMap<string, ResourceView>> {
  const graph = await declare({ project: "shop", stack: "dev" }, program);
  const known = new Map<Urn, KnownResource>();
  const evaluation = new Evaluation(lookupIn((urn) => known.get(urn)));
  const views = new Map<string, ResourceView>();
  for (const { urn, type, name, definition, inputs: raw, references } of graph.resources) {
    const given = evaluation.inputs(raw);
    const inputs: ValueObject = definition.normalise?.(given) ?? given;
    const outputs = unknownOutputs(definition, urn);
    known.set(urn, { definition, inputs, outputs });
    views.set(`${type} ${name}`, { urn, type, inputs, outputs, references });
  }
  return views;
}

/** The facet of a kind; an error where there is none. */
export function facetOf<K extends Facet["kind"]>(
  facets: readonly Facet[],
  kind: K,
): Extract<Facet, { kind: K }> {
  const found = facets.find((each): each is Extract<Facet, { kind: K }> => each.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}
