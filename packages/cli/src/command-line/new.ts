import { example, type ProjectOptions, type Register, withFolder } from "./options.ts";

/** `berth new` */
export const registerNew: Register = (program, terminal) => {
  const command = withFolder(program.command("new [directory]"))
    .description("start a project that previews at once")
    .option("--name <name>", "name of the project (default: the folder's)")
    .action(async (directory: string | undefined, options: ProjectOptions & { name?: string }) => {
      const { runNew } = await import("../commands/new.ts");
      await runNew({ cwd: options.cwd, directory, name: options.name }, terminal);
    });
  example(command, "berth new shop && cd shop && berth preview");
};
