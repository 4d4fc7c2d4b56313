/** A value of a program, before it is known how much of it fits on a line. */
export type Code =
  | { readonly text: string }
  | { readonly list: readonly Code[] }
  | { readonly members: readonly (readonly [string, Code])[] };

/** So many columns a line has at most, where a value can be broken. */
const width = 100;

/** An expression that is written as it is. */
export function code(text: string): Code {
  return { text };
}

/** An object; keys are quoted where they must be. */
export function object(members: readonly (readonly [string, Code])[]): Code {
  return { members };
}

/** A call with its arguments, on one line or with objects broken over several. */
export function printed(before: string, values: readonly Code[], after: string): string {
  const flat = `${before}${values.map(inline).join(", ")}${after}`;
  if (flat.length <= width) return flat;
  // Long objects are broken where they stand; that keeps a call's shape: name, inputs, options.
  const first = `${before}${values.map((each, i) => (i === 1 ? broken(each, "") : inline(each))).join(", ")}${after}`;
  if (first.split("\n").every((line) => line.length <= width)) return first;
  return `${before}\n${values.map((each) => `  ${fitted(each, "  ", 0)},\n`).join("")}${after}`;
}

function fitted(value: Code, indent: string, taken: number): string {
  const flat = inline(value);
  return indent.length + taken + flat.length < width ? flat : broken(value, indent);
}

function broken(value: Code, indent: string): string {
  const deeper = `${indent}  `;
  if ("text" in value) return value.text;
  if ("list" in value) {
    if (value.list.length === 0) return "[]";
    return `[\n${value.list.map((each) => `${deeper}${fitted(each, deeper, 1)},\n`).join("")}${indent}]`;
  }
  if (value.members.length === 0) return "{}";
  const lines = value.members.map(([key, each]) => {
    const start = `${keyText(key)}: `;
    return `${deeper}${start}${fitted(each, deeper, start.length + 1)},\n`;
  });
  return `{\n${lines.join("")}${indent}}`;
}

function inline(value: Code): string {
  if ("text" in value) return value.text;
  if ("list" in value) return `[${value.list.map(inline).join(", ")}]`;
  if (value.members.length === 0) return "{}";
  return `{ ${value.members.map(([key, each]) => `${keyText(key)}: ${inline(each)}`).join(", ")} }`;
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
