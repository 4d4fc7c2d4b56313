import { BerthError, formatSite, type Problem, problem, type SourceSite } from "@berth/diagnostics";
import { capture } from "./capture.ts";
import { coreCodes } from "./codes.ts";
import { activeContext, runCallback } from "./context.ts";
import type { RawInputs } from "./graph.ts";
import type { ResourceOptions } from "./options.ts";
import { parsePath } from "./path.ts";
import { siteOfCall } from "./site.ts";

/** A resource as a transform sees it: as it is declared, after the transforms before. Frozen. */
export interface TransformedResource {
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Logical names from the outermost component to this one. */
  readonly path: readonly string[];
  /** As the program gave them; outputs are outputs, and may be passed on. */
  readonly inputs: RawInputs;
  /** The third argument, without what is inherited. */
  readonly options: ResourceOptions;
}

/**
 * Changes resources when they are declared: answers new inputs, new options, both, or nothing. It is pure and
 * synchronous, declares nothing, and changes neither name nor parent.
 *
 * @example
 * const tagged: Transform = ({ type, inputs }) =>
 *   type.startsWith("azure:") ? { inputs: { ...inputs, tags: { team: "web" } } } : undefined;
 */
export type Transform = (
  resource: TransformedResource,
) => { readonly inputs?: object; readonly options?: ResourceOptions } | undefined | void;

/** A {@link Transform}, and where it was given. */
export interface DeclaredTransform {
  readonly run: Transform;
  readonly site: SourceSite | undefined;
}

/**
 * Adds a transform for every resource of the stack. It comes after those of resources and components. It must be given
 * before anything is declared, so that none escapes it.
 *
 * @example stackTransform(({ options }) => ({ options: { ...options, protect: true } }));
 * @throws BERTH1006 outside a program, BERTH1042 after the first declaration
 */
export function stackTransform(transform: Transform): void {
  const context = activeContext();
  const site = context?.mapSite(siteOfCall(stackTransform));
  const where = site && { site };
  if (!context || context.sealed) {
    const message = "stackTransform(…), but no program is running here";
    throw new BerthError([problem(coreCodes.BERTH1006, { message, ...where })]);
  }
  const count = context.resources.length + context.components.length;
  if (count > 0) {
    const message = `stackTransform(…) after ${count} ${count === 1 ? "declaration" : "declarations"}, which it would not see`;
    throw new BerthError([problem(coreCodes.BERTH1042, { message, ...where })]);
  }
  context.transforms.push({ run: transform, site });
}

/** What came out of a resource's transforms. */
export interface Transformed {
  readonly inputs: unknown;
  readonly options: unknown;
  readonly problems: readonly Problem[];
  /** Which transform gave an input (`size`) or an option (`{ protect }`), where it is not as the program wrote it. */
  readonly origins: ReadonlyMap<string, SourceSite>;
}

/** Runs transforms over what a program gave, each over what the one before made of it. */
export function runTransforms(
  transforms: readonly DeclaredTransform[],
  subject: Pick<TransformedResource, "type" | "name" | "path">,
  given: { readonly inputs: unknown; readonly options: unknown },
): Transformed {
  const problems: Problem[] = [];
  const origins = new Map<string, SourceSite>();
  const first = capture(given.inputs ?? {});
  problems.push(...first.problems);
  let inputs = isObject(first.value) ? first.value : Object.freeze({});
  let options: object = isObject(given.options) ? given.options : {};
  for (const transform of transforms) {
    const resource = Object.freeze({
      ...subject,
      inputs: inputs as RawInputs,
      options: Object.freeze({ ...options }),
    });
    const answer = call(transform, resource);
    if ("wrong" in answer) {
      const site = transform.site && { site: transform.site };
      problems.push(problem(coreCodes.BERTH1041, { message: `a transform ${answer.wrong}`, ...site }));
      continue;
    }
    if (answer.inputs) {
      const captured = capture(answer.inputs);
      const next = isObject(captured.value) ? captured.value : {};
      problems.push(...captured.problems);
      note(origins, inputs, answer.inputs, transform.site, (name) => name);
      inputs = next;
    }
    if (answer.options) {
      note(origins, options, answer.options, transform.site, optionKey);
      options = answer.options;
    }
  }
  return { inputs, options, problems, origins };
}

/** Says in a problem which transform gave what is wrong. */
export function withOrigin(found: Problem, site: SourceSite | undefined): Problem {
  return site
    ? { ...found, message: `${found.message}, from the transform given at ${formatSite(site)}` }
    : found;
}

/** The same for a problem of an input, at any depth. */
export function ofInput(found: Problem, origins: ReadonlyMap<string, SourceSite> | undefined): Problem {
  const [input] = origins && found.path ? (parsePath(found.path) ?? []) : [];
  return input === undefined ? found : withOrigin(found, origins?.get(String(input)));
}

/** How {@link Transformed.origins} names an option. */
export function optionKey(name: string): string {
  return `{ ${name} }`;
}

type Answer = { readonly inputs?: object; readonly options?: object } | { readonly wrong: string };

function call({ run }: DeclaredTransform, resource: TransformedResource): Answer {
  let answered: unknown;
  try {
    answered = runCallback(() => run(resource), "a transform");
  } catch (thrown) {
    if (BerthError.is(thrown))
      return { wrong: `failed: ${thrown.problems.map((each) => each.message).join("; ")}` };
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const isWrite = thrown instanceof TypeError && /read only|not extensible|delete property/.test(text);
    return {
      wrong: isWrite ? "changes what it is given, instead of answering other inputs" : `failed: ${text}`,
    };
  }
  if (answered === undefined || answered === null) return {};
  if (answered instanceof Promise) {
    answered.catch(() => undefined);
    return { wrong: "answers a promise, and must be synchronous" };
  }
  if (!isObject(answered)) return { wrong: "answers neither { inputs, options } nor nothing" };
  const strange = Object.keys(answered).find((each) => each !== "inputs" && each !== "options");
  if (strange !== undefined)
    return { wrong: `cannot change ${strange}: it answers { inputs, options } or nothing` };
  const { inputs, options }: { readonly inputs?: unknown; readonly options?: unknown } = answered;
  if (inputs !== undefined && !isObject(inputs)) return { wrong: "answers inputs that are no object" };
  if (options !== undefined && !isObject(options)) return { wrong: "answers options that are no object" };
  const parent = options && "parent" in options ? options.parent : undefined;
  if (options && parent !== resource.options.parent)
    return { wrong: "cannot change the parent: it is part of what the resource is" };
  return { ...(inputs && { inputs }), ...(options && { options }) };
}

/** Who gave what is not as it was. */
function note(
  origins: Map<string, SourceSite>,
  before: object,
  after: object,
  site: SourceSite | undefined,
  key: (name: string) => string,
): void {
  if (!site) return;
  const [old, next] = [
    new Map<string, unknown>(Object.entries(before)),
    new Map<string, unknown>(Object.entries(after)),
  ];
  for (const name of new Set([...old.keys(), ...next.keys()]))
    if (old.get(name) !== next.get(name)) origins.set(key(name), site);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
