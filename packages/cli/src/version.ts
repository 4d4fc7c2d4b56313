import { existsSync, readFileSync } from "node:fs";

/** Version of this package, from its package.json: one folder up in development and built, two when bundled. */
export function version(): string {
  const places = ["../package.json", "../../package.json"].map((each) => new URL(each, import.meta.url));
  const manifest = places.find((each) => existsSync(each));
  if (!manifest) throw new Error("the package.json of @berth/cli is missing");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return version;
}
