import { parseUrn, type ResourceRecord, type Urn } from "@berth/core";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import type { PlanResult } from "@berth/planner";
import type { Secrets, StateSession } from "@berth/state";
import { type Applied, applyPlan, notStarted } from "./apply.ts";
import { engineCodes } from "./codes.ts";
import type { EngineEvent, OperationStatus, StepCounts } from "./events.ts";
import { lookAround } from "./live/look-around.ts";
import { writeObserved } from "./live/write-observed.ts";
import type { ApplyOperation, ApplyResult, StepResult } from "./operation.ts";
import { type MadePlan, makePlan, type ObservedWorld, refuseErrors, showsTheSame } from "./planning.ts";
import { judgeRecorded } from "./policy/police.ts";
import type { ProviderRegistry } from "./providers.ts";
import { Redactor } from "./redactor.ts";
import { refuseMoved, refuseOtherStack, refuseStale } from "./saved-plan/approve-saved.ts";
import { bindingsOf } from "./saved-plan/bindings.ts";
import { boundTo } from "./saved-plan/save-plan.ts";
import type { SavedPlan } from "./saved-plan/saved-plan.ts";
import { whatMoved } from "./saved-plan/what-moved.ts";
import { untilCancelled } from "./cancellation.ts";
import { settlePending } from "./settle.ts";

/** How often the world may move between a plan and its approval. */
const attempts = 10;

/**
 * Makes reality what the program declares. Locks the stack, settles what an earlier run left undone,
 * plans, asks where the plan is not the approved one, and carries it out. What was done is recorded
 * step by step, so that whatever ends it, the next `up` goes on.
 *
 * Steps that fail do not throw: the result tells. What stands in the way before anything is changed does.
 *
 * @throws BERTH4001 while another operation runs; the plan's errors; BERTH6002, BERTH6003, BERTH6007, BERTH6008
 * @example
 * const { plan } = await preview(operation);
 * if (await confirm(plan)) {
 *   const result = await up({ ...operation, approved: plan, approve: (moved) => confirm(moved) });
 * }
 */
export async function up(operation: ApplyOperation): Promise<ApplyResult> {
  return apply(operation, "up");
}

/**
 * Deletes everything that the stack's state records, each before what it depends on. Afterwards the
 * state is empty. Works as {@link up} does; the program is not needed, except to say where things are declared.
 */
export async function destroy(operation: ApplyOperation): Promise<ApplyResult> {
  return apply(operation, "destroy");
}

/**
 * Writes into the state what recorded resources are now, and changes nothing else: what is gone is forgotten, what was
 * changed outside of berth is recorded as it is. The next plan says what the program has against it. Asks as {@link up}
 * does, with a plan whose drift says what would be written. The program is not needed.
 *
 * @throws BERTH6030 with everything that could not be read: a state is not refreshed by halves
 */
export async function refresh(operation: ApplyOperation): Promise<ApplyResult> {
  return apply({ ...operation, refresh: true }, "refresh");
}

interface Locked {
  readonly operation: ApplyOperation;
  readonly kind: "up" | "destroy" | "refresh";
  readonly session: StateSession;
  readonly secrets: Secrets;
  readonly providers: ProviderRegistry;
  /** Clusters that the program imports or reads, and that are not recorded yet. */
  readonly expected: Map<Urn, ResourceRecord>;
  readonly redactor: Redactor;
  readonly emit: (event: EngineEvent) => void;
}

async function apply(asked: ApplyOperation, kind: Locked["kind"]): Promise<ApplyResult> {
  const operation = asked.saved ? asSaved(asked, asked.saved) : asked;
  const session = await operation.backend.lock(operation.graph.stack, { operation: kind });
  try {
    const expected = new Map<Urn, ResourceRecord>();
    const locked: Locked = {
      operation,
      kind,
      session,
      secrets: operation.secrets(session.state.secretsKey),
      providers: operation.providers((urn) => session.record(urn) ?? expected.get(urn)),
      expected,
      redactor: new Redactor(),
      emit: (event) => operation.onEvent?.(event),
    };
    locked.emit({ kind: "planning", operation: kind });
    if (operation.saved) await refuseBeforeLooking(locked, operation.saved);
    const { planned, isApproved } = await untilCancelled(operation, async () => {
      await settlePending(locked);
      return approvedPlan(locked);
    });
    if (!isApproved) return finished(locked, planned, refusal(planned, session));
    const { message } = operation;
    if (message !== undefined || planned.plan.steps.length > 0)
      await session.setOperation(message === undefined ? undefined : { operation: kind, message });
    await writeObserved(locked, planned.refreshed);
    // What policies mended is what is applied.
    const mended = { ...locked, operation: { ...operation, graph: planned.graph } };
    return finished(mended, planned, await applyPlan({ ...mended, planned }));
  } finally {
    await session.release();
  }
}

/** Plans until what is planned is what was approved. */
async function approvedPlan(
  locked: Locked,
): Promise<{ readonly planned: MadePlan; readonly isApproved: boolean }> {
  const { approve, saved } = locked.operation;
  let { approved } = locked.operation;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { planned, world } = await planNow(locked);
    if (saved) {
      const { session, secrets, operation } = locked;
      refuseMoved(saved, planned.plan, await boundTo(operation, { state: session.state, secrets, world }));
      return { planned, isApproved: true };
    }
    if (approved ? showsTheSame(approved, planned.plan) : !approve) return { planned, isApproved: true };
    const isApproved = approve === undefined || (await approve(planned.plan, approved ? "moved" : "first"));
    if (!isApproved || !approve) return { planned, isApproved };
    approved = planned.plan;
  }
  const message = `the plan was approved ${attempts} times, and each time the world had moved meanwhile`;
  throw new BerthError([problem(engineCodes.BERTH6003, { message })]);
}

async function planNow(
  locked: Locked,
): Promise<{ readonly planned: MadePlan; readonly world: ObservedWorld }> {
  const { operation, kind, session, secrets, redactor, emit } = locked;
  const { state } = session;
  const world = await lookAround({
    ...locked,
    state,
    how: kind === "refresh" ? "saved" : "live",
    program: kind === "up",
    ...(operation.refresh && { reads: "required" }),
  });
  const planned = makePlan(operation, kind, state, secrets, world, redactor);
  refuseErrors(planned.plan);
  refuseMissingProviders(planned, locked);
  emit({ kind: "planned", plan: planned.plan });
  return { planned, world };
}

/** What the plan of a file was asked for is what is asked for now. */
function asSaved({ scope: _, refresh: __, ...operation }: ApplyOperation, saved: SavedPlan): ApplyOperation {
  const { scope, refresh: reads } = saved.options;
  return { ...operation, saved, ...(scope && { scope }), ...(reads && { refresh: true }) };
}

/** What can be told without the world is told first: before interrupted operations are settled, which writes into the state. */
async function refuseBeforeLooking(
  { operation, kind, session, secrets }: Locked,
  saved: SavedPlan,
): Promise<void> {
  refuseOtherStack(saved, session.state, kind);
  const world: ObservedWorld = { clusters: new Map(), warnings: [] };
  const bound = await boundTo(operation, { state: session.state, secrets, world });
  refuseStale(whatMoved({ ...saved.bindings, observed: {} }, bindingsOf(bound)));
}

/** All of them, and before the first step. */
function refuseMissingProviders({ plan }: PlanResult, { operation, session, providers }: Locked): void {
  const missing: Problem[] = [];
  for (const { urn, action, superseded } of plan.steps) {
    if (action === "forget") continue;
    const type = parseUrn(urn)?.type ?? "";
    if (operation.definition(type)?.isProvider) continue;
    const declared = operation.graph.resources[operation.graph.index.get(urn) ?? -1]?.definition.provider;
    const recorded = superseded ? session.superseded(urn)[0] : session.record(urn);
    const name = action === "delete" ? (recorded?.provider ?? declared) : declared;
    if (name === undefined || providers.get(name)) continue;
    missing.push(
      problem(engineCodes.BERTH6002, { message: `there is no provider "${name}"`, resource: urn }),
    );
  }
  if (missing.length > 0) throw new BerthError(missing);
}

function refusal({ plan }: PlanResult, session: StateSession): Applied {
  const steps = plan.steps.map((step) => notStarted(step));
  return { steps, problems: [], outputs: session.state.outputs, status: "refused" };
}

function finished(locked: Locked, { plan }: PlanResult, applied: Applied): ApplyResult {
  const { operation, kind, session, secrets, emit } = locked;
  const { steps, outputs } = applied;
  const problems = [...steps.flatMap((step) => step.problems), ...applied.problems];
  const status = applied.status ?? statusOf(steps, problems, operation.signal?.aborted === true);
  if (status === "failed")
    problems.push(...judgeRecorded({ operation, kind, recorded: session.state, secrets }));
  if (status === "cancelled") problems.push(problem(engineCodes.BERTH6009, { message: cancellation(steps) }));
  emit({ kind: "finished", operation: kind, status, counts: countsOf(steps) });
  return { status, plan, steps, outputs, problems };
}

function statusOf(
  steps: readonly StepResult[],
  problems: readonly Problem[],
  aborted: boolean,
): OperationStatus {
  if (problems.some((each) => each.severity === "error")) return "failed";
  return aborted && steps.some((step) => step.outcome === "not-started") ? "cancelled" : "succeeded";
}

function cancellation(steps: readonly StepResult[]): string {
  const { done, unchanged, notStarted } = countsOf(steps);
  return `${done + unchanged} of ${steps.length} steps are done, ${notStarted} were not started`;
}

function countsOf(steps: readonly StepResult[]): StepCounts {
  const count = (outcome: StepResult["outcome"]): number =>
    steps.filter((step) => step.outcome === outcome).length;
  return {
    done: count("done"),
    unchanged: count("unchanged"),
    failed: count("failed"),
    notStarted: count("not-started"),
  };
}
