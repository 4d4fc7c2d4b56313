import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { JsonObject } from "../json.ts";

/** One object as it was applied, and as a real API server 1.36.2 stored it. */
export interface ApplyTrace {
  readonly input: JsonObject;
  readonly stored: JsonObject;
  readonly managedFields: readonly JsonObject[];
}

/** Reads a recording that is kept beside the tests. */
export function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8"));
}

/** Names of the recordings that are kept beside the tests in a folder. */
export function fixtures(folder: string): readonly string[] {
  return readdirSync(new URL(`../fixtures/${folder}`, import.meta.url)).map((name) => `${folder}/${name}`);
}

/** The folder of all recordings, which is no part of the repository; nothing where it is absent. */
export function sharedTraces(): string | undefined {
  const shared = process.env["BERTH_SHARED"] ?? resolve(import.meta.dirname, "../../../../../shared");
  const folder = resolve(shared, "traces");
  return existsSync(folder) ? folder : undefined;
}
