import {
  asksFirst,
  type ChangeOptions,
  example,
  readsFirst,
  onPartOrAnew,
  type Register,
  type ScopeOptions,
} from "./options.ts";

export type UpOptions = ChangeOptions & ScopeOptions & { readonly expectNoChanges?: boolean };

/** `berth up` */
export const registerUp: Register = (program, terminal, exit) => {
  const up = readsFirst(onPartOrAnew(asksFirst(program.command("up"))))
    .description("make it so: apply exactly the plan that is shown")
    .option("--expect-no-changes", "apply nothing, and exit with 2, where there are changes")
    .action(async (options: UpOptions) => {
      const { runUp } = await import("../commands/up.ts");
      exit(await runUp(options, terminal));
    });
  example(up, "berth up --yes");
};
