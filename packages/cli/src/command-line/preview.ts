import { Option } from "commander";
import {
  example,
  onPartOrAnew,
  onStack,
  type Register,
  type ScopeOptions,
  type StackOptions,
} from "./options.ts";

export interface PreviewOptions extends StackOptions, ScopeOptions {
  readonly format?: "text" | "json" | "markdown";
  readonly json?: boolean;
  readonly detailedExitcode?: boolean;
  readonly offline?: boolean;
  readonly drift?: boolean;
  readonly refresh?: boolean;
  readonly expectNoChanges?: boolean;
  readonly out?: string;
}

/** `berth preview` */
export const registerPreview: Register = (program, terminal, exit) => {
  const preview = onPartOrAnew(onStack(program.command("preview")))
    .description("show what would change, where every pod would run and why, and what it costs")
    .addOption(new Option("--format <format>", "how to print the plan").choices(["text", "json", "markdown"]))
    .option("--json", "the same as --format json")
    .option(
      "--detailed-exitcode",
      "exit with 0 no changes, 1 error, 2 changes or drift, 3 pods left unplaced or failures predicted",
    )
    .option("--expect-no-changes", "exit with 2 where there are changes")
    .option("--out <file>", "save the plan, for `up --plan`: bound to all that it was made from")
    .addOption(
      new Option("--offline", "plan from the saved snapshot, without asking any API").conflicts([
        "drift",
        "refresh",
      ]),
    )
    .option("--drift", "read every resource, show what was changed outside of berth, and plan against it")
    .option("--refresh", "the same, and fail where one cannot be read: what `up --refresh` would do")
    .action(async (options: PreviewOptions) => {
      const { runPreview } = await import("../commands/preview.ts");
      exit(await runPreview(options, terminal));
    });
  example(
    preview,
    "berth preview --stack prod --detailed-exitcode --format markdown > comment.md",
    "berth preview --drift --detailed-exitcode",
    "berth preview --out plan.json && berth up --plan plan.json",
  );
};
