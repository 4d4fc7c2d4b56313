import { openProject } from "@berth/automation";
import { renderExplanation } from "@berth/report";
import type { WhyOptions } from "../command-line/why.ts";
import { chosenStack } from "../stack-choice.ts";
import type { Terminal } from "../terminal.ts";

/** `berth why POD [NODE]`: the scheduler's table as it stood when the pod was decided. */
export async function runWhy(
  pod: string,
  node: string | undefined,
  options: WhyOptions,
  terminal: Terminal,
): Promise<void> {
  const project = await openProject(options);
  const stack = await project.choose(chosenStack(options));
  const explanation = await stack.why(pod, node, { ...(options.offline && { offline: true }) });
  if (options.json) terminal.write(`${JSON.stringify(explanation, undefined, 2)}\n`);
  else terminal.write(renderExplanation(explanation, { palette: terminal.palette, width: terminal.width }));
}
