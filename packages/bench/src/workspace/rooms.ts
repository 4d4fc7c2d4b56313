import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The folder of the monorepo. */
export const workspaceRoot = path.resolve(import.meta.dirname, "../../../..");

/** One row of the table of rooms in `docs/architecture.md`. */
export interface Room {
  readonly name: string;
  /** Rooms whose values it may import. `diagnostics` is open to all. */
  readonly mayImport: ReadonlySet<string>;
  /** Rooms of which it may import types only. */
  readonly mayImportTypes: ReadonlySet<string>;
  /** Does no input or output and knows no clock, randomness or process. */
  readonly pure: boolean;
}

/** The parts of a package's manifest that the workspace's tests look at. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/**
 * Reads the table of rooms: rows of the form "| `room` | may import | …". The second column is `-`,
 * names with commas (with ` (types)` behind a name of which only types may be imported), `any`, or
 * `all but NAME`, which leaves out private rooms too. The line that begins `Pure rooms:` names those.
 */
export function readRooms(architecture: string): ReadonlyMap<string, Room> {
  const rows = [...architecture.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)];
  const cells = rows.map((row) => ({ name: row[1] ?? "", grant: (row[2] ?? "").trim() }));
  const published = cells.filter((each) => each.grant !== "any").map((each) => each.name);
  const pureLine = /^Pure rooms:(.*)$/m.exec(architecture)?.[1] ?? "";
  const pure = new Set([...pureLine.matchAll(/`(\w+)`/g)].map((each) => each[1]));

  return new Map(
    cells.map(({ name, grant }) => {
      const others = cells.map((each) => each.name).filter((each) => each !== name);
      const entries = grantedNames(grant, others, published);
      const typesOnly = entries.filter((each) => each.endsWith(" (types)"));
      const room: Room = {
        name,
        mayImport: new Set(["diagnostics", ...entries.filter((each) => !typesOnly.includes(each))]),
        mayImportTypes: new Set(typesOnly.map((each) => each.replace(" (types)", ""))),
        pure: pure.has(name),
      };
      return [name, room];
    }),
  );
}

function grantedNames(
  grant: string,
  others: readonly string[],
  published: readonly string[],
): readonly string[] {
  if (grant === "-") return [];
  if (grant === "any") return others;
  const exception = /^all but (\w+)$/.exec(grant)?.[1];
  if (exception === undefined) return grant.split(", ");
  return others.filter((each) => published.includes(each) && each !== exception);
}

/** Names of the folders of `packages/`. */
export function packageFolders(): readonly string[] {
  return readdirSync(path.join(workspaceRoot, "packages")).toSorted();
}

/** A file of the workspace as text, by its path from the root. */
export function readText(file: string): string {
  return readFileSync(path.join(workspaceRoot, file), "utf8");
}

/** The `package.json` of a folder, by its path from the root. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readText(path.join(folder, "package.json"))) as Manifest;
}
