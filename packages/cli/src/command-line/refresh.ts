import { asksFirst, type ChangeOptions, example, type Register } from "./options.ts";

/** `berth refresh` */
export const registerRefresh: Register = (program, terminal, exit) => {
  const refresh = asksFirst(program.command("refresh"))
    .description("record what was changed outside of berth; nothing else is changed")
    .action(async (options: ChangeOptions) => {
      const { runRefresh } = await import("../commands/refresh.ts");
      exit(await runRefresh(options, terminal));
    });
  example(refresh, "berth refresh --stack prod");
};
