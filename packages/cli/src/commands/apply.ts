import type { Plan } from "@berth/automation";
import {
  type ApplyResult,
  openProject,
  type Project,
  type Stack,
  type StackApplyOptions,
} from "@berth/automation";
import { BerthError, problem } from "@berth/diagnostics";
import { inert, renderProblems, renderText } from "@berth/report";
import { codes } from "../codes.ts";
import { type ChangeOptions, type ScopeOptions, scopeOf } from "../command-line/options.ts";
import { type ExitCode, exitCodes, hasChanges } from "../exit-code.ts";
import { unexpectedChanges } from "../expectation.ts";
import { cancellation } from "../interrupt.ts";
import { Progress } from "../progress.ts";
import { chosenStack } from "../stack-choice.ts";
import type { Terminal } from "../terminal.ts";

/** Options that `up` and `destroy` read; one of them may not offer all. */
type ApplyCommandOptions = ChangeOptions & ScopeOptions & { readonly expectNoChanges?: boolean };

/** What `up` and `destroy` have in common: show, ask, apply with progress, say how it ended. */
export async function apply(
  options: ApplyCommandOptions,
  terminal: Terminal,
  choose: (project: Project, name: string | undefined) => Promise<Stack>,
  run: (stack: Stack, how: StackApplyOptions) => Promise<ApplyResult>,
): Promise<ExitCode> {
  const project = await openProject(options);
  const stack = await choose(project, chosenStack(options));
  const progress = new Progress(terminal);
  const interrupt = cancellation(terminal);
  try {
    const result = await run(stack, {
      onEvent: (event) => progress.tell(event),
      signal: interrupt.signal,
      ...scopeOf(options),
      ...(options.parallel !== undefined && { parallel: options.parallel }),
      ...(options.refresh && { refresh: true }),
      ...(options.continueOnError && { continueOnError: true }),
      ...(options.message !== undefined && { message: options.message }),
      approve: (plan, because) => approve(plan, because, options, terminal),
    });
    progress.end();
    if (options.expectNoChanges && result.status === "refused") return unexpected(result, terminal);
    return conclude(result, options, terminal);
  } finally {
    progress.end();
    interrupt.dispose();
  }
}

async function approve(
  plan: Plan,
  because: "first" | "moved",
  options: ApplyCommandOptions,
  terminal: Terminal,
): Promise<boolean> {
  if (because === "moved")
    terminal.say("\nThe world moved since that plan was made. This is the plan now:\n\n");
  terminal.say(`${renderText(plan, { palette: terminal.sayPalette, width: terminal.sayWidth })}\n`);
  if (!hasChanges(plan)) return true;
  if (options.expectNoChanges) return false;
  // Who says --yes has seen the preview, not this plan: it is what it says now that is applied.
  if (options.yes) return true;
  if (!terminal.interactive) {
    const message = `${plan.project}/${plan.stack} would change, and nobody is there to say yes`;
    throw new BerthError([
      problem(codes.BERTH8002, { message, hint: "look at the preview, then say --yes" }),
    ]);
  }
  return terminal.confirm(questions[plan.operation]);
}

const questions: Readonly<Record<Plan["operation"], string>> = {
  up: "Apply this?",
  destroy: "Destroy all of this?",
  refresh: "Record this?",
};

function unexpected({ plan }: ApplyResult, terminal: Terminal): ExitCode {
  terminal.say(
    `\n${renderProblems([unexpectedChanges(plan)], terminal.sayPalette, terminal.sayWidth)}\nNothing was applied.\n`,
  );
  return exitCodes.changes;
}

function conclude(result: ApplyResult, options: ChangeOptions, terminal: Terminal): ExitCode {
  const { status, plan, steps, outputs, problems } = result;
  if (problems.length > 0 && status !== "refused")
    terminal.say(`\n${renderProblems(problems, terminal.sayPalette, terminal.sayWidth)}`);
  const done = steps.filter((step) => step.outcome === "done").length;
  const left = steps.filter((step) => step.outcome === "not-started").length;
  sayBlocked(steps, plan, terminal);
  const words = {
    succeeded: done === 0 ? nothingDone(plan) : `Done: ${done} of ${steps.length} steps.`,
    failed: `Failed: ${done} of ${steps.length} steps are done, ${left} were not started. Run it again to go on.`,
    cancelled: `Cancelled: ${done} of ${steps.length} steps are done, ${left} were not started. Run it again to go on.`,
    refused: "Nothing was applied.",
  } as const;
  terminal.say(`\n${words[status]}\n`);
  if (options.json)
    terminal.write(`${JSON.stringify({ status, steps: steps.length, done, outputs }, undefined, 2)}\n`);
  return status === "succeeded" ? exitCodes.ok : exitCodes.error;
}

/** What a success without a step came to. */
function nothingDone({ drift = [] }: Plan): string {
  return drift.length === 0 ? "Nothing to do." : "Recorded as it is now.";
}

/** What was not started although one went on, and the failures behind it. */
function sayBlocked(steps: ApplyResult["steps"], { changes }: Plan, terminal: Terminal): void {
  const names = new Map(changes.map(({ urn, name }) => [urn, name]));
  const nameOf = (id: number): string => names.get(steps[id - 1]?.step.urn ?? "") ?? `step ${id}`;
  for (const { step, blockedBy } of steps) {
    if (!blockedBy) continue;
    const failed = blockedBy.map(nameOf).join(", ");
    const what = `${step.action} of ${names.get(step.urn) ?? step.urn}`;
    terminal.say(inert(`  not started: ${what}, which needs what failed: ${failed}`) + "\n");
  }
}
