import { azureDefinitions } from "@berth/azure";
import { definitionOf, type Graph, type ResourceDefinition, StackReference } from "@berth/core";
import { kubernetesDefinitions } from "@berth/kubernetes";

/**
 * Finds the definition of a type: the program's own first, then those that come with berth, so that a recorded
 * resource is understood although no program declares its type any more.
 */
export function definitionsOf(graph: Graph): (type: string) => ResourceDefinition | undefined {
  const definitions = new Map(
    [...azureDefinitions, ...kubernetesDefinitions, definitionOf(StackReference)].map((each) => [
      each.type,
      each,
    ]),
  );
  for (const { type, definition } of graph.resources) definitions.set(type, definition);
  return (type) => definitions.get(type);
}
