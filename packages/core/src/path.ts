/** A way into a JSON value: property names and positions in lists. */
export type PathSegments = readonly (string | number)[];

const identifier = /^[A-Za-z_$][\w$]*$/;

/**
 * Writes a path as in a program: `spec.template.spec.containers[0].image`,
 * `metadata.labels["app.kubernetes.io/name"]`.
 *
 * @example formatPath(["spec", "ports", 0, "a/b"]) // 'spec.ports[0]["a/b"]'
 */
export function formatPath(segments: PathSegments): string {
  let text = "";
  for (const segment of segments) {
    if (typeof segment === "number") text += `[${segment}]`;
    else if (identifier.test(segment)) text += text === "" ? segment : `.${segment}`;
    else text += `[${JSON.stringify(segment)}]`;
  }
  return text;
}

const step = /\.?([A-Za-z_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/**
 * Reads what {@link formatPath} writes; `undefined` where the text is no path.
 *
 * @example parsePath("spec.ports[0]") // ["spec", "ports", 0]
 */
export function parsePath(text: string): PathSegments | undefined {
  const segments: (string | number)[] = [];
  step.lastIndex = 0;
  while (step.lastIndex < text.length) {
    const startsWithDot = text[step.lastIndex] === ".";
    if (startsWithDot && segments.length === 0) return undefined;
    const needsDot = !startsWithDot && text[step.lastIndex] !== "[" && segments.length > 0;
    if (needsDot) return undefined;
    const match = step.exec(text);
    if (!match) return undefined;
    const [, name, position, quoted] = match;
    if (name !== undefined) segments.push(name);
    else if (position !== undefined) segments.push(Number(position));
    else if (quoted !== undefined) segments.push(JSON.parse(quoted) as string);
  }
  return segments;
}
