import { Ajv, type ValidateFunction } from "ajv";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { Hole } from "./declaration.ts";
import type { ResourceDefinition, Schema } from "./definition.ts";
import type { RawInputs } from "./graph.ts";
import { Secret, Unknown, type ValueObject } from "./json.ts";
import { isOutput } from "./output-handle.ts";
import { type PathSegments, parsePath } from "./path.ts";
import { schemaProblems } from "./schema-problem.ts";

/** What is checked: the definition of a resource or of a component type. */
export type Checked = Pick<ResourceDefinition, "type" | "inputs" | "validate">;

/**
 * Checks inputs by the schema and by the definition's own rules. Parts that are still unknown
 * pass. Problems have neither resource nor site, which the caller knows.
 *
 * @example checkInputs(definition, inputs).map((each) => ({ ...each, resource: urn }))
 * @throws BERTH1023 where the definition itself is not sound
 */
export function checkInputs(definition: Checked, inputs: ValueObject): readonly Problem[] {
  return checkDeclared(definition, inputs, undefined);
}

/**
 * The same for inputs as a program gave them, in which outputs are holes that anything may fill.
 *
 * @param holes - where the holes are; found by looking where absent
 */
export function checkDeclared(definition: Checked, inputs: RawInputs, holes: readonly Hole[] | undefined): readonly Problem[] {
  const found = holes?.length === 0 ? undefined : withoutHoles(inputs);
  const shown = found?.shown ?? inputs;
  const open = found?.open ?? [];
  const validate = compiled(definition.type, definition.inputs);
  const problems: Problem[] = [];
  if (!validate(found?.revealed ?? inputs)) problems.push(...schemaProblems(validate.errors ?? [], open, found?.secret ?? []));
  if (definition.validate) problems.push(...ruleProblems(definition, shown, open, problems));
  return problems;
}

function ruleProblems(
  definition: Checked,
  inputs: RawInputs,
  open: readonly PathSegments[],
  schemaProblems: readonly Problem[],
): readonly Problem[] {
  try {
    const found = definition.validate?.(inputs as never) ?? [];
    if (open.length === 0) return found;
    return found.filter((each) => !open.some((hole) => isAtOrUnder(parsePath(each.path ?? "") ?? [], hole)));
  } catch (thrown) {
    // Rules may rely on what the schema says; where it does not hold, that is what is reported.
    if (schemaProblems.length > 0) return [];
    if (BerthError.is(thrown)) return thrown.problems;
    throw new BerthError(
      [problem(coreCodes.BERTH1023, { message: `the rules of ${definition.type} failed: ${String(thrown)}` })],
      { cause: thrown },
    );
  }
}

/** Whether a path leads to a place or into it. */
export function isAtOrUnder(path: PathSegments, place: PathSegments): boolean {
  return place.length <= path.length && place.every((segment, i) => String(segment) === String(path[i]));
}

interface WithoutHoles {
  /** Secrets as plaintext, for the schema, whose problems show no values. */
  readonly revealed: unknown;
  /** Without secrets, for rules, whose problems may show values. */
  readonly shown: RawInputs;
  /** Places of outputs, unknowns and (for rules) secrets. */
  readonly open: readonly PathSegments[];
  readonly secret: readonly PathSegments[];
}

function withoutHoles(inputs: RawInputs): WithoutHoles {
  const open: PathSegments[] = [];
  const secret: PathSegments[] = [];
  const path: (string | number)[] = [];

  function strip(value: unknown, reveal: boolean): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Secret) {
      if (reveal) return strip(value.reveal(), reveal);
      secret.push([...path]);
      return undefined;
    }
    if (isOutput(value) || value instanceof Unknown) {
      if (!reveal) open.push([...path]);
      return undefined;
    }
    if (Array.isArray(value)) return value.map((each: unknown, i) => inside(i, each, reveal) ?? null);
    if (!isPlain(value)) {
      if (!reveal) open.push([...path]);
      return undefined;
    }
    const entries: [string, unknown][] = [];
    for (const [key, each] of Object.entries(value)) {
      const stripped = inside(key, each, reveal);
      if (stripped !== undefined) entries.push([key, stripped]);
    }
    return Object.fromEntries(entries);
  }

  function inside(segment: string | number, value: unknown, reveal: boolean): unknown {
    path.push(segment);
    const stripped = strip(value, reveal);
    path.pop();
    return stripped;
  }

  const shown = strip(inputs, false) as RawInputs;
  if (secret.length === 0) return { revealed: shown, shown, open, secret };
  return { revealed: strip(inputs, true), shown, open: [...open, ...secret], secret };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
  ownProperties: true,
  addUsedSchema: false,
  logger: false,
});
ajv.addVocabulary(["immutable", "compare", "keys", "secret"]);

const validators = new WeakMap<Schema, ValidateFunction>();

/** Compiled when it is first needed, since compiling takes a millisecond and most types are not used. */
function compiled(type: string, schema: Schema): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  try {
    const validate = ajv.compile(schema);
    validators.set(schema, validate);
    return validate;
  } catch (thrown) {
    const message = `the schema of ${type} is not sound: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    throw new BerthError([problem(coreCodes.BERTH1023, { message })], { cause: thrown });
  }
}
