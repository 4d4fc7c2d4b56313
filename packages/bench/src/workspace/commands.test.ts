import { expect, test } from "vitest";
import { readManifest, readText } from "./rooms.ts";

const manifest = readManifest(".");
const scripts = Object.keys(manifest["scripts"] ?? {});

test.each(["README.md", "CONTRIBUTING.md", ".ci/run"])("%s names only scripts that exist", (file) => {
  const named = [...readText(file).matchAll(/npm (?:run (?:-s )?([\w:-]+)|(test)\b)/g)];
  expect(named.length).toBeGreaterThan(0);
  expect(named.map((each) => each[1] ?? each[2]).filter((each) => !scripts.includes(each ?? ""))).toEqual([]);
});

test("CONTRIBUTING.md names every script", () => {
  const contributing = readText("CONTRIBUTING.md");
  expect(scripts.filter((each) => !new RegExp(`npm (run )?(-s )?${each}\\b`).test(contributing))).toEqual([]);
});

test("versions that are written in two places agree", () => {
  const workspace = readText("pnpm-workspace.yaml");
  const node = (manifest["optionalDependencies"] as Record<string, string>)["node"];
  expect(workspace).toContain(`\nnodeVersion: ${node}\n`);
  expect(readText("CONTRIBUTING.md")).toContain(String(manifest["packageManager"]));
});
