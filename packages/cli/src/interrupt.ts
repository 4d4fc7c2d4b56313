import type { Terminal } from "./terminal.ts";

/**
 * Ctrl-C as an AbortSignal: the first lets running steps finish, the second ends the process at
 * once, which the journal survives.
 */
export function cancellation(terminal: Terminal): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    terminal.say(
      "\nFinishing the running steps. Once more to stop at once; the next run then settles what was open.\n",
    );
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    dispose() {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
