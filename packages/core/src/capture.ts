import { type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { Hole } from "./declaration.ts";
import { declared } from "./declared.ts";
import type { Schema } from "./definition.ts";
import type { RawInputs } from "./graph.ts";
import { Secret, Unknown } from "./json.ts";
import { isOutput, nodeOf } from "./output-handle.ts";
import { formatPath } from "./path.ts";
import { applyDefaults, hasKeyword } from "./schema.ts";

/** A value that a program gave, copied, so that what it does to its own objects later changes nothing. */
export interface Captured {
  /** Frozen JSON with outputs in it. */
  readonly value: unknown;
  readonly holes: readonly Hole[];
  /** What is no value; without site and resource, which the caller knows. */
  readonly problems: readonly Problem[];
}

const refused = new Unknown([]);

/** Deeper than any real input; what goes deeper is circular or hostile. */
const depthLimit = 256;

/**
 * Copies what a program gave as a value, and finds outputs and whatever is no value in it.
 *
 * @param allowResources - leave resources and components where they are, as components' inputs may hold them
 */
export function capture(given: unknown, allowResources = false): Captured {
  const holes: Hole[] = [];
  const problems: Problem[] = [];
  const path: (string | number)[] = [];
  const ancestors: object[] = [];

  /** Something unknown stands in its place, so that nothing else is said of it. */
  function refuse(message: string, hint?: string): Unknown {
    problems.push(problem(coreCodes.BERTH1004, { path: formatPath(path), message, ...(hint && { hint }) }));
    holes.push({ path: [...path], node: undefined });
    return refused;
  }

  function copy(value: unknown): unknown {
    switch (typeof value) {
      case "string":
      case "boolean":
      case "undefined":
        return value;
      case "number":
        // JSON knows one zero.
        return Number.isFinite(value) ? value + 0 : refuse(`${value} is no JSON number`);
      case "object":
        return value === null ? null : copyObject(value);
      case "function":
        return refuse("a function is no value", "call it, and give what it returns");
      default:
        return refuse(
          `a ${typeof value} is no JSON value`,
          typeof value === "bigint" ? "give a number or text" : undefined,
        );
    }
  }

  function copyObject(value: object): unknown {
    if (isOutput(value)) {
      holes.push({ path: [...path], node: nodeOf(value) });
      return value;
    }
    const isSpecial = value instanceof Secret || value instanceof Unknown;
    if (isSpecial || (allowResources && declared in value)) {
      holes.push({ path: [...path], node: undefined });
      return value;
    }
    if (ancestors.includes(value)) return refuse("the value contains itself");
    if (path.length > depthLimit) return refuse(`the value is nested deeper than ${depthLimit} levels`);
    ancestors.push(value);
    const copied = Array.isArray(value) ? copyList(value) : copyPlain(value);
    ancestors.pop();
    return copied;
  }

  function copyList(list: readonly unknown[]): unknown {
    const copied: unknown[] = [];
    for (let i = 0; i < list.length; i++) {
      path.push(i);
      const isMissing = list[i] === undefined;
      copied.push(
        isMissing ? refuse("an element of a list must not be undefined", "leave it out") : copy(list[i]),
      );
      path.pop();
    }
    return Object.freeze(copied);
  }

  function copyPlain(value: object): unknown {
    if (!isPlain(value)) return refuse(`${describeInstance(value)} is no plain value`, wayOut(value));
    const copied: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      path.push(key);
      if (key === "__proto__" || key === "$berth") {
        refuse(`the property name ${key} is reserved`);
      } else {
        const member = copy((value as Record<string, unknown>)[key]);
        if (member !== undefined) copied[key] = member;
      }
      path.pop();
    }
    return Object.freeze(copied);
  }

  return { value: copy(given), holes, problems };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of another realm have their own Object.prototype, whose prototype is null too.
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function describeInstance(value: object): string {
  if (value instanceof Promise) return "a promise";
  if (value instanceof Date) return "a Date";
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? `an instance of ${name}` : "an object with a prototype";
}

function wayOut(value: object): string | undefined {
  if (value instanceof Promise) return "await it before the resource is declared";
  if (value instanceof Date) return "give text: date.toISOString()";
  if (declared in value) return "give one of its properties, such as its id";
  if (value instanceof Map) return "give Object.fromEntries(map)";
  if (value instanceof Set) return "give [...set]";
  return "give a plain object";
}

/** Inputs as they are kept: copied, with the defaults of their schema. */
export interface CapturedInputs extends Captured {
  readonly inputs: RawInputs;
}

/** @param allowResources - for a component */
export function captureInputs(given: unknown, schema: Schema, allowResources: boolean): CapturedInputs {
  const captured = capture(given ?? {}, allowResources);
  const filled = hasKeyword(schema, "default") ? applyDefaults(schema, captured.value) : captured.value;
  if (isRecord(filled)) return { ...captured, inputs: filled };
  const problems = captured.problems.length > 0 ? captured.problems : [noObject()];
  return { ...captured, problems, inputs: {} };
}

function noObject(): Problem {
  return problem(coreCodes.BERTH1001, { message: "inputs are an object of properties" });
}

function isRecord(value: unknown): value is RawInputs {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}
