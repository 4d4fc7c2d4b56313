import { readdirSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { importsOf } from "./imports.ts";
import { impuritiesOf } from "./purity.ts";
import {
  type Manifest,
  packageFolders,
  readManifest,
  readRooms,
  readText,
  type Room,
  workspaceRoot,
} from "./rooms.ts";

/**
 * Holds the packages to the table of rooms in `docs/architecture.md`, which is the only place where
 * it is written: dependencies, TypeScript references, imports, and the purity of the pure rooms.
 */
const table = "docs/architecture.md";
const rooms = readRooms(readText(table));
const scope = "@berth/";

function roomNamesIn(dependencies: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.keys(dependencies)
    .filter((each) => each.startsWith(scope))
    .map((each) => each.slice(scope.length));
}

/** Sources that are published: no tests, contract suites, fixtures. */
function sourcesOf(room: string): readonly string[] {
  const folder = `packages/${room}/src`;
  return readdirSync(path.join(workspaceRoot, folder), { recursive: true, encoding: "utf8" })
    .map((each) => path.posix.join(folder, each.replaceAll("\\", "/")))
    .filter((each) => each.endsWith(".ts") && !isForTests(each))
    .toSorted();
}

function isForTests(file: string): boolean {
  return /\.(test|test-d|contract)\.ts$|\/src\/(.+\/)?(fixtures|testing)\//.test(file);
}

function grantOf({ name, mayImport, mayImportTypes }: Room): string {
  const types = [...mayImportTypes].map((each) => `${each} (types only)`);
  return `${table} lets ${name} import ${[...mayImport, ...types].join(", ")}`;
}

/** What is wrong with one import of a room's source, if anything. */
function objection(
  room: Room,
  manifest: Manifest,
  file: string,
  wanted: ReturnType<typeof importsOf>[number],
) {
  const { specifier, typeOnly } = wanted;
  if (specifier.startsWith(".")) {
    const target = path.posix.join(path.posix.dirname(file), specifier);
    if (!target.startsWith(`packages/${room.name}/src/`))
      return "leaves its package; import the package by its name";
    return isForTests(target) ? "is for tests only" : undefined;
  }
  if (specifier.startsWith("node:")) return undefined;
  if (builtinModules.includes(specifier)) return `is a built-in module; write node:${specifier}`;
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (name.startsWith(scope)) {
    const other = name.slice(scope.length);
    const granted = room.mayImport.has(other) || (typeOnly && room.mayImportTypes.has(other));
    if (!granted) return `is not open to it: ${grantOf(room)}`;
    const entry = `.${specifier.slice(name.length)}`;
    if (!(entry in (readManifest(`packages/${other}`).exports ?? {})))
      return "is not among that package's exports";
  }
  const own = { ...manifest.dependencies, ...manifest.peerDependencies };
  const borrowed = room.name === "bench" ? readManifest(".").devDependencies : undefined;
  return name in { ...own, ...borrowed } ? undefined : `is not in packages/${room.name}/package.json`;
}

test(`${table} and packages/ name the same rooms`, () => {
  expect(packageFolders()).toEqual([...rooms.keys()].toSorted());
});

describe.each([...rooms.values()])("$name", (room) => {
  const folder = `packages/${room.name}`;
  const manifest = readManifest(folder);
  const references = (JSON.parse(readText(`${folder}/tsconfig.json`)) as { references: { path: string }[] })
    .references;

  test("depends on what the table grants", () => {
    const granted = new Set([...room.mayImport, ...room.mayImportTypes]);
    const wanted = roomNamesIn({ ...manifest.dependencies, ...manifest.peerDependencies });
    expect(
      wanted.filter((each) => !granted.has(each)),
      grantOf(room),
    ).toEqual([]);
  });

  test("has a TypeScript reference for each dependency, and no other", () => {
    const wanted = roomNamesIn({ ...manifest.dependencies, ...manifest.devDependencies }).map(
      (each) => `../${each}`,
    );
    expect(references.map((each) => each.path).toSorted(), `references of ${folder}/tsconfig.json`).toEqual(
      wanted.toSorted(),
    );
  });

  test("imports what the table grants and its package.json lists", () => {
    const wrong = sourcesOf(room.name).flatMap((file) =>
      importsOf(file, readText(file)).flatMap((each) => {
        const why = objection(room, manifest, file, each);
        return why === undefined ? [] : [`${file}:${each.line}: ${each.specifier} ${why}`];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

test.each([...rooms.values()].filter((each) => each.pure))("$name is pure", ({ name }) => {
  const wrong = sourcesOf(name).flatMap((file) =>
    impuritiesOf(file, readText(file)).map(({ what, line }) => `${file}:${line}: ${what} in a pure room`),
  );
  expect(wrong).toEqual([]);
});
