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
  /** Property paths (`tags.owner`, `spec.ports[*].nodePort`) whose changes in the program are not applied: they stay as recorded. */
  readonly ignoreChanges?: readonly string[];
  /** Property paths whose changes replace the resource; `*`: any. */
  readonly replaceOnChanges?: readonly string[];
  /** Replaced whenever this value is another than at the last operation. May be or hold outputs. */
  readonly replacementTrigger?: unknown;
  /** `true`: in a replacement the old one is deleted first, `false`: never. Absent: where the two could not stand side by side. */
  readonly deleteBeforeReplace?: boolean;
  /** URNs that it had before, the most likely first: what is recorded under one of them is this resource. */
  readonly aliases?: readonly Urn[];
  /** Physical id of what exists already and is to be taken into the stack instead of being created. */
  readonly import?: string;
  /** Whether what exists already under its identity is taken over by the create, and changed to what the program says. */
  readonly adopt?: true;
  /** When it goes from the program, it is forgotten and stays where it is. */
  readonly retainOnDelete?: true;
  /** It goes with that resource: no request deletes it where that one is deleted in the same operation. */
  readonly deletedWith?: Urn;
  readonly customTimeouts?: Timeouts;
  /** Names of outputs that are secret besides those of the type. Sorted. */
  readonly additionalSecretOutputs?: readonly string[];
}

/** How long an operation on a resource may take, in seconds. */
export type Timeouts = {
  readonly create?: number;
  readonly update?: number;
  readonly delete?: number;
  readonly read?: number;
};
