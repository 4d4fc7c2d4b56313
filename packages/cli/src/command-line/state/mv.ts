import { example, type Register } from "../options.ts";
import { onState, type StateOptions } from "./options.ts";

/** `berth state mv FROM TO` */
export const registerStateMove: Register = (state, terminal) => {
  const move = onState(state.command("mv <from> <to>"))
    .description("give a recorded resource, or all in a component, another name")
    .action(async (from: string, to: string, options: StateOptions) => {
      const { moveRecord } = await import("../../commands/state/mv.ts");
      await moveRecord(from, to, options, terminal);
    });
  example(move, "berth state mv web front/web", "berth state mv front storefront");
};
