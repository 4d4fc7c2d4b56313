import { example, type Register } from "./options.ts";

/** `berth help` */
export const registerHelp: Register = (program, terminal) => {
  const help = program
    .command("help [code]")
    .description("explain an error code or a command")
    .option("--codes", "list all codes")
    .action(async (code: string | undefined, options: { codes?: boolean }) => {
      if (code === undefined && !options.codes) return program.outputHelp();
      const command = program.commands.find((each) => each.name() === code);
      if (command) return command.outputHelp();
      const { runHelp } = await import("../commands/help.ts");
      runHelp(code, terminal);
    });
  example(help, "berth help BERTH3101");
};
