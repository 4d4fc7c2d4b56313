// Built, the command is one bundle, so that it starts fast. A program must declare with the copy of berth's
// packages that is in it; the bundle's entry says where they are, before anything else runs.

/** Packages of the running bundle by name, and its version. */
export interface OwnPackages {
  readonly version: string;
  /** URL of each package's entry: `@berth/core` → `file:///…/core.js`. */
  readonly entries: Readonly<Record<string, string>>;
}

/** Key on `globalThis`, since the entry can't import anything before it has said so. */
export const ownPackagesKey = Symbol.for("berth.own-packages");

/** What the running bundle holds; nothing where berth runs from separate packages. */
export function ownPackages(): OwnPackages | undefined {
  return (globalThis as { [ownPackagesKey]?: OwnPackages })[ownPackagesKey];
}
