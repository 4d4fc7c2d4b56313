import { describe, expect, test } from "vitest";
import { packageFolders, readManifest } from "./rooms.ts";

/** `exports` of the published package: those of the workspace without the condition for sources. */
function withoutSources(exports: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(exports).map(([entry, target]) => {
      if (typeof target !== "object" || target === null) return [entry, target];
      return [entry, Object.fromEntries(Object.entries(target).filter(([name]) => name !== "@berth/source"))];
    }),
  );
}

describe.each(packageFolders())("packages/%s/package.json", (folder) => {
  const manifest = readManifest(`packages/${folder}`);

  test("has the fields that every package has", () => {
    expect(manifest).toMatchObject({
      name: `@berth/${folder}`,
      version: "0.1.0",
      description: expect.stringMatching(/\.$/),
      license: "Apache-2.0",
      type: "module",
      engines: { node: ">=22.18" },
    });
  });

  test("leads to sources in development and to built files when it is published", () => {
    const { exports = {}, publishConfig, private: unpublished } = manifest;
    expect(exports["./package.json"]).toBe("./package.json");
    for (const [entry, target] of Object.entries(exports)) {
      if (entry === "./package.json") continue;
      const name = entry === "." ? "index" : entry.slice(2);
      expect(target).toEqual({
        "@berth/source": expect.stringMatching(new RegExp(`^\\./src/(.+/)?${name}\\.ts$`)),
        types: expect.stringMatching(new RegExp(`^\\./dist/(.+/)?${name}\\.d\\.ts$`)),
        default: expect.stringMatching(new RegExp(`^\\./dist/(.+/)?${name}\\.js$`)),
      });
      expect(Object.keys(target ?? {})[0], "the first condition that holds wins").toBe("@berth/source");
    }
    expect(publishConfig).toEqual(unpublished ? undefined : { exports: withoutSources(exports) });
  });

  test("publishes built files with the sources that their maps name, and no tests", () => {
    expect(manifest["files"]).toEqual(readManifest("packages/diagnostics")["files"]);
  });

  test("takes versions from the catalog", () => {
    const { dependencies, devDependencies } = manifest;
    const others = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([name, range]) => range !== (name.startsWith("@berth/") ? "workspace:*" : "catalog:"),
    );
    expect(others).toEqual([]);
  });
});
