import { BerthError, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { ApplyNode, OutputNode } from "./output-node.ts";
import type { Output } from "./output-type.ts";
import { formatPath } from "./path.ts";
import { siteOfCall } from "./site.ts";
import { activeContext, insideCallback } from "./context.ts";
import { pathOfUrn } from "./urn.ts";

const nodeKey = Symbol.for("berth.output");
const inspectKey = Symbol.for("nodejs.util.inspect.custom");

/** What stands behind the proxy; what a debugger or `console.log` shows. */
class OutputTarget {
  readonly [nodeKey]: OutputNode;

  constructor(node: OutputNode) {
    this[nodeKey] = node;
  }

  [inspectKey](): string {
    return `Output<${describeNode(this[nodeKey])}>`;
  }
}

/** Wraps a node into what programs hold. */
export function outputOf<T>(node: OutputNode): Output<T> {
  // What a proxy answers is its handler's word, of which the compiler knows nothing.
  const handle: unknown = new Proxy(new OutputTarget(node), handler);
  return handle as Output<T>;
}

/** An output, with the description that stands behind it. */
export type OutputHandle = Output<unknown> & Pick<OutputTarget, typeof nodeKey>;

/**
 * Whether something is an output.
 *
 * @example isOutput(output(1)) // true
 */
export function isOutput(value: unknown): value is OutputHandle {
  return typeof value === "object" && value !== null && nodeKey in value;
}

/** The description behind an output. */
export function nodeOf(output: OutputHandle): OutputNode {
  return output[nodeKey];
}

/** How people read an output: `store.fqdn`, `text of store.fqdn and store.name`. */
export function describeNode(node: OutputNode): string {
  switch (node.kind) {
    case "property":
      return `${pathOfUrn(node.urn)}.${formatPath(node.path)}`;
    case "member":
      return `${describeNode(node.of)}.${node.key}`;
    case "apply":
      return `computed from ${describeNode(node.of)}`;
    case "secret":
      return node.secret ? `secret ${describeNode(node.of)}` : describeNode(node.of);
    default:
      return node.parts.length === 0
        ? "a value"
        : `${node.kind} of ${node.parts.map(describeNode).join(" and ")}`;
  }
}

/** Names that engines and consoles ask of any object: answered as for an object that lacks them. */
const absent = new Set<string | symbol>(["then", "constructor", "$$typeof", "asymmetricMatch"]);

const misuse = new Map<string | symbol, string>([
  [Symbol.toPrimitive, "used as text or as a number"],
  [Symbol.iterator, "iterated"],
  [Symbol.asyncIterator, "iterated"],
  ["toString", "turned into text"],
  ["toLocaleString", "turned into text"],
  ["valueOf", "used as a value"],
  ["toJSON", "turned into JSON"],
]);

const handler: ProxyHandler<OutputTarget> = {
  get(target, key) {
    const node = target[nodeKey];
    if (key === nodeKey) return node;
    if (key === "apply") return applyTo(node);
    const wrong = misuse.get(key);
    if (wrong !== undefined) {
      // As a function, so that asking whether there is one (as inspectors do) is no misuse yet.
      const refuse = (): never => refuseUse(node, wrong, refuse);
      return refuse;
    }
    if (typeof key === "symbol" || absent.has(key)) return undefined;
    return outputOf(memberOf(node, key));
  },
  has: function has(target, key) {
    if (key === nodeKey) return true;
    if (typeof key === "symbol") return false;
    return refuseUse(target[nodeKey], `asked for "${key}" with \`in\``, has);
  },
  ownKeys: function ownKeys(target) {
    return refuseUse(target[nodeKey], "spread or enumerated", ownKeys);
  },
  set: function set(target, key) {
    return refuseUse(target[nodeKey], `assigned to (${String(key)})`, set);
  },
  deleteProperty: function deleteProperty(target, key) {
    return refuseUse(target[nodeKey], `deleted from (${String(key)})`, deleteProperty);
  },
  defineProperty: function defineProperty(target, key) {
    return refuseUse(target[nodeKey], `assigned to (${String(key)})`, defineProperty);
  },
  getOwnPropertyDescriptor: () => undefined,
};

function memberOf(of: OutputNode, key: string): OutputNode {
  const sources = of.sources;
  if (of.kind === "property") return { kind: "property", urn: of.urn, path: [...of.path, key], sources };
  return { kind: "member", of, key, sources };
}

function applyTo(of: OutputNode) {
  return function apply(callback: (value: unknown) => unknown): Output<unknown> {
    const raw = siteOfCall(apply);
    const site = activeContext()?.mapSite(raw);
    if (typeof callback !== "function") {
      throw new BerthError([
        problem(coreCodes.BERTH1010, {
          message: "apply needs a callback: a function of the value",
          ...(site && { site }),
        }),
      ]);
    }
    const node: ApplyNode = { kind: "apply", of, callback, site, file: raw?.file, sources: of.sources };
    // Those that callbacks make while they run are part of what these return.
    if (!insideCallback()) activeContext()?.callbacks.push(node);
    return outputOf(node);
  };
}

/** @param called - what the program called, with or without knowing it: its caller is the place */
function refuseUse(node: OutputNode, how: string, called: CallableFunction): never {
  const site = activeContext()?.mapSite(siteOfCall(called));
  throw new BerthError([
    problem(coreCodes.BERTH1009, {
      message: `the output ${describeNode(node)} cannot be ${how}: its value is known only after the program has run`,
      hint: "build text with text`…${output}…`, compute with output.apply(value => …), or pass the output on as it is",
      ...(site && { site }),
    }),
  ]);
}
