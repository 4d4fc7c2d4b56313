import { Ajv, type ValidateFunction } from "ajv";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { Declaration, Hole } from "./declaration.ts";
import type { ResourceDefinition, Schema } from "./definition.ts";
import type { RawInputs } from "./graph.ts";
import { type JsonObject, Secret, type ValueObject } from "./json.ts";
import { isOutput } from "./output-handle.ts";
import { type PathSegments, parsePath } from "./path.ts";
import { Places } from "./places.ts";
import { withGeneration } from "./generation.ts";
import { markInputs } from "./schema.ts";
import { schemaProblems } from "./schema-problem.ts";
import { ofInput } from "./transform.ts";

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

/** Checks everything that a program declared, with its final inputs. */
export function declarationProblems(declarations: readonly Declaration[]): readonly Problem[] {
  return declarations.flatMap((declaration) => {
    if (declaration.kind === "resource" && declaration.read) return [];
    const { urn, site, definition, inputs, holes, origins } = declaration;
    const found = attempt(() => checkDeclared(definition, inputs, holes));
    return found.map((each) => ({ resource: urn, ...(site && { site }), ...ofInput(each, origins) }));
  });
}

/** A mistake in one definition must not hide what is wrong elsewhere. */
function attempt(check: () => readonly Problem[]): readonly Problem[] {
  try {
    return check();
  } catch (thrown) {
    if (BerthError.is(thrown)) return thrown.problems;
    throw thrown;
  }
}

/**
 * The same for inputs as a program gave them, in which outputs are holes that anything may fill.
 *
 * @param holes - where the holes are; found by looking where absent
 */
function checkDeclared(
  definition: Checked,
  given: RawInputs,
  holes: readonly Hole[] | undefined,
): readonly Problem[] {
  const inputs = withGeneration(definition.inputs, given as ValueObject, 0);
  const marked = markInputs(definition, inputs);
  const found = holes?.length === 0 && marked === inputs ? undefined : withoutHoles(marked);
  const validate = compiled(definition.type, definition.inputs);
  const problems: Problem[] = [];
  if (!validate(found?.filled ?? inputs)) {
    const [holes, secrets] = [new Places(found?.holes ?? []), new Places(found?.secrets ?? [])];
    problems.push(...schemaProblems(validate.errors ?? [], holes, secrets));
  }
  if (definition.validate) problems.push(...ruleProblems(definition, inputs, found, problems));
  return problems;
}

function ruleProblems(
  definition: Checked,
  inputs: RawInputs,
  found: WithoutHoles | undefined,
  schemaProblems: readonly Problem[],
): readonly Problem[] {
  try {
    const problems = definition.validate?.((found?.reduced ?? inputs) as JsonObject) ?? [];
    if (!found || problems.length === 0) return problems;
    const silent = new Places([...found.holes, ...found.secrets]);
    return problems.filter((each) => !silent.leadTo(parsePath(each.path ?? "") ?? []));
  } catch (thrown) {
    // Rules may rely on what the schema says; where it does not hold, that is what is reported.
    if (schemaProblems.length > 0) return [];
    if (BerthError.is(thrown)) return thrown.problems;
    throw new BerthError(
      [
        problem(coreCodes.BERTH1023, {
          message: `the rules of ${definition.type} failed: ${String(thrown)}`,
        }),
      ],
      { cause: thrown },
    );
  }
}

interface WithoutHoles {
  /**
   * For the schema, whose problems show no values: secrets as plaintext, and `null` in holes, so
   * that a property whose name is wrong is found although its value is not known.
   */
  readonly filled: unknown;
  /** For rules, whose problems may show values: without holes and secrets (`null` in lists, to keep positions). */
  readonly reduced: RawInputs;
  /** Places of outputs, of what is unknown, and of resources in a component's inputs. */
  readonly holes: readonly PathSegments[];
  readonly secrets: readonly PathSegments[];
}

function withoutHoles(inputs: RawInputs): WithoutHoles {
  const holes: PathSegments[] = [];
  const secrets: PathSegments[] = [];
  const path: (string | number)[] = [];

  /** Both copies at once; `reduced` is `undefined` where there is to be nothing. */
  function split(value: unknown): { readonly filled: unknown; readonly reduced: unknown } {
    if (typeof value !== "object" || value === null) return { filled: value, reduced: value };
    if (value instanceof Secret) {
      secrets.push([...path]);
      return { filled: split(value.reveal()).filled, reduced: undefined };
    }
    if (Array.isArray(value)) {
      const parts = value.map((each: unknown, i) => inside(i, each));
      return { filled: parts.map((each) => each.filled), reduced: parts.map((each) => each.reduced ?? null) };
    }
    if (isOutput(value) || !isPlain(value)) {
      holes.push([...path]);
      return { filled: null, reduced: undefined };
    }
    const parts = Object.entries(value).map(([key, each]) => [key, inside(key, each)] as const);
    return {
      filled: Object.fromEntries(parts.map(([key, each]) => [key, each.filled])),
      reduced: Object.fromEntries(
        parts.filter(([, each]) => each.reduced !== undefined).map(([key, each]) => [key, each.reduced]),
      ),
    };
  }

  function inside(
    segment: string | number,
    value: unknown,
  ): { readonly filled: unknown; readonly reduced: unknown } {
    path.push(segment);
    const parts = split(value);
    path.pop();
    return parts;
  }

  const { filled, reduced } = split(inputs);
  return { filled, reduced: reduced as RawInputs, holes, secrets };
}

/** Unknowns, and resources in a component's inputs, are not. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const settings = {
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
  ownProperties: true,
  addUsedSchema: false,
  logger: false,
  // Half of the time that compiling takes; what is compiled is hardly slower for it.
  code: { optimize: false },
} as const;

function withAnnotations(ajv: Ajv): Ajv {
  ajv.addVocabulary(["immutable", "compare", "keys", "keyDefaults", "secret", "generation"]);
  // Resources are holes to the schema, so that whatever comes to this keyword is none.
  return ajv.addKeyword({
    keyword: "resource",
    schemaType: "boolean",
    validate: (wanted: boolean) => !wanted,
  });
}

// Checking the schemas themselves costs 30 ms at the first one; definitionProblems does it, in tests.
const ajv = withAnnotations(new Ajv({ ...settings, validateSchema: false, meta: false }));

/**
 * What is wrong with a definition's schemas by JSON Schema's own rules. For the tests of a package
 * that defines types: programs do not pay for it.
 *
 * @example expect(azureDefinitions.flatMap(definitionProblems)).toEqual([])
 */
export function definitionProblems({ type, inputs, outputs }: ResourceDefinition): readonly Problem[] {
  const strict = withAnnotations(new Ajv(settings));
  return [inputs, ...Object.values(outputs)].flatMap((schema) => {
    try {
      strict.compile(schema);
      return [];
    } catch (thrown) {
      return [unsound(type, thrown)];
    }
  });
}

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
    throw new BerthError([unsound(type, thrown)], { cause: thrown });
  }
}

function unsound(type: string, thrown: unknown): Problem {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return problem(coreCodes.BERTH1023, { message: `the schema of ${type} is not sound: ${reason}` });
}
