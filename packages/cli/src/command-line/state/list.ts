import { example, type Register } from "../options.ts";
import { onState, type StateOptions } from "./options.ts";

/** `berth state list` */
export const registerStateList: Register = (state, terminal) => {
  const list = onState(state.command("list [pattern]"))
    .description("resources as they are recorded; only those that match, with * for any part of a name")
    .action(async (pattern: string | undefined, options: StateOptions) => {
      const { listRecords } = await import("../../commands/state/list.ts");
      await listRecords(pattern, options, terminal);
    });
  example(list, "berth state list 'kubernetes:Deployment::*'");
};
