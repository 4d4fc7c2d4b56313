import type { Graph, Hook, ResourceRecord, StackState } from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import type { Plan } from "@berth/planner";
import { engineCodes } from "./codes.ts";

/** Hooks of a deletion, as far as they are at hand. */
export interface DeleteHooks {
  readonly before: readonly Hook[];
  readonly after: readonly Hook[];
  /** Names that are recorded, and that the program at hand does not know. */
  readonly missing: readonly string[];
}

const nothing: DeleteHooks = Object.freeze({ before: [], after: [], missing: [] });

/** What the program says of a resource that it declares counts; of others, what is recorded. */
export function deleteHooksOf({ urn, options }: ResourceRecord, graph: Graph): DeleteHooks {
  const declared = graph.resources[graph.index.get(urn) ?? -1];
  if (declared) {
    const { beforeDelete = [], afterDelete = [] } = declared.options.hooks ?? {};
    return { before: beforeDelete, after: afterDelete, missing: [] };
  }
  const names = options?.deleteHooks;
  if (!names) return nothing;
  const { before = [], after = [] } = names;
  const found = (list: readonly string[]): readonly Hook[] =>
    list.flatMap((name) => graph.hooks?.get(name) ?? []);
  const missing = [...before, ...after].filter((name) => !graph.hooks?.has(name));
  return { before: found(before), after: found(after), missing: [...new Set(missing)].toSorted() };
}

/** Deletions that must call what this operation does not have. The plan is not applied then. */
export function missingHooks(plan: Plan, state: StackState, graph: Graph): readonly Problem[] {
  if (!state.resources.some(hasHooks) && !state.superseded?.some(hasHooks)) return [];
  const deleted = new Set(plan.steps.filter(({ action }) => action === "delete").map(({ urn }) => urn));
  for (const { urn, deletedWith } of plan.changes) if (deletedWith !== undefined) deleted.delete(urn);
  return [...state.resources, ...(state.superseded ?? [])].flatMap((record) => {
    const { missing } = deleted.has(record.urn) ? deleteHooksOf(record, graph) : nothing;
    return missing.map((name) =>
      problem(engineCodes.BERTH6071, {
        message: `the deletion of ${record.id} calls the hook "${name}", which is not at hand`,
        resource: record.urn,
      }),
    );
  });
}

function hasHooks({ options }: ResourceRecord): boolean {
  return options?.deleteHooks !== undefined;
}
