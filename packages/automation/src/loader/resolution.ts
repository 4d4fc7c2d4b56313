import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { BerthError, nearest, problem } from "@berth/diagnostics";
import { loaderCodes } from "./codes.ts";
import { generationOf } from "./generation.ts";
import { ownPackages } from "./own-packages.ts";
import { siteOfImport } from "./source-text.ts";

/** How Node goes on looking for a module: from the file that imports it, or from another. */
export type Next<R> = (specifier: string, parent?: string) => R;

/**
 * Finds a module for TypeScript programs: `./x.js` may be `./x.ts`, as TypeScript wants it written,
 * `./x` may be `./x.ts`, and berth's own packages are there in any folder.
 *
 * @throws BERTH7103, BERTH7108 where the program imports it; Node's own error elsewhere
 */
export function resolveModule<R extends { readonly url: string }>(
  specifier: string,
  parent: string | undefined,
  next: Next<R>,
): R {
  // Helpers of compiled decorators come with berth: a program need not have them.
  if (specifier.startsWith("@oxc-project/runtime/")) return next(specifier, import.meta.url);
  const isProgram = generationOf(parent) !== undefined;
  const isGuest = specifier.startsWith("@berth/") && (isProgram || isOthersPackage(parent));
  const bundled = isGuest ? ownPackages()?.entries[specifier] : undefined;
  if (bundled !== undefined) {
    refuseOtherVersion(specifier, parent, next);
    return next(bundled);
  }
  try {
    const found = next(specifier);
    if (isGuest) refuseOtherCopy(specifier, found.url, parent, next);
    return found;
  } catch (error) {
    if (parent === undefined || !isNotFound(error)) throw error;
    const source = sourceFor(specifier, parent);
    if (source !== undefined) return next(source);
    const own = isGuest ? attempt(() => next(specifier, import.meta.url)) : undefined;
    if (own) return own;
    throw isProgram ? notFound(specifier, parent, error) : error;
  }
}

/** Components and resource types that others publish declare with the same copy of berth as the program. */
function isOthersPackage(url: string | undefined): boolean {
  return url !== undefined && /\/node_modules\/(?!.*\/node_modules\/)(?!@berth\/)/.test(url);
}

const notFoundCodes = new Set([
  "ERR_MODULE_NOT_FOUND",
  "ERR_UNSUPPORTED_DIR_IMPORT",
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
  "ERR_PACKAGE_IMPORT_NOT_DEFINED",
  "ERR_UNKNOWN_BUILTIN_MODULE",
  "ERR_INVALID_MODULE_SPECIFIER",
]);

function isNotFound(error: unknown): error is Error {
  return error instanceof Error && "code" in error && notFoundCodes.has(String(error.code));
}

function attempt<R>(resolve: () => R): R | undefined {
  try {
    return resolve();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The TypeScript file that a relative specifier may stand for. */
function sourceFor(specifier: string, parent: string): string | undefined {
  if (!/^\.{1,2}\//.test(specifier)) return undefined;
  const candidates = /\.[mc]?js$/.test(specifier)
    ? [specifier.replace(/js$/, "ts")]
    : [".ts", ".mts", ".js", ".mjs", "/index.ts", "/index.js"].map(
        (each) => specifier.replace(/\/$/, "") + each,
      );
  return candidates.find((each) => existsSync(new URL(each, parent)));
}

/** A bundle stands in for the packages that a project has installed, as long as they are the same. */
function refuseOtherVersion<R extends { readonly url: string }>(
  specifier: string,
  parent: string | undefined,
  next: Next<R>,
): void {
  const found = attempt(() => next(specifier));
  if (!found || parent === undefined) return;
  const manifest = new URL("../package.json", found.url);
  const version = existsSync(manifest) ? versionIn(readFileSync(manifest, "utf8")) : undefined;
  const own = ownPackages()?.version;
  if (version === own) return;
  const { file, source } = textOf(parent);
  throw new BerthError([
    problem(loaderCodes.BERTH7108, {
      message: `${specifier} is version ${version ?? "unknown"} for the program, and ${own} for the berth that runs it`,
      site: siteOfImport(file, source, specifier),
    }),
  ]);
}

function versionIn(manifest: string): string | undefined {
  const { version } = JSON.parse(manifest) as { readonly version?: string };
  return version;
}

/** A program that declares with another copy of berth than the one that runs would declare nothing. */
function refuseOtherCopy<R extends { readonly url: string }>(
  specifier: string,
  found: string,
  parent: string | undefined,
  next: Next<R>,
): void {
  const own = attempt(() => next(specifier, import.meta.url));
  if (!own || own.url === found || parent === undefined) return;
  const { file, source } = textOf(parent);
  throw new BerthError([
    problem(loaderCodes.BERTH7108, {
      message: `${specifier} is ${fileURLToPath(found)} for the program, and ${fileURLToPath(own.url)} for the berth that runs it`,
      site: siteOfImport(file, source, specifier),
    }),
  ]);
}

function notFound(specifier: string, parent: string, cause: Error): BerthError {
  const { file, source } = textOf(parent);
  const isPath = /^(?:\.{1,2})?\//.test(specifier) || specifier.startsWith("file:");
  const what = isPath ? "file" : "package";
  const known = "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
  const hint = isPath ? nearestFile(specifier, file) : installHint(specifier);
  return new BerthError(
    [
      problem(loaderCodes.BERTH7103, {
        message: known ? `there is no ${what} "${specifier}"` : cause.message,
        ...(hint !== undefined && { hint }),
        site: siteOfImport(file, source, specifier),
      }),
    ],
    { cause },
  );
}

function nearestFile(specifier: string, importer: string): string | undefined {
  const wanted = specifier.startsWith("file:")
    ? fileURLToPath(specifier)
    : join(dirname(importer), specifier);
  const folder = dirname(wanted);
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder).filter((each) => /\.(?:[mc]?[jt]s|json)$/.test(each));
  const near = nearest(wanted.slice(folder.length + 1), names);
  return near && `did you mean "${specifier.slice(0, specifier.lastIndexOf("/") + 1)}${near}"?`;
}

function installHint(specifier: string): string | undefined {
  if (specifier.startsWith("node:") || specifier.startsWith("#")) return undefined;
  const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  return name && `npm install ${name}`;
}

function textOf(url: string): { readonly file: string; readonly source: string } {
  const file = fileURLToPath(new URL(new URL(url).pathname, pathToFileURL("/")));
  return { file, source: readFileSync(file, "utf8") };
}
