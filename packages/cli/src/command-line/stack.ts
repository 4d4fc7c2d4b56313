import { Option } from "commander";
import {
  example,
  onStack,
  type ProjectOptions,
  type Register,
  type StackOptions,
  withFolder,
} from "./options.ts";

export interface ChangeSecretsOptions extends StackOptions {
  readonly to: "passphrase" | "key-file";
}

/** `berth stack …` */
export const registerStack: Register = (program, terminal) => {
  const stack = program.command("stack").description("stacks, their resources and outputs");
  withFolder(stack.command("list"))
    .description("the project's stacks")
    .action(async (options: ProjectOptions) => {
      const { listStacks } = await import("../commands/stack.ts");
      await listStacks(options, terminal);
    });
  onStack(stack.command("show"))
    .description("resources of a stack as they were last applied")
    .option("--json", "as JSON")
    .action(async (options: StackOptions & { json?: boolean }) => {
      const { showStack } = await import("../commands/stack.ts");
      await showStack(options, terminal);
    });
  const change = onStack(stack.command("change-secrets"))
    .description("encrypt the secrets of a stack's state and configuration anew, with another key")
    .addOption(
      new Option("--to <key>", "a passphrase (BERTH_NEW_PASSPHRASE, or asked for), or the project's key file")
        .choices(["passphrase", "key-file"])
        .default("passphrase"),
    )
    .action(async (options: ChangeSecretsOptions) => {
      const { changeStackSecrets } = await import("../commands/change-secrets.ts");
      await changeStackSecrets(options, terminal);
    });
  example(change, "berth stack change-secrets --stack prod");
  onStack(stack.command("outputs"))
    .description("outputs of a stack")
    .option("--json", "as JSON")
    .action(async (options: StackOptions & { json?: boolean }) => {
      const { showOutputs } = await import("../commands/stack.ts");
      await showOutputs(options, terminal);
    });
};
