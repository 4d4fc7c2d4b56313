import { onStack, type Register, type StackOptions } from "./options.ts";

/** `berth config …` */
export const registerConfig: Register = (program, terminal) => {
  const config = program.command("config").description("values of a stack's configuration");
  onStack(config.command("list"))
    .description("all values")
    .action(async (options: StackOptions) => {
      const { listValues } = await import("../commands/config.ts");
      await listValues(options, terminal);
    });
  onStack(config.command("get <key>"))
    .description("one value")
    .action(async (key: string, options: StackOptions) => {
      const { getValue } = await import("../commands/config.ts");
      await getValue(key, options, terminal);
    });
  onStack(config.command("set <key> <value>"))
    .description("set a value; numbers, true, false and JSON are taken as such")
    .action(async (key: string, value: string, options: StackOptions) => {
      const { setValue } = await import("../commands/config.ts");
      await setValue(key, value, options);
    });
  onStack(config.command("rm <key>"))
    .description("remove a value")
    .action(async (key: string, options: StackOptions) => {
      const { removeValue } = await import("../commands/config.ts");
      await removeValue(key, options);
    });
};
