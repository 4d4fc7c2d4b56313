import { asksFirst, type ChangeOptions, example, type Register } from "./options.ts";

export type UpOptions = ChangeOptions;

/** `berth up` */
export const registerUp: Register = (program, terminal, exit) => {
  const up = asksFirst(program.command("up"))
    .description("make it so: apply exactly the plan that is shown")
    .action(async (options: UpOptions) => {
      const { runUp } = await import("../commands/up.ts");
      exit(await runUp(options, terminal));
    });
  example(up, "berth up --yes");
};
