import { Option } from "commander";
import {
  example,
  onStack,
  type ProjectOptions,
  type Register,
  type StackOptions,
  withFolder,
} from "./options.ts";
import { registerStateExport } from "./state/export.ts";
import { registerStateImport } from "./state/import.ts";

export interface ListStacksOptions extends ProjectOptions {
  readonly json?: boolean;
}

export interface InitOptions extends ProjectOptions {
  readonly copyConfigFrom?: string;
}

export interface SelectOptions extends ProjectOptions {
  readonly none?: boolean;
}

export interface RemoveStackOptions extends ProjectOptions {
  readonly yes?: boolean;
  readonly force?: boolean;
}

export interface ShowStackOptions extends StackOptions {
  readonly json?: boolean;
}

export interface OutputsOptions extends StackOptions {
  readonly json?: boolean;
  readonly showSecrets?: boolean;
}

export interface ChangeSecretsOptions extends StackOptions {
  readonly to: "passphrase" | "key-file";
}

/** `berth stack …` */
export const registerStack: Register = (program, terminal, exit) => {
  const stack = program.command("stack").description("stacks, their resources and outputs");

  const list = withFolder(stack.command("list"))
    .description("the project's stacks, and which one is selected")
    .option("--json", "as JSON")
    .action(async (options: ListStacksOptions) => {
      const { listStacks } = await import("../commands/stack/list.ts");
      await listStacks(options, terminal);
    });
  example(list, "berth stack list");

  const init = withFolder(stack.command("init <name>"))
    .description("make a stack, with a file for its values")
    .option("--copy-config-from <stack>", "begin with the values of another stack, secrets included")
    .action(async (name: string, options: InitOptions) => {
      const { initStack } = await import("../commands/stack/init.ts");
      await initStack(name, options, terminal);
    });
  example(init, "berth stack init staging --copy-config-from dev");

  const select = withFolder(stack.command("select [name]"))
    .description(
      "the stack that commands mean where they name none, in this checkout; without a name, which it is",
    )
    .option("--none", "select none")
    .action(async (name: string | undefined, options: SelectOptions) => {
      const { selectStack } = await import("../commands/stack/select.ts");
      await selectStack(name, options, terminal);
    });
  example(select, "berth stack select dev");

  const rename = withFolder(stack.command("rename <name> <new-name>"))
    .description("give a stack another name; its resources stay as they are")
    .action(async (name: string, to: string, options: ProjectOptions) => {
      const { renameStack } = await import("../commands/stack/rename.ts");
      await renameStack(name, to, options, terminal);
    });
  example(rename, "berth stack rename dev test");

  const remove = withFolder(stack.command("rm <name>"))
    .description("remove a stack's state and file; refused while it has resources")
    .option("-y, --yes", "do not ask; needed where nobody can answer, as in CI")
    .option("--force", "also where it has resources: they stay where they are, and are nobody's")
    .action(async (name: string, options: RemoveStackOptions) => {
      const { removeStack } = await import("../commands/stack/rm.ts");
      exit(await removeStack(name, options, terminal));
    });
  example(remove, "berth destroy --stack preview-42 --yes && berth stack rm preview-42 --yes");

  const show = onStack(stack.command("show"))
    .description("resources of a stack as they were last applied")
    .option("--json", "as JSON")
    .action(async (options: ShowStackOptions) => {
      const { showStack } = await import("../commands/stack/show.ts");
      await showStack(options, terminal);
    });
  example(show, "berth stack show --stack prod");

  const outputs = onStack(stack.command("outputs [name]"))
    .description("outputs of a stack, or one of them")
    .option("--json", "as JSON")
    .option("--show-secrets", "print secrets as they are, instead of [secret]")
    .action(async (name: string | undefined, options: OutputsOptions) => {
      const { showOutputs } = await import("../commands/stack/outputs.ts");
      await showOutputs(name, options, terminal);
    });
  example(outputs, "berth stack outputs", "curl http://$(berth stack outputs address)");

  // What `berth state` does with all that is recorded.
  registerStateExport(stack, terminal, exit);
  registerStateImport(stack, terminal, exit);

  const change = onStack(stack.command("change-secrets"))
    .description("encrypt the secrets of a stack's state and configuration anew, with another key")
    .addOption(
      new Option("--to <key>", "a passphrase (BERTH_NEW_PASSPHRASE, or asked for), or the project's key file")
        .choices(["passphrase", "key-file"])
        .default("passphrase"),
    )
    .action(async (options: ChangeSecretsOptions) => {
      const { changeStackSecrets } = await import("../commands/stack/change-secrets.ts");
      await changeStackSecrets(options, terminal);
    });
  example(change, "berth stack change-secrets --stack prod");
};
