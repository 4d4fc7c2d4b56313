import { openProject, type SavedPlan } from "@berth/automation";
import { problem } from "@berth/diagnostics";
import { inert, renderMarkdown, renderProblems, renderText } from "@berth/report";
import { scopeOf } from "../command-line/options.ts";
import type { PreviewOptions } from "../command-line/preview.ts";
import { type ExitCode, exitCodeOf, exitCodes, hasChanges } from "../exit-code.ts";
import { codes } from "../codes.ts";
import { unexpectedChanges } from "../expectation.ts";
import { writePlanFile } from "../plan-file.ts";
import { chosenStack } from "../stack-choice.ts";
import type { Terminal } from "../terminal.ts";

/** `berth preview`: the plan on standard output, in the form that was asked for. */
export async function runPreview(options: PreviewOptions, terminal: Terminal): Promise<ExitCode> {
  const project = await openProject(options);
  const stack = await project.choose(chosenStack(options));
  const { plan, saved } = await stack.preview({
    ...(options.out !== undefined && { save: true }),
    ...(options.offline && { offline: true }),
    ...(options.drift && { drift: true }),
    ...(options.refresh && { refresh: true }),
    ...scopeOf(options),
  });
  const format = options.json ? "json" : (options.format ?? "text");
  if (format === "json") terminal.write(`${JSON.stringify(plan, undefined, 2)}\n`);
  else if (format === "markdown") terminal.write(renderMarkdown(plan));
  else terminal.write(renderText(plan, { palette: terminal.palette, width: terminal.width }));
  if (options.out !== undefined && saved) await keep(saved, options.out, terminal);
  const code = exitCodeOf(plan, options.detailedExitcode === true);
  if (code !== exitCodes.ok || !options.expectNoChanges || !hasChanges(plan)) return code;
  terminal.say(renderProblems([unexpectedChanges(plan)], terminal.sayPalette, terminal.sayWidth));
  return exitCodes.changes;
}

async function keep(saved: SavedPlan, file: string, terminal: Terminal): Promise<void> {
  if (saved.plan.problems.some((each) => each.severity === "error")) {
    const message = `${file} is not written: the plan has errors`;
    terminal.say(
      renderProblems([problem(codes.BERTH8009, { message })], terminal.sayPalette, terminal.sayWidth),
    );
    return;
  }
  await writePlanFile(file, saved);
  terminal.say(inert(`The plan is in ${file}. It is applied with: berth up --plan ${file}`) + "\n");
}
