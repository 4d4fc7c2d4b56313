import {
  isValueObject,
  type JsonObject,
  parsePattern,
  type PatternStep,
  type ResourceDefinition,
  shapeOf,
  stepFits,
  type Value,
  type ValueObject,
} from "@berth/core";
import { isList } from "../compare/opaque.ts";
import { SchemaNode } from "../compare/schema-node.ts";

/** Inputs in which what the program's changes are ignored of is as it is recorded. */
export interface KeptInputs {
  readonly inputs: ValueObject;
  /** Paths whose recorded value goes all the same, since what it is in goes. */
  readonly lost: readonly string[];
}

const nothingLost: readonly never[] = Object.freeze([]);

/**
 * Gives the properties that the option `ignoreChanges` names the values that are recorded, also where that is none.
 * Only what is in both is looked into: a property of something that the program adds is as the program says, one of
 * something that it drops is dropped. Elements of lists are matched by the keys of the schema, or by position.
 *
 * Planner and engine both do it here, so that what is planned is what is sent.
 *
 * @param desired - what the program wants, completed
 * @param recorded - inputs of the record, opened
 */
export function keepIgnored(
  definition: Pick<ResourceDefinition, "inputs" | "shape">,
  paths: readonly string[] | undefined,
  desired: ValueObject,
  recorded: ValueObject,
): KeptInputs {
  if (!paths) return { inputs: desired, lost: nothingLost };
  let inputs: Value | undefined = desired;
  const lost: string[] = [];
  for (const path of paths) {
    const steps = parsePattern(path)?.steps ?? [];
    const keeping = new Keeping();
    inputs = keeping.at(new SchemaNode(shapeOf(definition)), steps, inputs, recorded);
    if (keeping.hasLost) lost.push(path);
  }
  return { inputs: isValueObject(inputs) ? inputs : desired, lost };
}

class Keeping {
  hasLost = false;

  /** What is wanted at a place, with what is recorded where the steps lead. */
  at(
    schema: SchemaNode,
    [step, ...rest]: readonly PatternStep[],
    desired: Value | undefined,
    recorded: Value | undefined,
  ): Value | undefined {
    if (step === undefined) return recorded;
    if (isValueObject(desired) && isValueObject(recorded))
      return this.#object(schema, step, rest, desired, recorded);
    if (isListed(desired) && isListed(recorded)) return this.#list(schema, step, rest, desired, recorded);
    if (desired === undefined && recorded !== undefined) this.hasLost ||= leads(recorded, [step, ...rest]);
    return desired;
  }

  #object(
    schema: SchemaNode,
    step: PatternStep,
    rest: readonly PatternStep[],
    desired: ValueObject,
    recorded: ValueObject,
  ): ValueObject {
    const isAny = typeof step === "object" && "any" in step;
    if (isAny && rest.length === 0) return recorded;
    if (!isAny && typeof step !== "string") return desired;
    const names = isAny ? [...new Set([...Object.keys(desired), ...Object.keys(recorded)])] : [step];
    const kept: Record<string, Value> = { ...desired };
    for (const name of names) {
      const value = this.at(schema.property(name), rest, own(desired, name), own(recorded, name));
      if (value === undefined) delete kept[name];
      else kept[name] = value;
    }
    return kept;
  }

  #list(
    schema: SchemaNode,
    step: PatternStep,
    rest: readonly PatternStep[],
    desired: readonly Value[],
    recorded: readonly Value[],
  ): readonly Value[] {
    const isAny = typeof step === "object" && "any" in step;
    if (isAny && rest.length === 0) return recorded;
    const { keys, items, keyDefaults } = schema;
    const identities = keys && recorded.map((each) => identityOf(each, keys, keyDefaults));
    return desired.map((element, position) => {
      if (typeof step === "string" || !stepFits(step, position, plain(element, keyDefaults))) return element;
      const identity = keys && identityOf(element, keys, keyDefaults);
      const before =
        identities && identity !== undefined ? recorded[identities.indexOf(identity)] : recorded[position];
      // A new element is as the program says; and an element as a whole cannot be away.
      return before === undefined ? element : (this.at(items, rest, element, before) ?? element);
    });
  }
}

function own(value: ValueObject, name: string): Value | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The keys of an element as text; `undefined` where one of them is no plain value. */
function identityOf(element: Value, keys: readonly string[], defaults: JsonObject): string | undefined {
  if (!isValueObject(element)) return undefined;
  const values = keys.map((key) => own(element, key) ?? own(defaults, key));
  return values.some((each) => each === undefined || typeof each === "object")
    ? undefined
    : JSON.stringify(values);
}

/** Plain properties of an element, by which a step may name it. */
function plain(
  element: Value,
  defaults: JsonObject = {},
): Readonly<Record<string, string | number | boolean>> {
  if (!isValueObject(element)) return {};
  const entries = Object.entries({ ...defaults, ...element }).flatMap(([key, each]) =>
    typeof each === "string" || typeof each === "number" || typeof each === "boolean"
      ? [[key, each] as const]
      : [],
  );
  return Object.fromEntries(entries);
}

/** Whether steps lead to something in a value. */
function leads(value: Value | undefined, [step, ...rest]: readonly PatternStep[]): boolean {
  if (step === undefined) return value !== undefined;
  if (isListed(value))
    return value.some((each, position) => stepFits(step, position, plain(each)) && leads(each, rest));
  if (!isValueObject(value)) return false;
  return Object.entries(value).some(([name, each]) => stepFits(step, name) && leads(each, rest));
}

function isListed(value: Value | undefined): value is readonly Value[] {
  return value !== undefined && isList(value);
}
