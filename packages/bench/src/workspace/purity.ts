import { parseSync } from "vite";
import { importsOf } from "./imports.ts";

/** Something in a source file whose value or effect is not a function of the file's inputs. */
export interface Impurity {
  /** As a reader would write it: `Date.now`, `process`, `readFile of node:fs`. */
  readonly what: string;
  /** 1-based. */
  readonly line: number;
}

type Node = { readonly type: string; readonly start: number } & Record<string, unknown>;
type Visit = (node: Node, parent: Node | undefined, field: string) => void;

const impureGlobals = new Set(
  (
    "process performance crypto console fetch WebSocket navigator globalThis global require " +
    "setTimeout setInterval setImmediate queueMicrotask"
  ).split(" "),
);
const impureMembers = new Set(["Date.now", "Math.random"]);

/** Names of built-in modules that compute, or carry a declaration's context, and read nothing from the machine. */
const pureBuiltins: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["node:async_hooks", new Set(["AsyncLocalStorage"])],
  ["node:crypto", new Set(["createHash", "createHmac"])],
  ["node:url", new Set(["fileURLToPath"])],
  ["node:util", new Set(["inspect", "isDeepStrictEqual"])],
]);

/**
 * Finds uses of the clock, of randomness, of the process and of the outside world. A name that the
 * file itself declares anywhere (a parameter called `process`) is taken to be its own.
 */
export function impuritiesOf(file: string, source: string): readonly Impurity[] {
  const { program } = parseSync(file, source);
  const declared = declaredNames(program);
  const found: Impurity[] = [];
  const report = (what: string, node: Node): void => {
    found.push({ what, line: source.slice(0, node.start).split("\n").length });
  };
  walk(program, (node, parent, field) => {
    if (node.type === "Identifier") {
      const name = nameOf(node);
      if (impureGlobals.has(name) && !declared.has(name) && !isPropertyName(parent, field))
        report(name, node);
    } else if (node.type === "MemberExpression") {
      const member = `${nameOf(node["object"])}.${nameOf(node["property"])}`;
      if (impureMembers.has(member)) report(member, node);
    } else if (node.type === "NewExpression" && nameOf(node["callee"]) === "Date") {
      if (Array.isArray(node["arguments"]) && node["arguments"].length === 0) report("new Date()", node);
    } else if (node.type === "CallExpression" && nameOf(node["callee"]) === "Date") {
      report("Date()", node);
    }
  });
  for (const { specifier, names, typeOnly, line } of importsOf(file, source)) {
    if (typeOnly || !specifier.startsWith("node:")) continue;
    const pure = pureBuiltins.get(specifier);
    const impure = names.filter((each) => !pure?.has(each));
    if (impure.length > 0) found.push({ what: `${impure.join(", ")} of ${specifier}`, line });
  }
  return found;
}

function declaredNames(program: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const declare = (pattern: unknown): void => {
    if (Array.isArray(pattern)) pattern.forEach(declare);
    if (!isNode(pattern)) return;
    if (pattern.type === "Identifier") names.add(nameOf(pattern));
    // Of the patterns, each has one of these: object, array, default, rest, and a property of an object.
    for (const field of ["properties", "elements", "left", "argument", "value"]) declare(pattern[field]);
  };
  walk(program, (node) => {
    if (/Function|Class/.test(node.type) || node.type === "VariableDeclarator") declare(node["id"]);
    if (/Function/.test(node.type)) declare(node["params"]);
    if (node.type === "CatchClause") declare(node["param"]);
    if (/^Import.*Specifier$/.test(node.type)) declare(node["local"]);
  });
  return names;
}

/** Visits every node that leaves code behind; types are passed over. */
function walk(value: unknown, visit: Visit, parent?: Node, field = ""): void {
  if (Array.isArray(value)) {
    for (const each of value) walk(each, visit, parent, field);
  } else if (isNode(value)) {
    if (value.type.startsWith("TS")) return walk(value["expression"], visit, value, "expression");
    visit(value, parent, field);
    for (const [name, child] of Object.entries(value)) walk(child, visit, value, name);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function nameOf(value: unknown): string {
  const name = isNode(value) ? (value["name"] ?? value["value"]) : undefined;
  return typeof name === "string" ? name : "";
}

function isPropertyName(parent: Node | undefined, field: string): boolean {
  if (parent === undefined || parent["computed"] === true) return false;
  if (parent.type === "MemberExpression") return field === "property";
  return field === "key" || /^(Export|Import|Label|Break|Continue|Meta)/.test(parent.type);
}
