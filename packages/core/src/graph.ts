import type { Problem, SourceSite } from "@berth/diagnostics";
import type { ResourceDefinition } from "./definition.ts";
import type { Hook } from "./hook.ts";
import type { Urn } from "./json.ts";
import type { ResolvedOptions } from "./options.ts";

/** Inputs as the program gave them: JSON in which any part may be an `Output`. */
export type RawInputs = Readonly<Record<string, unknown>>;

/** A resource of the sealed graph. */
export interface GraphResource {
  readonly urn: Urn;
  readonly type: string;
  /** Logical name, as given in the program. */
  readonly name: string;
  readonly definition: ResourceDefinition;
  readonly inputs: RawInputs;
  /** It is only read (`X.get`): the physical id of what exists, which may be an output. */
  readonly read?: { readonly id: unknown };
  /** Own options with what is inherited from parents. */
  readonly options: ResolvedOptions;
  /** URN of the enclosing component or resource. */
  readonly parent?: Urn;
  /** URN of the Kubernetes cluster it lives on; set exactly if its definition is `onCluster`. */
  readonly cluster?: Urn;
  /** From inputs, `dependsOn`, parent, cluster and provider. Sorted; a component stands for its resources. */
  readonly dependencies: readonly Urn[];
  /** Which resources each top-level input takes values from. */
  readonly references: Readonly<Record<string, readonly Urn[]>>;
  readonly site: SourceSite;
}

/** A component of the sealed graph: a name around its children. It is not recorded and not applied. */
export interface GraphComponent {
  readonly urn: Urn;
  readonly type: string;
  readonly name: string;
  readonly parent?: Urn;
  readonly site: SourceSite;
}

/**
 * What a program declared, sealed: whole, acyclic, immutable. `resources` are in topological
 * order, and in the order of declaration where the graph leaves the choice.
 */
export interface Graph {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly GraphResource[];
  readonly components: readonly GraphComponent[];
  /** The program's exports, which may be or contain `Output`s. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Position in {@link resources} by URN. */
  readonly index: ReadonlyMap<Urn, number>;
  /** What definitions' rules found and the program does not silence. Sorted by place. */
  readonly warnings: readonly Problem[];
  /** Hooks by name, for deletions of what may not be declared any more. Absent: none. */
  readonly hooks?: ReadonlyMap<string, Hook>;
}
