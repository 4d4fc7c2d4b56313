/** Resources, outputs, the sealed graph, the provider contract and facets. */
export {};
