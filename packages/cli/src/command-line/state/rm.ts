import { example, type Register } from "../options.ts";
import { asksOnState, type StateChangeOptions } from "./options.ts";

export type RemoveOptions = StateChangeOptions & { readonly withDependents?: boolean };

/** `berth state rm NAME...` */
export const registerStateRemove: Register = (state, terminal, exit) => {
  const remove = asksOnState(state.command("rm <name...>"))
    .description("forget resources: they stay where they are, and berth manages them no more")
    .option("--with-dependents", "forget what needs them too")
    .action(async (names: readonly string[], options: RemoveOptions) => {
      const { removeRecord } = await import("../../commands/state/rm.ts");
      exit(await removeRecord(names, options, terminal));
    });
  example(remove, "berth state rm front/web --yes");
};
