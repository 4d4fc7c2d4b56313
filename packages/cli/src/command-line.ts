import { Command, Option } from "commander";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** Options that every command about a stack has. */
export interface StackOptions {
  readonly cwd: string;
  readonly stack?: string;
}

export interface PreviewOptions extends StackOptions {
  readonly format?: "text" | "json" | "markdown";
  readonly json?: boolean;
  readonly detailedExitcode?: boolean;
  readonly offline?: boolean;
}

export interface WhyOptions extends StackOptions {
  readonly json?: boolean;
  readonly offline?: boolean;
}

export interface ChangeOptions extends StackOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Called with the exit code of a command that has one of its own. */
export type Exit = (code: number) => void;

/**
 * The command line: names, options, help. What a command does is loaded when it runs, so that
 * `berth --version` costs no more than reading this file.
 */
export function createProgram(terminal: Terminal, exit: Exit): Command {
  const program = new Command("berth")
    .description("Infrastructure as code that knows where the pods will land.")
    .version(version(), "-V, --version", "print the version")
    .exitOverride()
    .configureOutput({
      writeOut: terminal.write,
      writeErr: terminal.say,
      // Errors are reported once, by main, with their code.
      outputError: () => undefined,
    })
    .showSuggestionAfterError()
    .helpCommand(false);

  onStack(program.command("preview"))
    .description("show what would change, where every pod would run and why, and what it costs")
    .addOption(new Option("--format <format>", "how to print the plan").choices(["text", "json", "markdown"]))
    .option("--json", "the same as --format json")
    .option(
      "--detailed-exitcode",
      "exit with 0 no changes, 1 error, 2 changes, 3 pods left unplaced or failures predicted",
    )
    .option("--offline", "plan from the saved snapshot, without asking any API")
    .addHelpText(
      "after",
      "\nExample:\n  berth preview --stack prod --detailed-exitcode --format markdown > comment.md",
    )
    .action(async (options: PreviewOptions) => {
      const { runPreview } = await import("./commands/preview.ts");
      exit(await runPreview(options, terminal));
    });

  onStack(program.command("why <pod> [node]"))
    .description("why a pod runs where the preview says, node by node; with a node: why not there")
    .option("--json", "as JSON")
    .option("--offline", "plan from the saved snapshot, without asking any API")
    .addHelpText("after", "\nExample:\n  berth why 'store-front#1'\n  berth why 'store-front#1' 'user#2'")
    .action(async (pod: string, node: string | undefined, options: WhyOptions) => {
      const { runWhy } = await import("./commands/why.ts");
      await runWhy(pod, node, options, terminal);
    });

  asksFirst(onStack(program.command("up")))
    .description("make it so: apply exactly the plan that is shown")
    .addHelpText("after", "\nExample:\n  berth up --yes")
    .action(async (options: ChangeOptions) => {
      const { runUp } = await import("./commands/up.ts");
      exit(await runUp(options, terminal));
    });

  asksFirst(onStack(program.command("destroy")))
    .description("delete everything that the stack made")
    .addHelpText("after", "\nExample:\n  berth destroy --stack preview-42 --yes")
    .action(async (options: ChangeOptions) => {
      const { runDestroy } = await import("./commands/destroy.ts");
      exit(await runDestroy(options, terminal));
    });

  addStackCommands(program.command("stack").description("stacks, their resources and outputs"), terminal);
  addConfigCommands(program.command("config").description("values of a stack's configuration"), terminal);

  withFolder(program.command("new [directory]"))
    .description("start a project that previews at once")
    .option("--name <name>", "name of the project (default: the folder's)")
    .addHelpText("after", "\nExample:\n  berth new shop && cd shop && berth preview")
    .action(async (directory: string | undefined, options: { cwd: string; name?: string }) => {
      const { runNew } = await import("./commands/new.ts");
      await runNew({ cwd: options.cwd, directory, name: options.name }, terminal);
    });

  program
    .command("help [code]")
    .description("explain an error code or a command")
    .option("--codes", "list all codes")
    .addHelpText("after", "\nExample:\n  berth help BERTH3101")
    .action(async (code: string | undefined, options: { codes?: boolean }) => {
      if (code === undefined && !options.codes) return program.outputHelp();
      const command = program.commands.find((each) => each.name() === code);
      if (command) return command.outputHelp();
      const { runHelp } = await import("./commands/help.ts");
      runHelp(code, terminal);
    });

  return program;
}

function addStackCommands(stack: Command, terminal: Terminal): void {
  withFolder(stack.command("list"))
    .description("the project's stacks")
    .action(async (options: { cwd: string }) => {
      const { listStacks } = await import("./commands/stack.ts");
      await listStacks(options, terminal);
    });
  onStack(stack.command("show"))
    .description("resources of a stack as they were last applied")
    .option("--json", "as JSON")
    .action(async (options: StackOptions & { json?: boolean }) => {
      const { showStack } = await import("./commands/stack.ts");
      await showStack(options, terminal);
    });
  onStack(stack.command("outputs"))
    .description("outputs of a stack")
    .option("--json", "as JSON")
    .action(async (options: StackOptions & { json?: boolean }) => {
      const { showOutputs } = await import("./commands/stack.ts");
      await showOutputs(options, terminal);
    });
}

function addConfigCommands(config: Command, terminal: Terminal): void {
  onStack(config.command("list"))
    .description("all values")
    .action(async (options: StackOptions) => {
      const { listValues } = await import("./commands/config.ts");
      await listValues(options, terminal);
    });
  onStack(config.command("get <key>"))
    .description("one value")
    .action(async (key: string, options: StackOptions) => {
      const { getValue } = await import("./commands/config.ts");
      await getValue(key, options, terminal);
    });
  onStack(config.command("set <key> <value>"))
    .description("set a value; numbers, true, false and JSON are taken as such")
    .action(async (key: string, value: string, options: StackOptions) => {
      const { setValue } = await import("./commands/config.ts");
      await setValue(key, value, options);
    });
  onStack(config.command("rm <key>"))
    .description("remove a value")
    .action(async (key: string, options: StackOptions) => {
      const { removeValue } = await import("./commands/config.ts");
      await removeValue(key, options);
    });
}

function withFolder(command: Command): Command {
  return command.option("--cwd <folder>", "project folder, or one inside it", ".");
}

function onStack(command: Command): Command {
  return withFolder(command).option(
    "-s, --stack <name>",
    "stack (default: BERTH_STACK, or the project's only one)",
  );
}

function asksFirst(command: Command): Command {
  return command
    .option("-y, --yes", "do not ask; needed where nobody can answer, as in CI")
    .option("--json", "print the result as JSON");
}
