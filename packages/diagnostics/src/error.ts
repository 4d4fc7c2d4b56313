import { formatProblem, type Problem } from "./problem.ts";

const brand = Symbol.for("berth.error");

/**
 * The one error that berth throws on purpose. It carries problems as data, all of them at
 * once where several were found. Two copies of this package recognise each other's errors.
 */
export class BerthError extends Error {
  readonly [brand] = true;
  readonly problems: readonly Problem[];

  constructor(problems: readonly [Problem, ...Problem[]] | readonly Problem[], options?: ErrorOptions) {
    super(problems.map(formatProblem).join("\n"), options);
    this.name = "BerthError";
    this.problems = problems;
  }

  static is(value: unknown): value is BerthError {
    return typeof value === "object" && value !== null && brand in value;
  }
}

/** Throws when at least one problem is an error; warnings alone pass. */
export function throwIfErrors(problems: readonly Problem[]): void {
  if (problems.some((each) => each.severity === "error")) throw new BerthError(problems);
}
