import { example, type Register } from "../options.ts";
import { asksOnState, type StateChangeOptions } from "./options.ts";

/** `berth state edit` */
export const registerStateEdit: Register = (state, terminal, exit) => {
  const command = asksOnState(state.command("edit"))
    .description("edit what is recorded in $VISUAL or $EDITOR; it is verified, shown, and asked about")
    .action(async (options: StateChangeOptions) => {
      const { editRecords } = await import("../../commands/state/edit.ts");
      exit(await editRecords(options, terminal));
    });
  example(command, "EDITOR=vim berth state edit");
};
