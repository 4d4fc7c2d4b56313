import { onStack, type ProjectOptions, type Register, type StackOptions, withFolder } from "./options.ts";

/** `berth stack …` */
export const registerStack: Register = (program, terminal) => {
  const stack = program.command("stack").description("stacks, their resources and outputs");
  withFolder(stack.command("list"))
    .description("the project's stacks")
    .action(async (options: ProjectOptions) => {
      const { listStacks } = await import("../commands/stack.ts");
      await listStacks(options, terminal);
    });
  onStack(stack.command("show"))
    .description("resources of a stack as they were last applied")
    .option("--json", "as JSON")
    .action(async (options: StackOptions & { json?: boolean }) => {
      const { showStack } = await import("../commands/stack.ts");
      await showStack(options, terminal);
    });
  onStack(stack.command("outputs"))
    .description("outputs of a stack")
    .option("--json", "as JSON")
    .action(async (options: StackOptions & { json?: boolean }) => {
      const { showOutputs } = await import("../commands/stack.ts");
      await showOutputs(options, terminal);
    });
};
