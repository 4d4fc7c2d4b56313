import type { Json } from "@berth/core";
import { parseAllDocuments } from "yaml";
import { canonicalText } from "./equality.ts";

/** One text for every way to write the same JSON; `undefined` where a text is none. */
export function canonicalJsonText(text: string): string | undefined {
  try {
    return canonicalText(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The same for YAML, of one document or several. Comments and style say nothing. */
export function canonicalYamlText(text: string): string | undefined {
  try {
    const documents = [...parseAllDocuments(text, { logLevel: "silent", uniqueKeys: true })];
    if (documents.some(({ errors }) => errors.length > 0)) return undefined;
    return canonicalText(documents.map((each) => asJson(each.toJS({ maxAliasCount: 100 }))));
  } catch {
    return undefined;
  }
}

/** What YAML can say and JSON cannot, told apart from everything that JSON can. */
function asJson(value: unknown): Json {
  const text = JSON.stringify(value, (_, each: unknown) =>
    (typeof each === "number" && !Number.isFinite(each)) || typeof each === "bigint"
      ? { "\u0000": String(each) }
      : each,
  );
  return text === undefined ? null : (JSON.parse(text) as Json);
}
