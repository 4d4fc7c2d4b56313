import { example, onStack, type Register, type StackOptions } from "./options.ts";

export type ConfigOptions = StackOptions;

/** What shows values. */
export interface ShowOptions extends ConfigOptions {
  readonly json?: boolean;
  readonly showSecrets?: boolean;
}

export interface SetOptions extends ConfigOptions {
  readonly secret?: boolean;
}

const showSecrets = ["--show-secrets", "print secrets as they are, instead of [secret]"] as const;

/** `berth config …` */
export const registerConfig: Register = (program, terminal) => {
  const config = program.command("config").description("values of a stack's configuration");
  const list = onStack(config.command("list"))
    .description("all values: of the stack, and defaults of berth.yaml")
    .option(...showSecrets)
    .option("--json", "as JSON")
    .action(async (options: ShowOptions) => {
      const { listValues } = await import("../commands/config.ts");
      await listValues(options, terminal);
    });
  example(list, "berth config list --stack prod");
  const get = onStack(config.command("get <key>"))
    .description("one value")
    .option(...showSecrets)
    .option("--json", "as JSON")
    .action(async (key: string, options: ShowOptions) => {
      const { getValue } = await import("../commands/config.ts");
      await getValue(key, options, terminal);
    });
  example(get, "berth config get replicas", "berth config get token --show-secrets");
  const set = onStack(config.command("set <key> [value]"))
    .description(
      "set a value; without one it is asked for, or read from the input. What kind it is says berth.yaml; else numbers, true, false and JSON are taken as such",
    )
    .option("--secret", "keep it encrypted (as berth.yaml can say, too)")
    .action(async (key: string, value: string | undefined, options: SetOptions) => {
      const { setValue } = await import("../commands/config.ts");
      await setValue(key, value, options, terminal);
    });
  example(set, "berth config set replicas 3", "berth config set token --secret < token.txt");
  const rm = onStack(config.command("rm <key>"))
    .description("remove a value")
    .action(async (key: string, options: ConfigOptions) => {
      const { removeValue } = await import("../commands/config.ts");
      await removeValue(key, options);
    });
  example(rm, "berth config rm replicas");
};
