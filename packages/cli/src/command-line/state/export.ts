import { example, onStack, type Register, type StackOptions } from "../options.ts";

export type ExportOptions = StackOptions & { readonly out?: string };

/** `berth state export` */
export const registerStateExport: Register = (state, terminal) => {
  const command = onStack(state.command("export"))
    .description("everything that is recorded, as JSON; secrets stay encrypted")
    .option("--out <file>", "write it there; a file that exists is not overwritten")
    .action(async (options: ExportOptions) => {
      const { exportRecords } = await import("../../commands/state/export.ts");
      await exportRecords(options, terminal);
    });
  example(command, "berth state export --out dev.json");
};
