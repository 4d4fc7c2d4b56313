import { example, type Register } from "../options.ts";
import { asksOnState, type StateChangeOptions } from "./options.ts";

export type ImportOptions = StateChangeOptions & { readonly force?: boolean; readonly rename?: boolean };

/** `berth state import FILE` */
export const registerStateImport: Register = (state, terminal, exit) => {
  const command = asksOnState(state.command("import <file>"))
    .description("record what an exported state says, instead of what is recorded; - reads standard input")
    .option("--force", "also where it is older, or lacks resources that are recorded")
    .option("--rename", "take the state of another stack or project as this one's")
    .action(async (file: string, options: ImportOptions) => {
      const { importRecords } = await import("../../commands/state/import.ts");
      exit(await importRecords(file, options, terminal));
    });
  example(command, "berth state import dev.json", "berth state import dev.json --rename --stack staging");
};
