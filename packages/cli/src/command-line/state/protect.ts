import { example, type Register } from "../options.ts";
import { onState, type StateOptions } from "./options.ts";

/** `berth state protect NAME...`, `berth state unprotect NAME...` */
export const registerStateProtect: Register = (state, terminal) => {
  const both = [
    ["protect", true, "refuse to delete or forget these, until `up` records what the program says"],
    ["unprotect", false, "allow to delete or forget these, until `up` records what the program says"],
  ] as const;
  for (const [name, protect, description] of both) {
    const command = onState(state.command(`${name} <name...>`))
      .description(description)
      .action(async (names: readonly string[], options: StateOptions) => {
        const { protectRecord } = await import("../../commands/state/protect.ts");
        await protectRecord(names, protect, options, terminal);
      });
    example(command, `berth state ${name} front/web`);
  }
};
