import { example, type Register } from "../options.ts";
import { asksOnState, type StateChangeOptions } from "./options.ts";

/** `berth state unlock` */
export const registerStateUnlock: Register = (state, terminal, exit) => {
  const command = asksOnState(state.command("unlock"))
    .description("show who holds the stack's lock, ask, and break it")
    .action(async (options: StateChangeOptions) => {
      const { unlockStack } = await import("../../commands/state/unlock.ts");
      exit(await unlockStack(options, terminal));
    });
  example(command, "berth state unlock --stack prod");
};
