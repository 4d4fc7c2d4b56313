import { readFileSync } from "node:fs";

/**
 * How encoding/json treats a field of a Go struct. `value` drops zero, empty text, empty lists and maps, but writes
 * structs; `omitzero` drops empty structs too; `pointer` drops nil only, so that an explicit zero survives;
 * `always` writes whatever there is; `nullable` is a pointer that is written as null.
 */
export type Presence = "value" | "omitzero" | "pointer" | "always" | "nullable";

export interface GoField {
  readonly presence: Presence;
  /** Type without pointer, slice and package: `Protocol`, `string`. */
  readonly type: string;
  /** Value of a `+default` marker, where it is a literal. */
  readonly default?: string;
}

export interface GoPackage {
  /** Fields by JSON name, by struct; embedded structs are under `embeds`. */
  readonly structs: ReadonlyMap<string, GoStruct>;
  /** Values of types marked `+enum`. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

export interface GoStruct {
  readonly fields: ReadonlyMap<string, GoField>;
  readonly embeds: readonly string[];
}

/** Reads what the API's Go sources say beyond OpenAPI: presence, enums, defaults of keys. */
export function readGoPackage(files: readonly string[]): GoPackage {
  const structs = new Map<string, GoStruct>();
  const enums = new Map<string, string[]>();
  for (const file of files) {
    const source = readFileSync(file, "utf8");
    for (const match of source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
      structs.set(match[1]!, readStruct(match[2]!));
    }
    for (const match of source.matchAll(/^((?:\/\/.*\n)+)type (\w+) string$/gm)) {
      if (/^\/\/ \+enum$/m.test(match[1]!)) enums.set(match[2]!, []);
    }
  }
  for (const file of files) {
    for (const match of readFileSync(file, "utf8").matchAll(/^\s*(?:const )?\w+\s+(\w+)\s+=\s+"([^"]*)"/gm)) {
      enums.get(match[1]!)?.push(match[2]!);
    }
  }
  return { structs, enums };
}

function readStruct(body: string): GoStruct {
  const fields = new Map<string, GoField>();
  const embeds: string[] = [];
  let marker: string | undefined;
  for (const line of body.split("\n")) {
    const text = line.trim();
    const comment = /^\/\/ \+default="?([^"(]*)"?$/.exec(text);
    if (comment) marker = comment[1];
    const field = /^(?:(\w+)\s+)?(\S+)\s+`(?:[^`]*\s)?json:"([^"]*)"[^`]*`/.exec(text);
    if (!field) continue;
    const [, name, type = "", tag = ""] = field;
    const [json = "", ...options] = tag.split(",");
    if (options.includes("inline") || (name === undefined && json === "")) {
      embeds.push(bare(type));
    } else if (json !== "-") {
      const read: GoField = { presence: presenceOf(type, options), type: bare(type) };
      fields.set(json, marker === undefined ? read : { ...read, default: marker });
    }
    marker = undefined;
  }
  return { fields, embeds };
}

function presenceOf(type: string, options: readonly string[]): Presence {
  if (type.startsWith("*")) return options.includes("omitempty") ? "pointer" : "nullable";
  if (options.includes("omitzero")) return "omitzero";
  return options.includes("omitempty") ? "value" : "always";
}

function bare(type: string): string {
  return type.replace(/^(?:\*|\[\])+/, "");
}
