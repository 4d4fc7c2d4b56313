import { formatProblem, type Problem } from "./problem.ts";

/** How an error came about. */
export interface BerthErrorOptions extends ErrorOptions {
  /** See {@link BerthError.isRefusal}. */
  readonly isRefusal?: boolean;
}

const brand = Symbol.for("berth.error");

/**
 * The one error that berth throws on purpose. It carries problems as data, all of them at
 * once where several were found. Two copies of this package recognise each other's errors.
 */
export class BerthError extends Error {
  readonly [brand] = true;
  readonly problems: readonly Problem[];
  /**
   * Whether the API to which a request was made refused it before it did anything: nothing of what was asked for
   * happened, and nobody needs to find out.
   */
  readonly isRefusal: boolean;

  constructor(
    problems: readonly [Problem, ...Problem[]] | readonly Problem[],
    { isRefusal = false, ...options }: BerthErrorOptions = {},
  ) {
    super(problems.map(formatProblem).join("\n"), options);
    this.name = "BerthError";
    this.problems = problems;
    this.isRefusal = isRefusal;
  }

  static is(value: unknown): value is BerthError {
    return typeof value === "object" && value !== null && brand in value;
  }
}

/** Throws when at least one problem is an error; warnings alone pass. */
export function throwIfErrors(problems: readonly Problem[]): void {
  if (problems.some((each) => each.severity === "error")) throw new BerthError(problems);
}

/**
 * Runs, and gives problems that name no resource this one: whoever speaks to an API often does not know
 * for which resource it does. Other errors pass as they are.
 *
 * @example
 * await aboutResource(request.urn, () => client.delete(ref));
 */
export async function aboutResource<T>(urn: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!BerthError.is(error)) throw error;
    throw new BerthError(
      error.problems.map((each) => ({ resource: urn, ...each })),
      { cause: error.cause, isRefusal: error.isRefusal },
    );
  }
}
