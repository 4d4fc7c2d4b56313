import type { Urn } from "./json.ts";

/** Options of a resource in the sealed graph: resolved, inherited, complete. */
export interface ResolvedOptions {
  /** Deleting or replacing it is refused. */
  readonly protect: boolean;
  /** Explicit provider instance (URN of a provider resource); the default one where absent. */
  readonly provider?: Urn;
  /** Codes of warnings and checks that the author has looked at and wants silenced on this resource. */
  readonly silence: readonly string[];
}
