import { example, type Register } from "../options.ts";
import { onState, type StateOptions } from "./options.ts";

/** `berth state show NAME` */
export const registerStateShow: Register = (state, terminal) => {
  const show = onState(state.command("show <name>"))
    .description("everything that is recorded of one resource; secrets are hidden")
    .action(async (name: string, options: StateOptions) => {
      const { showRecord } = await import("../../commands/state/show.ts");
      await showRecord(name, options, terminal);
    });
  example(show, "berth state show kubernetes:Deployment::front/web");
};
