import { openProject } from "@berth/automation";
import { problem } from "@berth/diagnostics";
import { inert, renderMarkdown, renderProblems, renderText } from "@berth/report";
import { codes } from "../codes.ts";
import type { PlanCheckOptions, PlanShowOptions } from "../command-line/plan.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { readPlanFile } from "../plan-file.ts";
import { chosenStack } from "../stack-choice.ts";
import type { Terminal } from "../terminal.ts";

/** `berth plan show FILE` */
export async function showPlan(file: string, { format }: PlanShowOptions, terminal: Terminal): Promise<void> {
  const { plan } = await readPlanFile(file);
  if (format === "json") terminal.write(`${JSON.stringify(plan, undefined, 2)}\n`);
  else if (format === "markdown") terminal.write(renderMarkdown(plan));
  else terminal.write(renderText(plan, { palette: terminal.palette, width: terminal.width }));
}

/** `berth plan check FILE`: what moved since the plan was made. */
export async function checkPlan(
  file: string,
  options: PlanCheckOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const saved = await readPlanFile(file);
  const project = await openProject(options);
  const { moved } = await project.stack(chosenStack(options) ?? saved.plan.stack).check(saved);
  if (options.json) terminal.write(`${JSON.stringify({ fresh: moved.length === 0, moved }, undefined, 2)}\n`);
  else if (moved.length === 0)
    terminal.write(inert(`${file} is fresh: what it was made from is as it was.`) + "\n");
  if (moved.length === 0) return exitCodes.ok;
  const problems = moved.map((message) => problem(codes.BERTH8008, { message }));
  terminal.say(renderProblems(problems, terminal.sayPalette, terminal.sayWidth));
  return exitCodes.changes;
}
