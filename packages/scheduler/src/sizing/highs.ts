import { type LinearSolver, toLpFormat } from "./linear-program.ts";

/** What we use of HiGHS. Its own types describe its CommonJS build, whose default export is elsewhere. */
type Loader = () => Promise<{
  solve(
    program: string,
    options: { readonly time_limit: number },
  ): {
    readonly Status: string;
    readonly ObjectiveValue: number;
    readonly Columns: Readonly<Record<string, { readonly Primal?: number }>>;
  };
}>;

/**
 * HiGHS as the solver of `cheapestMix`. It is 4 MB of WebAssembly, so it is loaded here and nowhere
 * else, when it is asked for. `seconds`: how long one program may take.
 *
 * @example
 * import { loadHighs } from "@berth/scheduler/highs";
 * const mix = cheapestMix(problem, shapes, await loadHighs());
 */
export async function loadHighs(seconds = 20): Promise<LinearSolver> {
  const module: { readonly default: unknown } = await import("highs");
  if (!isLoader(module.default)) throw new TypeError("the package highs has another shape than expected");
  const highs = await module.default();
  return (program) => {
    const { Status, ObjectiveValue, Columns } = highs.solve(toLpFormat(program), { time_limit: seconds });
    if (Status !== "Optimal") return undefined;
    // Adding 0 makes 0 of -0.
    const values = Object.entries(Columns).map(
      ([name, { Primal = 0 }]) => [name, Math.round(Primal) + 0] as const,
    );
    return { values: Object.fromEntries(values), objective: ObjectiveValue };
  };
}

function isLoader(value: unknown): value is Loader {
  return typeof value === "function";
}
