import type { Json } from "@berth/core";
import type { SourceSite } from "@berth/diagnostics";
import { isObject, property } from "./compare/difference.ts";
import { isSecretMark } from "./compare/opaque.ts";

/** JSON with marks as the Plan shows it: secrets without their digests. */
export function shown(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (isSecretMark(value)) return { $berth: "secret" };
  if (Array.isArray(value)) return value.map(shown);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shown(each)]));
}

/**
 * One side of a difference as the Plan shows it. What is secret on the other side is secret on this one: it may be the
 * same text.
 *
 * @example shownBeside("plain now", { $berth: "secret", digest: "…" }) // { $berth: "secret" }
 */
export function shownBeside(value: Json | undefined, other: Json | undefined): Json | undefined {
  if (value === undefined) return undefined;
  if (isSecretMark(value) || isSecretMark(other)) return { $berth: "secret" };
  if (Array.isArray(value))
    return value.map(
      (each, index) => shownBeside(each, Array.isArray(other) ? other[index] : undefined) ?? null,
    );
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, each]): [string, Json] => {
    return [key, shownBeside(each, isObject(other) ? property(other, key) : undefined) ?? null];
  });
  return Object.fromEntries(entries);
}

/** A site relative to the project's folder, with `/` between folders, so that it reads the same everywhere. */
export function relativeSite(site: SourceSite, projectFolder: string | undefined): SourceSite {
  if (projectFolder === undefined) return site;
  const [file, folder] = [
    site.file.replaceAll("\\", "/"),
    projectFolder.replaceAll("\\", "/").replace(/\/+$/, ""),
  ];
  return file.startsWith(`${folder}/`) ? { ...site, file: file.slice(folder.length + 1) } : site;
}
