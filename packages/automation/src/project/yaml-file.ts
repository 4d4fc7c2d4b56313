import { readFile } from "node:fs/promises";
import { BerthError, nearest, type Problem, problem } from "@berth/diagnostics";
import { Ajv, type ErrorObject } from "ajv";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import { codes } from "../codes.ts";

/** A YAML file as it was read: its document keeps comments for whoever writes it back. */
export interface YamlFile<T> {
  readonly value: T;
  readonly document: Document;
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
  });
  const site = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    throw new BerthError(
      document.errors.map((error) =>
        problem(codes.BERTH7202, { message: error.message, site: site(error.pos[0]) }),
      ),
    );
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
  const validate = new Ajv({ allErrors: true, strict: false, meta: false, validateSchema: false }).compile<T>(
    schema,
  );
  if (validate(value)) return { value, document };
  const problems = (validate.errors ?? []).map((error): Problem => {
    const path = error.instancePath.split("/").slice(1).map(unescapePointer);
    const node = document.getIn(path, true);
    const offset = isNode(node) && node.range ? node.range[0] : 0;
    return problem(codes.BERTH7203, {
      ...describe(error, schema),
      path: path.join(".") || "(file)",
      site: site(offset),
    });
  });
  throw new BerthError(problems);
}

function describe(error: ErrorObject, schema: object): { message: string; hint?: string } {
  if (error.keyword !== "additionalProperties") return { message: error.message ?? "is not valid" };
  const unknown = String(error.params["additionalProperty"]);
  const known =
    "properties" in schema && typeof schema.properties === "object"
      ? Object.keys(schema.properties ?? {})
      : [];
  const guess = nearest(unknown, known);
  const message = `unknown key "${unknown}"`;
  return guess
    ? { message, hint: `did you mean "${guess}"?` }
    : { message, hint: `known keys: ${known.join(", ")}` };
}

function unescapePointer(part: string): string {
  return part.replace(/~1/g, "/").replace(/~0/g, "~");
}
