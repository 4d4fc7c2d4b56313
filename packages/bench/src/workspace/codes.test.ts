import { readdirSync } from "node:fs";
import path from "node:path";
import { allCodes } from "@berth/automation";
import { expect, test } from "vitest";
import { packageFolders, readText, workspaceRoot } from "./rooms.ts";

/** Published sources of every room, by path. */
const sources = packageFolders().flatMap((room) => {
  const folder = `packages/${room}/src`;
  return readdirSync(path.join(workspaceRoot, folder), { recursive: true, encoding: "utf8" })
    .map((each) => path.posix.join(folder, each.replaceAll("\\", "/")))
    .filter(
      (each) =>
        each.endsWith(".ts") &&
        !/\.(test|test-d|contract)\.ts$|\/src\/(.+\/)?(fixtures|testing)\//.test(each),
    )
    .map((file) => ({ file, text: readText(file) }));
});

const declared = sources.flatMap(({ file, text }) =>
  [...text.matchAll(/^ {2}(BERTH\d{4}): \{/gm)].map((match) => ({ file, code: match[1] ?? "" })),
);

/** The command's own; `berth help` adds them to those below it. */
const isOfCommand = ({ file }: { readonly file: string }): boolean => file.startsWith("packages/cli/");

test("every code that a room declares is one that `berth help` knows, and is declared once", () => {
  const below = declared.filter((each) => !isOfCommand(each)).map(({ code }) => code);
  expect(below.toSorted()).toEqual(allCodes().map(({ code }) => code));
});

test("every code that is declared is raised somewhere", () => {
  const uses = sources.map(({ text }) =>
    text.replaceAll(/^ {2}BERTH\d{4}: \{/gm, "").replaceAll(/^ *(\*|\/\/|\/\*\*).*$/gm, ""),
  );
  const dead = declared.filter(({ code }) => !uses.some((text) => text.includes(code)));
  expect(dead).toEqual([]);
});

test("comments name no code that nothing declares", () => {
  const known = new Set(declared.map(({ code }) => code));
  // What stands for any code in examples and in the rules of how codes look.
  const examples = new Set(["BERTH1234"]);
  const unknown = sources.flatMap(({ file, text }) =>
    [...text.matchAll(/BERTH\d{4}/g)].flatMap(([code]) =>
      known.has(code) || examples.has(code) ? [] : [`${file}: ${code}`],
    ),
  );
  expect(unknown).toEqual([]);
});
