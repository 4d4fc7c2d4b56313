import type { SourceSite } from "@berth/diagnostics";
import type { ResourceDefinition } from "./definition.ts";
import type { RawInputs } from "./graph.ts";
import type { Urn } from "./json.ts";
import type { ComponentDefinition } from "./metadata.ts";
import type { DeclaredOptions, DeclaredValue } from "./options.ts";
import type { OutputNode } from "./output-node.ts";

/** A resource or component as the program declared it. */
export type Declaration = ResourceDeclaration | ComponentDeclaration;

interface Declared {
  readonly urn: Urn;
  readonly type: string;
  /** Logical name, as given in the program. */
  readonly name: string;
  /** Logical names from the outermost component to this one. */
  readonly path: readonly string[];
  readonly options: DeclaredOptions;
  /** Of {@link options}, what was given here and not inherited. */
  readonly ownOptions: Partial<DeclaredOptions>;
  readonly parent: Declaration | undefined;
  /** Inputs, copied when they were given; `amend` replaces them while the program runs. */
  readonly inputs: RawInputs;
  /** Outputs and the like inside the inputs. */
  readonly holes: readonly Hole[];
  readonly site: SourceSite | undefined;
  /** Which transform gave an input or an option, where one did: see `Transformed.origins`. */
  readonly origins?: ReadonlyMap<string, SourceSite>;
  /** Position among everything that the program declares. */
  readonly order: number;
}

export interface ResourceDeclaration extends Declared {
  readonly kind: "resource";
  readonly definition: ResourceDefinition;
  /** It is only read: the physical id of what exists. */
  readonly read?: DeclaredValue;
  /** The object of the program, to check in the end that no class field hides a property. */
  readonly instance: object;
}

export interface ComponentDeclaration extends Declared {
  readonly kind: "component";
  readonly definition: ComponentDefinition;
}

/** Something inside inputs that is not JSON: an output; or (without `node`) a secret, or a resource in a component's. */
export interface Hole {
  readonly path: readonly (string | number)[];
  readonly node: OutputNode | undefined;
}
