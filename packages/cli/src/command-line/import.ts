import { example, onStack, type Register, type StackOptions } from "./options.ts";

export interface ImportOptions extends StackOptions {
  readonly from?: string;
  readonly cluster?: string;
  readonly resourceGroup?: string;
  readonly json?: boolean;
}

/** `berth import` */
export const registerImport: Register = (program, terminal) => {
  const command = onStack(program.command("import [type] [name] [id]"))
    .description("write the program text for what exists; the next up takes it into the stack")
    .option("--from <file>", "JSON: [{ type, name, id, cluster }, …]")
    .option("--cluster <name>", "all that people made on this cluster of the stack")
    .option("--resource-group <name>", "all that this resource group has, and the group itself")
    .option("--json", "the text, and what it declares, as JSON")
    .action(
      async (
        type: string | undefined,
        name: string | undefined,
        id: string | undefined,
        options: ImportOptions,
      ) => {
        const { runImport } = await import("../commands/import.ts");
        await runImport({ type, name, id }, options, terminal);
      },
    );
  example(
    command,
    "berth import --resource-group shop >> shop.ts && berth preview",
    "berth import kubernetes:Deployment web 'apps/v1 Deployment default/web'",
  );
};
