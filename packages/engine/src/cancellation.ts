import { BerthError, problem } from "@berth/diagnostics";
import { engineCodes } from "./codes.ts";
import type { Operation } from "./operation.ts";

/** Before the first step, cancelling breaks off what is being read. @throws BERTH6009 */
export async function untilCancelled<T>({ signal }: Operation, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (!signal?.aborted) throw thrown;
    throw new BerthError([
      problem(engineCodes.BERTH6009, { message: "it was cancelled before anything was changed" }),
    ]);
  }
}
