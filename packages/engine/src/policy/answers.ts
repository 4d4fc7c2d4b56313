import type { Json, JsonObject } from "@berth/core";
import { type Problem, problem, type ProblemDetail } from "@berth/diagnostics";
import { policyCodes } from "./codes.ts";
import type { ConfiguredPolicy, Finding, PolicyResource } from "./policy.ts";

/** What a policy was asked about, for problems with its answer. */
export type About = Pick<ProblemDetail, "resource" | "site">;

export function aboutOf(resource: PolicyResource | undefined): About {
  return resource ? { resource: resource.urn, ...(resource.site && { site: resource.site }) } : {};
}

/** Runs a policy's function; what goes wrong in it is a problem that names it. */
export function asked<T>(
  { policy }: ConfiguredPolicy,
  about: About,
  problems: Problem[],
  run: () => T,
): { readonly answer: T } | undefined {
  try {
    return { answer: run() };
  } catch (thrown) {
    const message = `it failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    problems.push(problem(policyCodes.BERTH6103, { ...about, message, policy: policy.name }));
    return undefined;
  }
}

/** Reads what a check answered. What is no finding is a problem of its own. */
export function findingsIn(
  answer: unknown,
  { policy }: ConfiguredPolicy,
  about: About,
  problems: Problem[],
): readonly Finding[] {
  const list: readonly unknown[] = answer === undefined ? [] : Array.isArray(answer) ? answer : [answer];
  return list.flatMap((each): readonly Finding[] => {
    if (typeof each === "string" && each !== "") return [{ message: each }];
    const wrong = whatIsWrong(each);
    if (wrong === undefined) return [each as Finding];
    problems.push(
      problem(policyCodes.BERTH6104, { ...about, message: `it answered ${wrong}`, policy: policy.name }),
    );
    return [];
  });
}

function whatIsWrong(value: unknown): string | undefined {
  if (value === "") return "an empty text";
  if (value === null || typeof value !== "object") return value === null ? "null" : `a ${typeof value}`;
  if (value instanceof Promise || "then" in value) return "a promise: policies are not asynchronous";
  const read = (key: string): unknown => Reflect.get(value, key);
  if (typeof read("message") !== "string" || read("message") === "") return "an object without a message";
  const odd = ["hint", "resource", "path"].find((key) => !["string", "undefined"].includes(typeof read(key)));
  if (odd !== undefined) return `a finding whose ${odd} is no text`;
  const unknown = Object.keys(value).find((key) => !["message", "hint", "resource", "path"].includes(key));
  return unknown === undefined ? undefined : `a finding with a property ${JSON.stringify(unknown)}`;
}

/** Reads what a remediation answered: inputs as JSON, or nothing. */
export function inputsIn(
  answer: unknown,
  { policy }: ConfiguredPolicy,
  about: About,
  problems: Problem[],
): JsonObject | undefined {
  if (answer === undefined) return undefined;
  if (typeof answer === "object" && answer !== null && !Array.isArray(answer) && isJson(answer))
    return answer as JsonObject;
  const what =
    answer instanceof Promise ? "a promise: policies are not asynchronous" : "something that is no inputs";
  problems.push(
    problem(policyCodes.BERTH6104, { ...about, message: `it answered ${what}`, policy: policy.name }),
  );
  return undefined;
}

function isJson(value: unknown): value is Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson);
}
