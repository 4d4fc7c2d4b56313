import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { BerthError, problem } from "@berth/diagnostics";
import { loaderCodes } from "./codes.ts";
import { siteAt } from "./source-text.ts";

// What is used of oxc-transform. It is loaded when the first file is transformed, and not imported,
// since this file must be loadable before the hooks that it serves.
interface Transformer {
  transformSync(file: string, source: string, options: object): Transformed;
}

interface Transformed {
  readonly code: string;
  readonly map?: object;
  readonly errors: readonly TransformError[];
}

interface TransformError {
  readonly severity: string;
  readonly message: string;
  readonly codeframe: string | null;
  /** Offsets are in bytes of UTF-8. */
  readonly labels: readonly { readonly start: number }[];
}

const require = createRequire(import.meta.url);
let transformer: Transformer | undefined;

/**
 * A TypeScript file as JavaScript: legacy decorators with their metadata, enums, no tsconfig, and
 * a source map at its end.
 *
 * @throws BERTH7102 with all syntax errors, at their lines
 */
export function transformFile(file: string): string {
  transformer ??= require("oxc-transform") as Transformer;
  const source = readFileSync(file, "utf8");
  const { code, map, errors } = transformer.transformSync(file, source, {
    sourcemap: true,
    target: "es2023",
    decorator: { legacy: true, emitDecoratorMetadata: true },
    assumptions: { setPublicClassFields: true },
    // Fields that only declare must not reset what a base class has set.
    typescript: { onlyRemoveTypeImports: false, removeClassFieldsWithoutInitializer: true },
    helpers: { mode: "Runtime" },
  });
  const wrong = errors.filter((each) => each.severity === "Error");
  if (wrong.length > 0) throw new BerthError(wrong.map((each) => syntaxProblem(file, source, each)));
  const inline = Buffer.from(JSON.stringify(map)).toString("base64");
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${inline}`;
}

function syntaxProblem(file: string, source: string, { message, codeframe, labels }: TransformError) {
  const start = labels[0]?.start ?? 0;
  const before = Buffer.from(source, "utf8").subarray(0, start).toString("utf8");
  // Of the frame only the lines: its first two repeat message and place.
  const lines = codeframe?.split("\n").filter((each) => /^ *(?:\d+ \||:)/.test(each)) ?? [];
  return problem(loaderCodes.BERTH7102, {
    message: [message, ...lines].join("\n"),
    site: siteAt(file, source, before.length),
  });
}
