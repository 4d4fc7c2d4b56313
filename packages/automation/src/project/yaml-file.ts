import { readFile } from "node:fs/promises";
import { BerthError, nearest, type Problem, problem, type SourceSite } from "@berth/diagnostics";
import type { ErrorObject } from "ajv";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { codes } from "../codes.ts";
import { validatorOf } from "./validator.ts";

/** A YAML file as it was read: its document keeps comments for whoever writes it back. */
export interface YamlFile<T> {
  readonly value: T;
  readonly document: Document;
  /** Where a value stands, or its key; the nearest that is there. */
  readonly site: (path: readonly string[], part?: "key" | "value") => SourceSite;
}

/**
 * Reads a YAML file and holds it to a closed schema. All problems are reported together, each
 * with line and column. `undefined` where there is no such file.
 */
export async function readYamlFile<T>(
  path: string,
  shownAs: string,
  schema: object,
): Promise<YamlFile<T> | undefined> {
  const text = await readText(path, shownAs);
  return text === undefined ? undefined : parseYaml<T>(text, shownAs, schema);
}

async function readText(path: string, shownAs: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new BerthError([problem(codes.BERTH7206, { message: `${shownAs} can't be read: ${code}` })], {
      cause,
    });
  }
}

export function parseYaml<T>(text: string, file: string, schema: object): YamlFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
    logLevel: "error",
  });
  const siteAt = (offset: number): SourceSite => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const site: YamlFile<T>["site"] = (path, part = "value") => siteAt(offsetOf(document, path, part));
  if (document.errors.length > 0) {
    throw new BerthError(
      document.errors.map((error) =>
        problem(codes.BERTH7202, { message: error.message, site: siteAt(error.pos[0]) }),
      ),
    );
  }
  const value = valueOf(document, file);
  refuseUnwritable(document, siteAt);
  const validate = validatorOf<T>(schema);
  if (validate(value)) return { value, document, site };
  const problems = (validate.errors ?? []).map((error): Problem => {
    const path = error.instancePath.split("/").slice(1).map(unescapePointer);
    const unknown: unknown = error.params["additionalProperty"];
    const where = typeof unknown === "string" ? site([...path, unknown], "key") : site(path);
    return problem(codes.BERTH7203, { ...describe(error), path: path.join(".") || "(file)", site: where });
  });
  throw new BerthError(problems);
}

function describe({ keyword, message, params, parentSchema }: ErrorObject): {
  message: string;
  hint?: string;
} {
  if (keyword === "enum") {
    const allowed = (params["allowedValues"] as unknown[]).map((each) => JSON.stringify(each));
    return { message: `must be one of ${allowed.join(", ")}` };
  }
  if (keyword !== "additionalProperties") return { message: message ?? "is not valid" };
  const unknown = String(params["additionalProperty"]);
  const known = Object.keys((parentSchema?.["properties"] as object | undefined) ?? {});
  const guess = nearest(unknown, known);
  return {
    message: `unknown key "${unknown}"`,
    hint: guess ? `did you mean "${guess}"?` : `known keys: ${known.join(", ")}`,
  };
}

/** YAML has numbers that JSON has not. @throws BERTH7202 */
function refuseUnwritable(document: Document, siteAt: (offset: number) => SourceSite): void {
  const problems: Problem[] = [];
  visit(document, {
    Scalar(_, { value, range, source }) {
      if (typeof value !== "number" || Number.isFinite(value)) return;
      const message = `${source ?? value} is no number that a value can be`;
      problems.push(problem(codes.BERTH7202, { message, site: siteAt(range?.[0] ?? 0) }));
    },
  });
  if (problems.length > 0) throw new BerthError(problems);
}

/** @throws BERTH7202 for aliases that lead nowhere, or to more than anybody writes */
function valueOf(document: Document, file: string): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return value ?? {};
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const site = { file, line: 1, column: 1 };
    throw new BerthError([problem(codes.BERTH7202, { message, site })], { cause });
  }
}

/** Where a value of a document begins, or its key; that of the nearest one around it where there is none. */
function offsetOf(document: Document, path: readonly string[], part: "key" | "value"): number {
  for (let length = path.length; length >= 0; length--) {
    const inside = path.slice(0, length);
    if (part === "key" && length > 0) {
      const around = document.getIn(inside.slice(0, -1), true);
      const last = inside.at(-1);
      const pair = isMap(around)
        ? around.items.find(({ key }) => isScalar(key) && String(key.value) === last)
        : undefined;
      if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
    }
    const node: unknown = length === 0 ? document.contents : document.getIn(inside, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function unescapePointer(part: string): string {
  return part.replace(/~1/g, "/").replace(/~0/g, "~");
}
