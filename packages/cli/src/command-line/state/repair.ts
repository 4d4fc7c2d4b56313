import { example, type Register } from "../options.ts";
import { asksOnState, type StateChangeOptions } from "./options.ts";

/** `berth state repair` */
export const registerStateRepair: Register = (state, terminal, exit) => {
  const command = asksOnState(state.command("repair"))
    .description(
      "repair a damaged state: show what can be kept and what is lost, ask, keep the damaged files",
    )
    .action(async (options: StateChangeOptions) => {
      const { repairRecords } = await import("../../commands/state/repair.ts");
      exit(await repairRecords(options, terminal));
    });
  example(command, "berth state repair");
};
