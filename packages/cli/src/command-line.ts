import { Command, Option } from "commander";
import { registerConfig } from "./command-line/config.ts";
import { registerDestroy } from "./command-line/destroy.ts";
import { registerHelp } from "./command-line/help.ts";
import { registerImport } from "./command-line/import.ts";
import { registerNew } from "./command-line/new.ts";
import type { Exit, Register } from "./command-line/options.ts";
import { registerPlan } from "./command-line/plan.ts";
import { registerPreview } from "./command-line/preview.ts";
import { registerRefresh } from "./command-line/refresh.ts";
import { registerStack } from "./command-line/stack.ts";
import { registerState } from "./command-line/state.ts";
import { registerUp } from "./command-line/up.ts";
import { registerWhy } from "./command-line/why.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** One file for each noun, by the command that it adds, in the order of `berth --help`. */
const nouns: Readonly<Record<string, Register>> = {
  preview: registerPreview,
  why: registerWhy,
  up: registerUp,
  destroy: registerDestroy,
  plan: registerPlan,
  refresh: registerRefresh,
  import: registerImport,

  stack: registerStack,
  state: registerState,
  config: registerConfig,

  new: registerNew,
  help: registerHelp,
};

/**
 * The command line: names, options, help. What a command does is loaded when it runs, so that
 * `berth --version` costs no more than reading these files.
 *
 * @param words - what was typed: the others need not be made where one is named first
 */
export function createProgram(words: readonly string[], terminal: Terminal, exit: Exit): Command {
  const program = new Command("berth")
    .description("Infrastructure as code that knows where the pods will land.")
    .version(version(), "-V, --version", "print the version")
    .exitOverride()
    .configureOutput({
      writeOut: terminal.write,
      writeErr: terminal.say,
      getOutHelpWidth: () => terminal.width,
      getErrHelpWidth: () => terminal.sayWidth,
      // Errors are reported once, by main, with their code.
      outputError: () => undefined,
    })
    .showSuggestionAfterError()
    .helpCommand(false)
    .enablePositionalOptions();
  acceptBefore(program);
  for (const register of namedFirst(words)) register(program, terminal, exit);
  return program;
}

/** All, unless one is named: `help` is about all of them, and so is a name that none of them has. */
function namedFirst([first = ""]: readonly string[]): readonly Register[] {
  if (first === "--version" || first === "-V") return [];
  const named = first !== "help" && Object.hasOwn(nouns, first) ? nouns[first] : undefined;
  return named ? [named] : Object.values(nouns);
}

/** What commands have as their own options may stand before the command, too: `berth --stack dev preview`. */
const sharedOptions = ["stack", "cwd"] as const;

function acceptBefore(program: Command): void {
  program
    .addOption(new Option("-s, --stack <name>").hideHelp())
    .addOption(new Option("--cwd <folder>").hideHelp())
    .hook("preAction", (_, command) => {
      for (const name of sharedOptions) {
        const given: unknown = program.getOptionValue(name);
        if (given === undefined || command.getOptionValueSource(name) === "cli") continue;
        if (!command.options.some((each) => each.attributeName() === name))
          command.error(`error: unknown option '--${name}' of ${command.name()}`);
        command.setOptionValueWithSource(name, given, "cli");
      }
    });
}
