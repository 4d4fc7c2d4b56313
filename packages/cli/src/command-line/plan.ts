import { Option } from "commander";
import { example, onStack, type Register, type StackOptions } from "./options.ts";

export interface PlanShowOptions {
  readonly format: "text" | "json" | "markdown";
}

export interface PlanCheckOptions extends StackOptions {
  readonly json?: boolean;
}

/** `berth plan show|check` */
export const registerPlan: Register = (program, terminal, exit) => {
  const plan = program.command("plan").description("plans that were saved with preview --out");
  const show = plan
    .command("show <file>")
    .description("print a saved plan; needs neither project nor state")
    .addOption(
      new Option("--format <format>", "how to print it")
        .choices(["text", "json", "markdown"])
        .default("text"),
    )
    .action(async (file: string, options: PlanShowOptions) => {
      const { showPlan } = await import("../commands/plan.ts");
      await showPlan(file, options, terminal);
    });
  example(show, "berth plan show plan.json --format markdown > comment.md");
  const check = onStack(plan.command("check <file>"))
    .description(
      "whether a saved plan is fresh: exit with 0 fresh, 1 unreadable or altered, 2 stale; plans nothing",
    )
    .option("--json", "as JSON: what moved")
    .action(async (file: string, options: PlanCheckOptions) => {
      const { checkPlan } = await import("../commands/plan.ts");
      exit(await checkPlan(file, options, terminal));
    });
  example(check, "berth plan check plan.json && berth up --plan plan.json");
};
