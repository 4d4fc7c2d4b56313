// Runs TypeScript as it is: legacy decorators and their metadata, enums, no tsconfig. This file is
// loaded before its own hooks exist, so it has only syntax that Node strips by itself.
import { existsSync, readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const typescript = /\.[mc]?ts$/;
const require = createRequire(import.meta.url);

interface Transformer {
  transformSync(file: string, source: string, options: object): Transformed;
}

interface Transformed {
  readonly code: string;
  readonly map?: object;
  readonly errors: readonly TransformError[];
}

interface TransformError {
  readonly message: string;
  readonly codeframe: string | null;
  readonly labels: readonly { readonly start: number }[];
}

let transformer: Transformer | undefined;
let installed = false;

/** Installs the hooks, once for the process. */
export function installTypeScriptHooks(): void {
  if (installed) return;
  installed = true;
  registerHooks({
    resolve(specifier, context, next) {
      // Decorator helpers come from berth's own copy: a program need not have them.
      if (specifier.startsWith("@oxc-project/runtime/"))
        return next(specifier, { ...context, parentURL: import.meta.url });
      const resolved = resolveInProgram(specifier, context.parentURL, (wanted) => next(wanted, context));
      return withGeneration(resolved, context.parentURL);
    },
    load(url, context, next) {
      const [path = ""] = url.split("?");
      if (!typescript.test(path) || path.includes("/node_modules/") || !path.startsWith("file:"))
        return next(url, context);
      return { format: "module", shortCircuit: true, source: transform(fileURLToPath(path)) };
    },
  });
  process.setSourceMapsEnabled(true);
}

/** Which load of a program a module belongs to: in its URL, so that each load evaluates it anew. */
export const generationKey = "berth-run";

function withGeneration<R extends { url: string }>(resolved: R, parent: string | undefined): R {
  const generation = parent && new URL(parent).searchParams.get(generationKey);
  if (!generation || !resolved.url.startsWith("file:") || resolved.url.includes("/node_modules/"))
    return resolved;
  if (isBerth(resolved.url) || resolved.url.includes(`${generationKey}=`)) return resolved;
  return {
    ...resolved,
    url: `${resolved.url}${resolved.url.includes("?") ? "&" : "?"}${generationKey}=${generation}`,
  };
}

/** The folder that holds berth's packages: they are loaded once, whatever imports them. */
const packages = new URL("../../../", import.meta.url).href;

function isBerth(url: string): boolean {
  return url.startsWith(packages);
}

function resolveInProgram<R>(
  specifier: string,
  parent: string | undefined,
  next: (specifier: string) => R,
): R {
  try {
    return next(specifier);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ERR_MODULE_NOT_FOUND" || !parent) throw error;
    // `./x.js` is how TypeScript programs may write `./x.ts`.
    if (/^\.{1,2}\/.*\.[mc]?js$/.test(specifier)) {
      const source = specifier.replace(/js$/, "ts");
      if (existsSync(new URL(source, parent))) return next(source);
    }
    // A project without node_modules of its own gets the packages of the berth that runs it.
    if (specifier.startsWith("@berth/")) return next(import.meta.resolve(specifier));
    throw error;
  }
}

function transform(file: string): string {
  transformer ??= require("oxc-transform") as Transformer;
  const source = readFileSync(file, "utf8");
  const output = transformer.transformSync(file, source, {
    sourcemap: true,
    target: "es2023",
    decorator: { legacy: true, emitDecoratorMetadata: true },
    assumptions: { setPublicClassFields: true },
    // Fields that only declare must not reset what a base class has set.
    typescript: { onlyRemoveTypeImports: false, removeClassFieldsWithoutInitializer: true },
    helpers: { mode: "Runtime" },
  });
  const [error] = output.errors;
  if (error) throw new ProgramSyntaxError(file, source, error);
  const map = Buffer.from(JSON.stringify(output.map)).toString("base64");
  return `${output.code}\n//# sourceMappingURL=data:application/json;base64,${map}`;
}

/** A file that can't be parsed: where, and the lines around it. */
export class ProgramSyntaxError extends SyntaxError {
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(file: string, source: string, error: TransformError) {
    super(error.codeframe ?? error.message);
    const before = source.slice(0, error.labels[0]?.start ?? 0).split("\n");
    this.file = file;
    this.line = before.length;
    this.column = (before.at(-1)?.length ?? 0) + 1;
  }
}
