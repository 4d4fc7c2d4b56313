import { readFileSync } from "node:fs";

/** Version of this package, from its package.json: beside `src` in development, beside `dist` when built. */
export function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
