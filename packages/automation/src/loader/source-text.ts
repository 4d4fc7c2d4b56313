import type { SourceSite } from "@berth/diagnostics";

/** Line and column of an offset in a file's text. */
export function siteAt(file: string, source: string, offset: number): SourceSite {
  const before = source.slice(0, offset).split("\n");
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Where a file imports a module, as far as its text tells; its first character otherwise. */
export function siteOfImport(file: string, source: string, specifier: string): SourceSite {
  const quoted = new RegExp(`\\b(?:from|import)\\s*\\(?\\s*["']${escaped(specifier)}["']`);
  const match = quoted.exec(source);
  return siteAt(file, source, match ? match.index + match[0].length - specifier.length - 2 : 0);
}

/** Where a file imports a name, as far as its text tells; its first character otherwise. */
export function siteOfImportedName(file: string, source: string, name: string): SourceSite {
  const match = new RegExp(`\\bimport\\b[^;"']*?(?<![\\w$])${escaped(name)}(?![\\w$])`).exec(source);
  return siteAt(file, source, match ? match.index + match[0].length - name.length : 0);
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");
}
