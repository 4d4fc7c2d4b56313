import {
  defineResource,
  definitionOf,
  Evaluation,
  type Graph,
  type JsonObject,
  pathOfUrn,
  type Provider,
  type ResourceDefinition,
  type ResourceRecord,
  type StackState,
  type Urn,
  type ValueObject,
} from "@berth/core";

const text = { type: "string" } as const;

/** What all benches of scale declare: five properties of all the shapes that inputs have, and an output. */
export const Item = defineResource<
  { label: string; size: number; enabled: boolean; zones: string[]; tags: Record<string, string> },
  { id: string }
>({
  type: "bench:Item",
  provider: "bench",
  inputs: {
    label: text,
    size: { type: "integer" },
    enabled: { type: "boolean" },
    zones: { type: "array", items: text },
    tags: { type: "object", additionalProperties: text },
  },
  outputs: { id: text },
});

const definition = definitionOf(Item);

/** The definition of the only type there is. */
export const definitionOfItem = (): ResourceDefinition => definition;

/** What the provider answers is told from the name alone, so that a record can be written down without applying it. */
function idOf(urn: Urn): string {
  return `id of ${pathOfUrn(urn)}`;
}

/** A provider that answers at once: what is measured is everything around it. */
export function itemProvider(): Provider {
  const answer = ({ urn }: { readonly urn: Urn }) => ({ id: pathOfUrn(urn), outputs: { id: idOf(urn) } });
  return {
    name: "bench",
    create: async (request) => answer(request),
    update: async (request) => answer(request),
    delete: async () => {},
    read: async () => undefined,
  };
}

/** What the state would hold had the graph been applied. */
export function recordOf({ project, stack, resources }: Graph): StackState {
  const evaluation = new Evaluation(idOf);
  const records = resources.map(({ urn, type, name, inputs, dependencies, references }): ResourceRecord => ({
    urn,
    type,
    provider: "bench",
    id: name,
    inputs: asJson(evaluation.inputs(inputs)),
    outputs: { id: idOf(urn) },
    assigned: {},
    dependencies,
    references,
    protect: false,
    operationKey: name,
  }));
  return { project, stack, serial: 1, resources: records, outputs: {}, pending: [] };
}

/** Nothing of an item is secret, and all ids are known. */
function asJson(inputs: ValueObject): JsonObject {
  const json: JsonObject = JSON.parse(JSON.stringify(inputs));
  return json;
}
