import type { SourceSite } from "@berth/diagnostics";
import type { Urn } from "./json.ts";

/**
 * What an output describes. Nodes are immutable and form a graph without cycles, since each is
 * made from nodes that exist already.
 */
export type OutputNode = PropertyNode | MemberNode | ValueNode | ApplyNode | TextNode | SecretNode;

interface Node {
  /** URNs of the resources whose values it is made of. Sorted, each once. */
  readonly sources: readonly Urn[];
}

/** A property of a resource, or a part of one. */
export interface PropertyNode extends Node {
  readonly kind: "property";
  readonly urn: Urn;
  readonly path: readonly [string, ...string[]];
}

/** A part of a computed value. */
export interface MemberNode extends Node {
  readonly kind: "member";
  readonly of: OutputNode;
  readonly key: string;
}

/** JSON in which parts are outputs. */
export interface ValueNode extends Node {
  readonly kind: "value";
  readonly value: unknown;
  readonly parts: readonly OutputNode[];
}

export interface ApplyNode extends Node {
  readonly kind: "apply";
  readonly of: OutputNode;
  readonly callback: (value: unknown) => unknown;
  readonly site: SourceSite | undefined;
  /** The file of the callback as the runtime names it, as it stands in stack traces. */
  readonly file: string | undefined;
}

export interface TextNode extends Node {
  readonly kind: "text";
  readonly strings: readonly string[];
  /** One between each two strings. */
  readonly parts: readonly OutputNode[];
}

export interface SecretNode extends Node {
  readonly kind: "secret";
  readonly of: OutputNode;
  /** `false`: the author says that the value is not secret. */
  readonly secret: boolean;
}

/** The nodes that one is made from. */
export function partsOf(node: OutputNode): readonly OutputNode[] {
  switch (node.kind) {
    case "property":
      return [];
    case "value":
    case "text":
      return node.parts;
    default:
      return [node.of];
  }
}

/** Sources of several nodes together; shares the list where it can. */
export function uniteSources(nodes: readonly { readonly sources: readonly Urn[] }[]): readonly Urn[] {
  const [first, ...others] = nodes;
  if (!first) return [];
  const contained = others.every(({ sources }) => sources === first.sources || sources.length === 0);
  if (contained) return first.sources;
  return [...new Set(nodes.flatMap(({ sources }) => sources))].toSorted();
}
