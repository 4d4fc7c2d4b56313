import {
  type ErrorHookFunction,
  type FailedSubject,
  type GraphResource,
  type Hook,
  type HookFunction,
  type HookSubject,
  pathOfUrn,
  type ResourceRecord,
  type ValueObject,
} from "@berth/core";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { engineCodes } from "../codes.ts";
import { deleteHooksOf } from "../delete-hooks.ts";
import type { Running } from "./running.ts";

/** How often something is tried at most, however often a hook says so. */
const mostAttempts = 100;

/** What is called around one action on a resource. */
export interface Around {
  readonly action: "create" | "update" | "delete";
  readonly before: readonly HookFunction[];
  readonly after: readonly HookFunction[];
  readonly onError: readonly ErrorHookFunction[];
}

/** What was to be done is done and recorded, and a hook that came after it failed. */
export class FailedAfterwards extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((each) => each.message).join("; "));
    this.problems = problems;
  }
}

const none: readonly never[] = Object.freeze([]);

/** Hooks of a resource that is created or updated. */
export function aroundCreateOrUpdate(
  { options: { hooks } }: GraphResource,
  action: "create" | "update",
): Around | undefined {
  if (!hooks) return undefined;
  const { beforeCreate, afterCreate, beforeUpdate, afterUpdate, onError = none } = hooks;
  const [before = none, after = none] =
    action === "create" ? [beforeCreate, afterCreate] : [beforeUpdate, afterUpdate];
  return { action, before, after, onError };
}

/** Hooks of what is deleted: the program's, where it still declares it, or those that its record names. */
export function aroundDelete(running: Running, record: ResourceRecord): Around | undefined {
  const { graph } = running.operation;
  const declared = graph.resources[graph.index.get(record.urn) ?? -1];
  const { before, after } = deleteHooksOf(record, graph);
  const onError = declared?.options.hooks?.onError ?? none;
  if (before.length === 0 && after.length === 0 && onError.length === 0) return undefined;
  const run = (hooks: readonly Hook[]): readonly HookFunction[] => hooks.map((each) => each.run);
  return { action: "delete", before: run(before), after: run(after), onError };
}

/** What a hook is told of a recorded resource. */
export function recordedSubject({ desired }: Running, record: ResourceRecord): HookSubject {
  const { urn, type, id } = record;
  const inputs = desired.recorded(record, record.inputs);
  return { urn, type, name: nameOf(urn), id, inputs, outputs: desired.recorded(record, record.outputs) };
}

/** What a hook is told of a declared one. @param record - what stands there now */
export function declaredSubject(
  running: Running,
  { urn, type, name }: GraphResource,
  record: ResourceRecord | undefined,
  inputs: ValueObject,
): HookSubject {
  return record ? { ...recordedSubject(running, record), inputs } : { urn, type, name, inputs };
}

function nameOf(urn: string): string {
  return pathOfUrn(urn).split("/").at(-1) ?? urn;
}

/**
 * Does something with its hooks around it. Where one that comes before throws, nothing is done.
 *
 * @param subjectNow - what hooks are told, before and after
 * @param act - does and records it, each time from what is recorded then
 * @throws FailedAfterwards
 */
export async function withHooks(
  running: Running,
  around: Around | undefined,
  subjectNow: () => HookSubject,
  act: () => Promise<void>,
): Promise<void> {
  if (!around) return act();
  const subject = subjectNow();
  learn(running, subject);
  for (const each of around.before) await call(running, `before its ${noun(around)}`, () => each(subject));
  await withRetries(running, around, subject, act);
  if (around.after.length === 0) return;
  const done = subjectNow();
  learn(running, done);
  const problems: Problem[] = [];
  for (const each of around.after) {
    try {
      await call(running, `after its ${noun(around)}`, () => each(done));
    } catch (thrown) {
      problems.push(...running.redactor.problems(thrown, {}));
    }
  }
  if (problems.length > 0) throw new FailedAfterwards(problems);
}

async function withRetries(
  running: Running,
  { action, onError }: Around,
  subject: HookSubject,
  act: () => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (thrown) {
      if (thrown instanceof FailedAfterwards || onError.length === 0) throw thrown;
      const problems = running.redactor.problems(thrown, {});
      const failed: FailedSubject = { ...subject, action, attempt, problems };
      const isAgain = await asked(running, onError, failed, problems);
      if (!isAgain || attempt >= mostAttempts || isInDoubt(running, subject)) throw thrown;
    }
  }
}

/** Whether one of the hooks says that it is to be tried again. All of them are told. */
async function asked(
  running: Running,
  hooks: readonly ErrorHookFunction[],
  failed: FailedSubject,
  problems: readonly Problem[],
): Promise<boolean> {
  let isAgain = false;
  for (const each of hooks) {
    try {
      const answer = await call(running, "on an error", () => each(failed));
      isAgain ||= answer === "retry";
    } catch (thrown) {
      throw new BerthError([...problems, ...running.redactor.problems(thrown, {})]);
    }
  }
  return isAgain;
}

/** Nobody knows whether it was created: to create it again might make it twice. The next run finds out. */
function isInDoubt({ session }: Running, { urn }: HookSubject): boolean {
  return session.pending(urn)?.action === "create";
}

async function call<T>(running: Running, when: string, hook: () => T | Promise<T>): Promise<T> {
  try {
    return await hook();
  } catch (thrown) {
    const texts = running.redactor.problems(thrown, {}).map((each) => each.message);
    const message = `a hook that is called ${when} failed: ${texts.join("; ")}`;
    throw new BerthError([problem(engineCodes.BERTH6070, { message })]);
  }
}

function learn({ redactor }: Running, { inputs, outputs }: HookSubject): void {
  redactor.learn(inputs);
  if (outputs) redactor.learn(outputs);
}

function noun({ action }: Around): string {
  return { create: "creation", update: "update", delete: "deletion" }[action];
}
