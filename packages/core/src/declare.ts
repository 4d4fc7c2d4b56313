import { BerthError, type Problem, problem, type SourceSite } from "@berth/diagnostics";
import { declarationProblems } from "./check.ts";
import { coreCodes } from "./codes.ts";
import { type DeclarationContext, withContext } from "./context.ts";
import type { Graph } from "./graph.ts";
import type { Value } from "./json.ts";
import { sealGraph } from "./seal.ts";
import type { MapSite } from "./site.ts";
import { sortProblems } from "./sort-problems.ts";
import { pathOf } from "./throw-site.ts";

/** In which stack a program declares, and what it may read. */
export interface DeclarationScope {
  readonly project: string;
  readonly stack: string;
  /** Configuration by full key (`project:replicas`); secrets as `Secret`. */
  readonly config?: Readonly<Record<string, Value>>;
  /** From a position in running code to one in the source; what the program loader knows. */
  readonly mapSite?: MapSite;
}

/**
 * Runs a program, which declares resources, and seals what it declared. Programs may run side by
 * side; each has its own context, also across `await`.
 *
 * @param run - the program; what it returns (an object, such as a module's namespace) are the stack's outputs
 * @throws BerthError with every problem that was found, sorted by place
 * @example
 * const graph = await declare({ project: "shop", stack: "dev" }, () => {
 *   const group = new azure.ResourceGroup("shop", { location: "westeurope" });
 *   return { group: group.id };
 * });
 */
export async function declare(scope: DeclarationScope, run: () => unknown): Promise<Graph> {
  const context = openContext(scope);
  let returned: unknown;
  try {
    // The callback is asynchronous so that what the program awaits stays in its context.
    returned = await withContext(context, async () => run());
  } catch (thrown) {
    context.sealed = true;
    throw withCollected(context, thrown);
  }
  context.sealed = true;
  return sealGraph(context, returned);
}

function openContext(scope: DeclarationScope): DeclarationContext {
  const wrong = (["project", "stack"] as const).filter((each) => !/^[A-Za-z0-9][\w.-]*$/.test(scope[each]));
  if (wrong.length > 0) {
    throw new BerthError(
      wrong.map((each) => {
        const message = `the name of the ${each}, "${scope[each]}", is made of letters, digits, ".", "_" and "-"`;
        return problem(coreCodes.BERTH1005, { message });
      }),
    );
  }
  const mapSite = scope.mapSite ?? ((site: SourceSite) => ({ ...site, file: pathOf(site.file) }));
  return {
    project: scope.project,
    stack: scope.stack,
    config: scope.config ?? {},
    resources: [],
    components: [],
    callbacks: [],
    problems: [],
    transforms: [],
    hooks: new Map(),
    moves: new Map(),
    sealed: false,
    mapSite: (site) => site && mapSite(site),
  };
}

/** What was wrong before a program threw is often why it threw, so it is said first. */
function withCollected(context: DeclarationContext, thrown: unknown): unknown {
  const { problems, resources, components } = context;
  const before = [...problems, ...declarationProblems([...resources, ...components])];
  if (before.length === 0) return thrown;
  const own: readonly Problem[] = BerthError.is(thrown) ? thrown.problems : [];
  return new BerthError([...sortProblems(before), ...own], { cause: thrown });
}
