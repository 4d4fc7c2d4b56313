import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { capture } from "./capture.ts";
import { coreCodes } from "./codes.ts";
import { runCallback } from "./context.ts";
import { type Producer, Secret, Unknown, type Urn, type Value, type ValueObject } from "./json.ts";
import { describeNode, isOutput, nodeOf } from "./output-handle.ts";
import { type ApplyNode, type OutputNode, partsOf, type SecretNode, type TextNode } from "./output-node.ts";
import { isValueObject, mapSpecial, secretOf, uniteProducers, valueAt } from "./value.ts";
import { siteOfThrow } from "./throw-site.ts";
import type { ResourceDefinition } from "./definition.ts";
import type { RawInputs } from "./graph.ts";
import { markInputs } from "./schema.ts";

/**
 * What is known of a property of a resource: a value, an {@link Unknown}, or `undefined` where the
 * resource exists and has no such property. Make one with {@link lookupIn}.
 */
export type Lookup = (urn: Urn, path: readonly [string, ...string[]]) => Value | undefined;

/**
 * Evaluates what a program gave: an output, or JSON with outputs in it. Pure and synchronous.
 *
 * @returns the value, in which unknown parts are {@link Unknown} and secret ones {@link Secret};
 *   `undefined` where an output's value is absent
 * @throws BerthError with BERTH1010, BERTH1011, BERTH1012 or BERTH1004 where callbacks fail
 * @example evaluate({ a: output(1) }, () => undefined) // { a: 1 }
 */
export function evaluate(given: unknown, lookup: Lookup): Value | undefined {
  const evaluation = new Evaluation(lookup);
  const value = evaluation.value(given);
  if (evaluation.problems.length > 0) throw new BerthError(evaluation.problems);
  return value;
}

/**
 * Evaluates many outputs against one lookup: what several share is computed once. What the
 * lookup answers for a resource must not change once it has been asked for.
 *
 * @example
 * const evaluation = new Evaluation(lookupIn((urn) => views.get(urn)));
 * for (const resource of graph.resources) views.set(resource.urn, { …, inputs: evaluation.inputs(resource.inputs, resource.definition) });
 * throwIfErrors(evaluation.problems);
 */
export class Evaluation {
  readonly #lookup: Lookup;
  readonly #known = new Map<OutputNode, Value | undefined>();
  readonly #problems: Problem[] = [];

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  /** Callbacks that failed; what depends on them is an {@link Unknown} without producers. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /**
   * The inputs of a resource: absent properties left out, not normalised yet.
   *
   * @param definition - where it is given, what its schema calls secret is marked as such
   */
  inputs(given: RawInputs, definition?: Pick<ResourceDefinition, "inputs">): ValueObject {
    const value = this.value(given);
    if (!isValueObject(value)) return {};
    return definition ? markInputs(definition, value) : value;
  }

  /** The value of anything that a program may give as one; `undefined` where it is absent. */
  value(given: unknown): Value | undefined {
    return substitute(given, (node) => this.#resolve(node));
  }

  /** Without recursion over nodes, so that the length of a chain of outputs does not matter. */
  #resolve(wanted: OutputNode): Value | undefined {
    const open = [wanted];
    for (let node = open.at(-1); node; node = open.at(-1)) {
      const missing = this.#known.has(node) ? [] : partsOf(node).filter((each) => !this.#known.has(each));
      if (missing.length > 0) {
        open.push(...missing);
        continue;
      }
      if (!this.#known.has(node)) this.#known.set(node, this.#compute(node));
      open.pop();
    }
    return this.#known.get(wanted);
  }

  /** Once everything that the node is made of is known. */
  #compute(node: OutputNode): Value | undefined {
    switch (node.kind) {
      case "property":
        return this.#lookup(node.urn, node.path);
      case "member":
        return valueAt(this.#known.get(node.of), [node.key]);
      case "value":
        return this.value(node.value);
      case "text":
        return this.#computeText(node);
      case "secret":
        return this.#computeSecret(node);
      case "apply":
        return this.#computeApply(node);
    }
  }

  #computeText(node: TextNode): Value {
    const parts = node.parts.map((each) => openValue(this.#known.get(each)));
    const producers = parts.flatMap((each) => each.producers ?? []);
    const isSecret = parts.some((each) => each.secret);
    if (parts.some((each) => each.producers))
      return new Unknown(uniteProducers(producers), isSecret, "string");
    const words = parts.map(({ plain }) => wordOf(plain));
    if (words.includes(undefined)) {
      const message = `${describeNode(node)} has an object or a list in it`;
      const hint = "say how it is written: output.apply((value) => JSON.stringify(value))";
      return this.#fail([problem(coreCodes.BERTH1004, { message, hint })]);
    }
    const whole = node.strings.map((each, i) => each + (words[i] ?? "")).join("");
    return isSecret ? new Secret(whole) : whole;
  }

  #computeSecret(node: SecretNode): Value | undefined {
    const value = this.#known.get(node.of);
    if (value === undefined) return undefined;
    if (node.secret) return secretOf(value);
    const { plain, producers } = openValue(value);
    return producers ? new Unknown(producers) : (plain as Value | undefined);
  }

  #computeApply(node: ApplyNode): Value | undefined {
    const { plain, secret, producers } = openValue(this.#known.get(node.of));
    if (producers) return new Unknown(producers, secret);
    const result = this.#call(node, plain, secret);
    if (result === undefined || !secret) return result;
    return secretOf(result);
  }

  #call(node: ApplyNode, argument: unknown, secret: boolean): Value | undefined {
    let returned: unknown;
    try {
      returned = runCallback(() => node.callback(argument));
    } catch (thrown) {
      return this.#fail(thrownProblems(thrown, node, secret));
    }
    if (returned instanceof Promise) {
      returned.catch(() => undefined);
      const message = `the callback of apply on ${describeNode(node.of)} returned a promise`;
      return this.#fail([problem(coreCodes.BERTH1011, { message, ...(node.site && { site: node.site }) })]);
    }
    const { value, holes, problems } = capture(returned);
    if (problems.length > 0) {
      const prefix = `the callback of apply on ${describeNode(node.of)} did not return a value: `;
      return this.#fail(
        problems.map((each) => ({
          ...each,
          message: prefix + each.message,
          ...(node.site && { site: node.site }),
        })),
      );
    }
    const returnedNodes = holes.map((hole) => hole.node).filter((each) => each !== undefined);
    const foreign = returnedNodes.find((each) => each.sources.some((urn) => !node.sources.includes(urn)));
    if (foreign) {
      const message = `the callback of apply on ${describeNode(node.of)} returned ${describeNode(foreign)}, which it was not given`;
      return this.#fail([problem(coreCodes.BERTH1012, { message, ...(node.site && { site: node.site }) })]);
    }
    return this.value(value);
  }

  #fail(problems: readonly Problem[]): Unknown {
    this.#problems.push(...problems);
    return new Unknown([]);
  }
}

/**
 * Replaces the outputs in JSON; parts that turn out to be absent are left out. What holds no
 * outputs is answered as it is: it is frozen.
 */
function substitute(given: unknown, resolve: (node: OutputNode) => Value | undefined): Value | undefined {
  if (typeof given !== "object" || given === null) return given as Value | undefined;
  if (isOutput(given)) return resolve(nodeOf(given));
  if (given instanceof Secret || given instanceof Unknown) return given;
  let changed = false;
  const inside = (part: unknown): Value | undefined => {
    const value = substitute(part, resolve);
    changed ||= value !== part;
    return value;
  };
  if (Array.isArray(given)) {
    const list = given.map((each) => inside(each) ?? null);
    return changed ? list : (given as readonly Value[]);
  }
  const entries: [string, Value][] = [];
  for (const key in given) {
    const value = inside((given as Record<string, unknown>)[key]);
    if (value !== undefined) entries.push([key, value]);
  }
  return changed ? Object.fromEntries(entries) : (given as ValueObject);
}

interface OpenValue {
  /** A copy without secrets' wrappers, for a callback that may change it. */
  readonly plain: unknown;
  readonly secret: boolean;
  /** What it waits for; then `plain` is not to be used. */
  readonly producers: readonly Producer[] | undefined;
}

function openValue(value: Value | undefined): OpenValue {
  let secret = false;
  let producers: Producer[] | undefined;
  const open = (part: Value): Value | undefined =>
    mapSpecial(part, (special) => {
      if (special instanceof Secret) {
        secret = true;
        return open(special.reveal());
      }
      secret ||= special.secret;
      (producers ??= []).push(...special.producers);
      return undefined;
    });
  const plain = value === undefined ? undefined : open(value);
  return { plain, secret, producers: producers && uniteProducers(producers) };
}

/** The author's error at its own line; never its text where the callback saw a secret. */
function thrownProblems(thrown: unknown, node: ApplyNode, secret: boolean): readonly Problem[] {
  const site = siteOfThrow(thrown, node);
  const where = site && { site };
  if (BerthError.is(thrown)) return thrown.problems.map((each) => ({ ...where, ...each }));
  const what = secret ? "an error whose text is withheld, since the value is secret" : describeThrown(thrown);
  const message = `the callback of apply on ${describeNode(node.of)} threw ${what}`;
  return [problem(coreCodes.BERTH1010, { message, ...where })];
}

function describeThrown(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  return typeof thrown === "string" ? thrown : "something that is no Error";
}

/** A value as a word in text: nothing where it is absent, `undefined` where it has no one way to be written. */
function wordOf(plain: unknown): string | undefined {
  if (plain === undefined || plain === null) return "";
  return typeof plain === "string" || typeof plain === "number" || typeof plain === "boolean"
    ? String(plain)
    : undefined;
}
