import { changesNothing, changesSo } from "./matchers/changes.ts";
import { leavesUnplaced, type MovePlaces, moves, type Placed, places } from "./matchers/placement.ts";
import { hasProblem } from "./matchers/problems.ts";
import { planOf, problemsOf } from "./planned.ts";
import type { Verdict } from "./verdict.ts";

export type { MovePlaces } from "./matchers/placement.ts";

/**
 * What can be expected of a plan. Resources are named by their type and logical name (`azure:NodePool`, `user`), or by the path
 * through their components (`store/web`); workloads as `web`, `Deployment/web`, `default/web` or in full.
 */
export interface PlanMatchers<R = void> {
  /** A resource of the type, and of the name where one is given, is created. */
  toCreate(type: string, name?: string): R;
  /** It is updated in place; with a path: that property, or one below it, is among what changes. */
  toUpdate(type: string, name?: string, path?: string): R;
  /** It is replaced; with a path: that property, or one below it, is among what changes. */
  toReplace(type: string, name?: string, path?: string): R;
  toDelete(type: string, name?: string): R;
  /** Neither a resource nor an output changes. */
  toChangeNothing(): R;
  /** A running pod, by its name, or any pod of a workload, leaves its node for another one. */
  toMove(pod: string, places?: MovePlaces): R;
  /** All pods of the workload have a node, and, where it is said, only such nodes. */
  toPlace(workload: string, where?: Placed): R;
  /** Pods find no node: any, or of that workload. */
  toLeaveUnplaced(workload?: string): R;
  /** The plan, or what was refused before there was one, has a problem of that code, whose words hold the text. */
  toHaveProblem(code: string, text?: string | RegExp): R;
}

/** A matcher for each name: what was received first, then what is expected. */
export type PlanMatcherTable = {
  readonly [Name in keyof PlanMatchers]: (
    received: unknown,
    ...expected: Parameters<PlanMatchers[Name]>
  ) => Verdict;
};

/**
 * The matchers as a table, for `expect.extend` of test runners; `@berth/testing/vitest` does it for vitest.
 *
 * @example expect.extend(planMatchers);
 */
export const planMatchers: PlanMatcherTable = {
  toCreate: (received, type, name) => changesSo(planOf(received), "create", type, name),
  toUpdate: (received, type, name, path) => changesSo(planOf(received), "update", type, name, path),
  toReplace: (received, type, name, path) => changesSo(planOf(received), "replace", type, name, path),
  toDelete: (received, type, name) => changesSo(planOf(received), "delete", type, name),
  toChangeNothing: (received) => changesNothing(planOf(received)),
  toMove: (received, pod, between) => moves(planOf(received), pod, between),
  toPlace: (received, workload, where) => places(planOf(received), workload, where),
  toLeaveUnplaced: (received, workload) => leavesUnplaced(planOf(received), workload),
  toHaveProblem: (received, code, text) => hasProblem(problemsOf(received), code, text),
};
