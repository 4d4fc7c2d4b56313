import { Option } from "commander";
import {
  asksFirst,
  type ChangeOptions,
  example,
  onPartOrAnew,
  readsFirst,
  type Register,
  type ScopeOptions,
} from "./options.ts";

export type UpOptions = ChangeOptions &
  ScopeOptions & { readonly expectNoChanges?: boolean; readonly plan?: string };

/** `berth up` */
export const registerUp: Register = (program, terminal, exit) => {
  const up = readsFirst(onPartOrAnew(asksFirst(program.command("up"))))
    .description("make it so: apply exactly the plan that is shown")
    .option("--expect-no-changes", "apply nothing, and exit with 2, where there are changes")
    .addOption(
      new Option(
        "--plan <file>",
        "apply exactly the plan of a file, without asking, or nothing where anything moved",
      ).conflicts(["target", "exclude", "replace", "refresh", "expectNoChanges"]),
    )
    .action(async (options: UpOptions) => {
      const { runUp } = await import("../commands/up.ts");
      exit(await runUp(options, terminal));
    });
  example(up, "berth up --yes", "berth up --plan plan.json");
};
