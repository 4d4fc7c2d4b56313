/**
 * Where something was declared. Lines and columns are 1-based, as editors and
 * Node's stack traces count them. `file` is as the runtime reported it (a path,
 * not a URL); whoever prints or stores it makes it relative to the project.
 */
export interface SourceSite {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `store.ts:42:7`. */
export function formatSite(site: SourceSite): string {
  return `${site.file}:${site.line}:${site.column}`;
}
