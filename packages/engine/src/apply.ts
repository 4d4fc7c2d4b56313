import {
  isKnown,
  type JsonObject,
  markNamed,
  type PendingOperation,
  type RecordedOptions,
  type ResourceRecord,
  type Urn,
  type Value,
} from "@berth/core";
import type { Problem } from "@berth/diagnostics";
import type { Change, PlanResult, Step } from "@berth/planner";
import { seal, type Secrets, type StateSession } from "@berth/state";
import { randomUUID } from "node:crypto";
import { Desired } from "./desired.ts";
import type { EngineEvent, StepEvent } from "./events.ts";
import { observeClusters } from "./observe.ts";
import type { ApplyOperation, StepResult } from "./operation.ts";
import type { ProviderRegistry } from "./providers.ts";
import { openRecorded } from "./recorded-values.ts";
import type { Redactor } from "./redactor.ts";
import { withoutSecrets } from "./saved-snapshot.ts";
import { FailedAfterwards } from "./steps/hooks.ts";
import { recordMoves } from "./steps/moves.ts";
import { runSteps } from "./steps/step-schedule.ts";
import { runStep } from "./steps/run-step.ts";
import { changesByUrn, Running } from "./steps/running.ts";

/** What applying a plan needs. */
export interface Applying {
  readonly operation: ApplyOperation;
  readonly kind: "up" | "destroy" | "refresh";
  readonly planned: PlanResult;
  readonly session: StateSession;
  readonly secrets: Secrets;
  readonly providers: ProviderRegistry;
  readonly redactor: Redactor;
  readonly emit: (event: EngineEvent) => void;
}

/** What applying a plan came to. */
export interface Applied {
  readonly steps: readonly StepResult[];
  /** Of what comes after the steps: outputs, bookkeeping, snapshots of clusters. */
  readonly problems: readonly Problem[];
  readonly outputs: JsonObject;
  /** Set where steps do not tell it: nobody approved. */
  readonly status?: "refused";
}

/**
 * Carries out a plan: its steps, then the records' bookkeeping, the stack's outputs, and what clusters
 * look like now. Whatever happens, what was done is recorded.
 */
export async function applyPlan(applying: Applying): Promise<Applied> {
  const { operation, planned, session, secrets, redactor, emit } = applying;
  const { plan } = planned;
  const toDo = new Map<Urn, number>();
  // What was superseded bears on nothing that stands: that is whole without its deletion.
  for (const { urn, superseded } of plan.steps) if (!superseded) toDo.set(urn, (toDo.get(urn) ?? 0) + 1);
  const unfinished = new Set(toDo.keys());
  const changes = changesByUrn(plan);
  const records = (urn: Urn) => session.record(urn);
  const desired = new Desired(operation.graph, records, secrets, unfinished, changes, planned.kept);
  const running = new Running({ ...applying, plan, desired });

  await recordMoves(plan, session);
  const results = new Map<Step, StepResult>();
  emit({ kind: "applying", steps: plan.steps.length });
  const run = async (step: Step): Promise<boolean> => {
    const subject = subjectOf(step, changes.get(step.urn));
    emit({ kind: "step-started", ...subject });
    const ended = (outcome: "done" | "unchanged", problems: readonly Problem[]): void => {
      results.set(step, { step, outcome, problems });
      if (!step.superseded) {
        const others = (toDo.get(step.urn) ?? 1) - 1;
        toDo.set(step.urn, others);
        if (others === 0) unfinished.delete(step.urn);
      }
      emit({ kind: "step-succeeded", ...subject, outcome });
    };
    try {
      ended(await runStep(running, step), []);
      return true;
    } catch (thrown) {
      if (thrown instanceof FailedAfterwards) {
        ended(
          "done",
          thrown.problems.map((each) => ({ ...aboutOf(step, applying), ...each })),
        );
        return false;
      }
      const problems = redactor.problems(thrown, aboutOf(step, applying));
      results.set(step, { step, outcome: "failed", problems });
      emit({ kind: "step-failed", ...subject, problems });
      return false;
    }
  };
  const left = await runSteps(plan.steps, {
    parallel: operation.parallel ?? 10,
    goOn: operation.continueOnError === true,
    stopped: () => operation.signal?.aborted === true,
    run,
  });

  const steps = plan.steps.map((step) => results.get(step) ?? notStarted(step, left.get(step)));
  const problems = await finish(applying, desired, unfinished);
  return { steps, problems, outputs: session.state.outputs };
}

/** Records what has no side effect. A write that fails is the last one that is tried. */
async function finish(
  applying: Applying,
  desired: Desired,
  unfinished: ReadonlySet<Urn>,
): Promise<readonly Problem[]> {
  const { redactor, session } = applying;
  const problems: Problem[] = [];
  try {
    await recordBookkeeping(applying, desired, unfinished);
    await forgetReads(applying);
    await forgetProviders(applying, unfinished);
    problems.push(...(await recordOutputs(applying, desired, unfinished.size === 0)));
    problems.push(...(await saveClusters(applying)));
    await session.commit();
  } catch (thrown) {
    problems.push(...redactor.problems(thrown, {}));
  }
  return problems;
}

/**
 * What a record says of its surroundings: as the plan has it, and whole again where a dependency was away
 * for a while. In the graph's order, so that a new dependency never closes a cycle with one about to go.
 */
async function recordBookkeeping(
  applying: Applying,
  desired: Desired,
  unfinished: ReadonlySet<Urn>,
): Promise<void> {
  const written: Promise<void>[] = [];
  try {
    amendRecords(applying, desired, unfinished, (amending) => written.push(amending));
  } finally {
    // Written in the order of the calls, and waited for together: thousands of them are one write.
    await Promise.all(written);
  }
}

function amendRecords(
  { operation, planned, session, secrets, kind }: Applying,
  desired: Desired,
  unfinished: ReadonlySet<Urn>,
  write: (amending: Promise<void>) => void,
): void {
  if (kind !== "up") return;
  const bookkeepings = new Map(planned.bookkeeping.map((each) => [each.urn, each]));
  for (const { urn, dependencies } of operation.graph.resources) {
    const record = session.record(urn);
    if (!record || unfinished.has(urn) || planned.kept?.has(urn)) continue;
    const bookkeeping = bookkeepings.get(urn);
    if (bookkeeping) {
      const { inputs, hasNewTrigger, ...kept } = bookkeeping;
      const options = hasNewTrigger ? withTrigger(kept.options, desired.trigger(urn), secrets) : kept.options;
      const surroundings = { ...kept, ...(options && { options }) };
      const { providerResource } = surroundings;
      // Until its new provider is there, it is the old one's.
      if (providerResource !== undefined && !session.record(providerResource)) continue;
      const { parent: _, providerResource: __, options: ___, ...others } = record;
      const sealed = inputs ? seal(inputs, secrets, [record.inputs]) : record.inputs;
      const outputs = markedOutputs(record, surroundings.options, secrets);
      if (secrets.key) write(session.setSecretsKey(secrets.key));
      write(session.amend({ ...others, ...surroundings, inputs: sealed, outputs }));
    } else if (record.dependencies.length !== dependencies.length) {
      write(session.amend({ ...record, dependencies }));
    }
  }
}

function withTrigger(
  options: RecordedOptions | undefined,
  value: Value | undefined,
  secrets: Secrets,
): RecordedOptions | undefined {
  if (value === undefined || !isKnown(value)) return options;
  const { replacementTrigger } = seal({ replacementTrigger: value }, secrets, []);
  return { ...options, ...(replacementTrigger !== undefined && { replacementTrigger }) };
}

/**
 * Outputs of which more are secret from now on. One that no option calls secret any more stays so until the provider
 * answers it again: it may be a secret for reasons of its own.
 */
function markedOutputs(
  record: ResourceRecord,
  options: RecordedOptions | undefined,
  secrets: Secrets,
): JsonObject {
  const before = new Set(record.options?.additionalSecretOutputs);
  const added = options?.additionalSecretOutputs?.filter((each) => !before.has(each)) ?? [];
  if (added.length === 0) return record.outputs;
  const outputs = markNamed(openRecorded(record.outputs, record.urn, secrets), added);
  return isKnown(outputs) ? seal(outputs, secrets, [record.outputs]) : record.outputs;
}

/** What the program reads no more, once nothing stands on it: what was made on a cluster that is only read goes first. */
async function forgetReads({ operation: { graph }, planned, session, kind }: Applying): Promise<void> {
  if (kind === "refresh") return;
  for (const { urn, external } of session.state.resources.toReversed()) {
    const isRead = kind === "up" && graph.index.has(urn);
    if (!external || isRead || planned.kept?.has(urn)) continue;
    const { resources, superseded = [] } = session.state;
    if (![...resources, ...superseded].some((each) => each.cluster === urn)) await session.forget(urn);
  }
}

/** Provider resources that are not declared any more, unless something is left that was made with them. */
async function forgetProviders(
  { operation, planned, session }: Applying,
  unfinished: ReadonlySet<Urn>,
): Promise<void> {
  const { resources, superseded = [] } = session.state;
  const needed = new Set([...resources, ...superseded].map((each) => each.providerResource));
  for (const { urn, action } of planned.plan.changes) {
    const record = session.record(urn);
    if (action !== "delete" || !record || unfinished.has(urn) || needed.has(urn)) continue;
    if (!operation.definition(record.type)?.isProvider) continue;
    const { type } = record;
    const pending: PendingOperation = { urn, type, action: "delete", operationKey: randomUUID() };
    await session.begin(pending);
    await session.succeed(pending, { kind: "removed" });
  }
}

/** After a failure what is known replaces what was recorded, and nothing is dropped. */
async function recordOutputs(
  { planned, session, secrets, redactor, kind }: Applying,
  desired: Desired,
  succeeded: boolean,
): Promise<readonly Problem[]> {
  const before = session.state.outputs;
  if (kind === "refresh") return [];
  if (kind === "destroy") {
    // Which of them came from what is gone, nobody knows without the program.
    const isPart = planned.kept !== undefined && planned.kept.size > 0;
    if (succeeded && !isPart) await session.setOutputs({});
    return [];
  }
  const { values, failed } = desired.outputs();
  // What is not known now, because a step failed or a secret cannot be read, stays as it was.
  const isKept = (name: string): boolean =>
    !succeeded || (values[name] !== undefined && !isKnown(values[name]));
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => isKept(name)));
  const known = Object.fromEntries(Object.entries(values).filter(([, value]) => isKnown(value)));
  const sealed = { ...kept, ...seal(known, secrets, [before]) };
  if (secrets.key) await session.setSecretsKey(secrets.key);
  await session.setOutputs(sealed);
  return failed.flatMap((error) => redactor.problems(error, {}));
}

/** For previews without a network. What cannot be seen now keeps its last snapshot. */
async function saveClusters({
  operation,
  session,
  secrets,
  providers,
  redactor,
}: Applying): Promise<readonly Problem[]> {
  if (operation.signal?.aborted) return [];
  const { clusters, warnings } = await observeClusters({
    operation,
    state: session.state,
    secrets,
    providers,
    redactor,
    how: "live-or-saved",
  });
  for (const { snapshot, how } of clusters.values()) {
    const masked = how === "live" ? withoutSecrets(snapshot, session.state, secrets, redactor) : undefined;
    if (masked) await session.saveClusterSnapshot(masked);
  }
  return warnings;
}

/** @param failures - failed steps without which it cannot be done */
export function notStarted(step: Step, failures: readonly number[] = []): StepResult {
  return { step, outcome: "not-started", problems: [], ...(failures.length > 0 && { blockedBy: failures }) };
}

type Subject = Omit<Extract<StepEvent, { kind: "step-started" }>, "kind">;

function subjectOf({ id, urn, action }: Step, change: Change | undefined): Subject {
  return { step: id, urn, action, type: change?.type ?? "", name: change?.name ?? "" };
}

function aboutOf({ urn }: Step, { operation }: Applying): Pick<Problem, "resource" | "site"> {
  const site = operation.graph.resources[operation.graph.index.get(urn) ?? -1]?.site;
  return { resource: urn, ...(site && { site }) };
}
