import { example, onStack, type Register, type StackOptions } from "./options.ts";

export interface WhyOptions extends StackOptions {
  readonly json?: boolean;
  readonly offline?: boolean;
}

/** `berth why` */
export const registerWhy: Register = (program, terminal) => {
  const why = onStack(program.command("why <pod> [node]"))
    .description("why a pod runs where the preview says, node by node; with a node: why not there")
    .option("--json", "as JSON")
    .option("--offline", "plan from the saved snapshot, without asking any API")
    .action(async (pod: string, node: string | undefined, options: WhyOptions) => {
      const { runWhy } = await import("../commands/why.ts");
      await runWhy(pod, node, options, terminal);
    });
  example(why, "berth why 'store-front#1'", "berth why 'store-front#1' 'user#2'");
};
