import {
  hasSecret,
  isValueObject,
  markNamed,
  markSecrets,
  Secret,
  type ResourceDefinition,
  Unknown,
  type Value,
  type ValueObject,
} from "@berth/core";
import { TextSet } from "./text-set.ts";

/** What is known of an answer besides its type's schema. */
export interface Answered {
  /** Names of outputs that the program calls secret: the option `additionalSecretOutputs`. */
  readonly additional?: readonly string[] | undefined;
  /** The inputs that were sent. An output in which one of their secrets stands is as secret as that. */
  readonly sent?: ValueObject;
}

/** Shorter secrets occur in texts that have nothing to do with them. */
const shortest = 8;

/** What a provider answered, with the outputs marked as secret that their schema, the program, or what was sent calls so. */
export function markOutputs(
  definition: ResourceDefinition | undefined,
  answered: ValueObject,
  { additional, sent = {} }: Answered = {},
): ValueObject {
  const marked = definition
    ? markSecrets({ type: "object", properties: definition.outputs }, answered)
    : answered;
  const outputs = markNamed(isValueObject(marked) ? marked : answered, additional);
  return hasSecret(sent) ? hideRepeated(definition, outputs, textsOf(sent)) : outputs;
}

function hideRepeated(
  definition: ResourceDefinition | undefined,
  outputs: ValueObject,
  texts: TextSet,
): ValueObject {
  const entries = Object.entries(outputs).map(([name, value]): [string, Value] => {
    // What names the resource stands in its record and in plans, whatever it says.
    const isName = definition?.outputs[name]?.immutable !== undefined;
    return [name, isName ? value : hide(value, texts)];
  });
  return Object.fromEntries(entries);
}

/** A copy in which each text that holds one of these is secret; the value itself where none does. */
function hide(value: Value, texts: TextSet): Value {
  if (typeof value === "string") return texts.replaceIn(value, "") === value ? value : new Secret(value);
  if (typeof value !== "object" || value === null || value instanceof Secret || value instanceof Unknown)
    return value;
  if (isList(value)) {
    const hidden = value.map((each) => hide(each, texts));
    return hidden.every((each, index) => each === value[index]) ? value : hidden;
  }
  const entries = Object.entries(value).map(([key, each]) => [key, hide(each, texts)] as const);
  return entries.every(([key, each]) => each === value[key]) ? value : Object.fromEntries(entries);
}

/** The secret texts in a value, as they are and as a part of JSON. */
function textsOf(value: Value): TextSet {
  const texts = new TextSet();
  const visit = (part: Value, isSecret: boolean): void => {
    if (part instanceof Secret) visit(part.reveal(), true);
    else if (typeof part === "string" && isSecret && part.length >= shortest) {
      texts.add(part);
      texts.add(JSON.stringify(part).slice(1, -1));
    } else if (typeof part === "object" && part !== null && !(part instanceof Unknown))
      for (const each of isList(part) ? part : Object.values(part)) visit(each, isSecret);
  };
  visit(value, false);
  return texts;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
