import type { StateBackend } from "../backend.ts";

/** One promise that every state backend keeps. */
export interface BackendCase {
  readonly name: string;
  /**
   * @param open opens the backend anew on the same place, as another process would; the place is empty
   * at the first call and belongs to this case alone. The project is `store`.
   * @param lapse lets the lease of a stack's lock run out, as if its holder slept meanwhile.
   */
  run(this: void, open: () => Promise<StateBackend>, lapse: (stack: string) => Promise<void>): Promise<void>;
}
