import {
  asksFirst,
  type ChangeOptions,
  example,
  readsFirst,
  onPart,
  type Register,
  type ScopeOptions,
} from "./options.ts";

/** What `berth destroy` is told. */
export interface DestroyOptions extends ChangeOptions, ScopeOptions {
  readonly runProgram?: boolean;
}

/** `berth destroy` */
export const registerDestroy: Register = (program, terminal, exit) => {
  const destroy = readsFirst(onPart(asksFirst(program.command("destroy"))))
    .description("delete everything that the stack made")
    .option("--run-program", "run the program, for the hooks that deletions call")
    .action(async (options: DestroyOptions) => {
      const { runDestroy } = await import("../commands/destroy.ts");
      exit(await runDestroy(options, terminal));
    });
  example(destroy, "berth destroy --stack preview-42 --yes");
};
