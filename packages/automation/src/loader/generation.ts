/**
 * Each load of a program evaluates its own modules anew: which load a module belongs to stands in
 * its URL's query, and is passed on to what it imports by a path of its own. Packages are shared.
 */
const key = "berth-load";

let generations = 0;

/** A load of its own. */
export function nextGeneration(): string {
  return String(++generations);
}

/** The URL of a program's entry for one load. */
export function withGeneration(url: string, generation: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}${key}=${generation}`;
}

/** Which load a module belongs to; `undefined` for what is no program's own. */
export function generationOf(url: string | undefined): string | undefined {
  return url?.includes(key) ? (new URL(url).searchParams.get(key) ?? undefined) : undefined;
}

/** The URL under which a program's module gets what it imports. */
export function inheritGeneration(specifier: string, resolved: string, parent: string | undefined): string {
  const generation = generationOf(parent);
  const isOwn =
    /^(?:\.{0,2}\/|file:|#)/.test(specifier) &&
    resolved.startsWith("file:") &&
    !resolved.includes("/node_modules/");
  if (generation === undefined || !isOwn || generationOf(resolved) !== undefined) return resolved;
  return withGeneration(resolved, generation);
}
