import { openProject } from "@berth/automation";
import { renderMarkdown, renderProblems, renderText } from "@berth/report";
import { scopeOf } from "../command-line/options.ts";
import type { PreviewOptions } from "../command-line/preview.ts";
import { type ExitCode, exitCodeOf, exitCodes, hasChanges } from "../exit-code.ts";
import { unexpectedChanges } from "../expectation.ts";
import { chosenStack } from "../stack-choice.ts";
import type { Terminal } from "../terminal.ts";

/** `berth preview`: the plan on standard output, in the form that was asked for. */
export async function runPreview(options: PreviewOptions, terminal: Terminal): Promise<ExitCode> {
  const project = await openProject(options);
  const stack = await project.choose(chosenStack(options));
  const { plan } = await stack.preview({
    ...(options.offline && { offline: true }),
    ...(options.drift && { drift: true }),
    ...(options.refresh && { refresh: true }),
    ...scopeOf(options),
  });
  const format = options.json ? "json" : (options.format ?? "text");
  if (format === "json") terminal.write(`${JSON.stringify(plan, undefined, 2)}\n`);
  else if (format === "markdown") terminal.write(renderMarkdown(plan));
  else terminal.write(renderText(plan, { palette: terminal.palette }));
  const code = exitCodeOf(plan, options.detailedExitcode === true);
  if (code !== exitCodes.ok || !options.expectNoChanges || !hasChanges(plan)) return code;
  terminal.say(renderProblems([unexpectedChanges(plan)], terminal.sayPalette));
  return exitCodes.changes;
}
