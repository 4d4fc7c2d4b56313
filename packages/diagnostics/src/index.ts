/**
 * The coded error, the problem with its path, and the source site: what every room may import.
 *
 * @packageDocumentation
 */
export { type Code, type CodeEntry, defineCodes } from "./codes.ts";
export { aboutResource, BerthError, type BerthErrorOptions, throwIfErrors } from "./error.ts";
export { nearest } from "./nearest.ts";
export { formatProblem, type Problem, problem, type ProblemDetail, type Severity } from "./problem.ts";
export { formatSite, type SourceSite } from "./site.ts";
