import { parseSync } from "vite";

/** One import or re-export in a source file. */
export interface Import {
  readonly specifier: string;
  /** Nothing of it is left when the types are removed. */
  readonly typeOnly: boolean;
  /** The names that are taken; empty for `import "x"`, `*` for a namespace, `export *` or `import()`. */
  readonly names: readonly string[];
  /** 1-based. */
  readonly line: number;
}

/** Every import of a TypeScript source: static, re-exporting, and dynamic with a literal. */
export function importsOf(file: string, source: string): readonly Import[] {
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);
  const lineAt = (offset: number): number => source.slice(0, offset).split("\n").length;
  const found: Import[] = [];

  for (const { moduleRequest, entries, start } of module.staticImports) {
    found.push({
      specifier: moduleRequest.value,
      typeOnly: entries.length > 0 && entries.every((each) => each.isType),
      names: entries.map(
        (each) => each.importName.name ?? (each.importName.kind === "Default" ? "default" : "*"),
      ),
      line: lineAt(start),
    });
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, importName, isType, start } of entries) {
      if (!moduleRequest) continue;
      const names = [importName.name ?? "*"];
      found.push({ specifier: moduleRequest.value, typeOnly: isType, names, line: lineAt(start) });
    }
  }
  for (const { moduleRequest, start } of module.dynamicImports) {
    const literal = /^(["'`])([^$]*)\1$/.exec(source.slice(moduleRequest.start, moduleRequest.end))?.[2];
    if (literal !== undefined)
      found.push({ specifier: literal, typeOnly: false, names: ["*"], line: lineAt(start) });
  }
  return found;
}
