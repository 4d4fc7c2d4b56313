import type { Component } from "./component.ts";
import type { Declaration, ResourceDeclaration } from "./declaration.ts";
import type { Urn } from "./json.ts";
import type { Resource } from "./resource.ts";

/**
 * Options of resources and components: the third argument. Each has its row in the table of
 * `option-table.ts`, which says how it is checked and what children inherit.
 */
export interface ResourceOptions {
  /** The component (or resource) that it belongs to: part of its identity, and its options are inherited. */
  readonly parent?: Resource | Component;
  /** What must exist before it, beyond what its inputs say. A component stands for all its resources. Children inherit it. */
  readonly dependsOn?: Resource | Component | readonly (Resource | Component)[];
  /** Deleting or replacing it is refused. Children inherit it, and may say `false`. */
  readonly protect?: boolean;
  /** Explicit provider, or several for a component with resources of several. Children of the same provider inherit it. */
  readonly provider?: Resource | readonly Resource[];
  /** The Kubernetes cluster that it lives on. Children inherit it. Where nothing is said, the stack's only one. */
  readonly cluster?: Resource;
  /** Codes of warnings and checks that the author has looked at and wants silenced: `["BERTH3103"]`. Children inherit them. */
  readonly silence?: readonly string[];
}

/** Options of a declaration, with what is inherited. */
export interface DeclaredOptions {
  readonly parent: Declaration | undefined;
  readonly dependsOn: readonly Declaration[];
  readonly protect: boolean;
  readonly provider: readonly ResourceDeclaration[];
  readonly cluster: ResourceDeclaration | undefined;
  readonly silence: readonly string[];
}

/** Options of a resource in the sealed graph: resolved, inherited, complete. */
export interface ResolvedOptions {
  /** Deleting or replacing it is refused. */
  readonly protect: boolean;
  /** Explicit provider instance (URN of a provider resource); the default one where absent. */
  readonly provider?: Urn;
  /** Codes of warnings and checks that the author has looked at and wants silenced on this resource. Sorted. */
  readonly silence: readonly string[];
}
