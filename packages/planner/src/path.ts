const plainKey = /^[A-Za-z_$][\w$-]*$/;

/** `spec` and `clusterIP` → `spec.clusterIP`; keys that a program would quote are quoted: `labels["app.kubernetes.io/name"]`. */
export function propertyPath(parent: string, key: string): string {
  if (!plainKey.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === "" ? key : `${parent}.${key}`;
}

/** `containers` and 0 → `containers[0]`. */
export function indexPath(parent: string, index: number): string {
  return `${parent}[${index}]`;
}

/** `ports`, `[["port", "80"], ["protocol", "TCP"]]` → `ports[port=80,protocol=TCP]`. */
export function elementPath(parent: string, identity: readonly (readonly [string, string])[]): string {
  return `${parent}[${identity.map(([key, value]) => `${key}=${value}`).join(",")}]`;
}

const segment = /(?:^|\.)([A-Za-z_$][\w$-]*)|\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]/gy;

/** Keys and indices of a path made by {@link propertyPath} and {@link indexPath}; `undefined` for any other text. */
export function parsePath(path: string): readonly (string | number)[] | undefined {
  const segments: (string | number)[] = [];
  let end = 0;
  for (const [text, plain, quoted, index] of path.matchAll(segment)) {
    end += text.length;
    if (plain !== undefined) segments.push(plain);
    else if (quoted !== undefined) segments.push(String(JSON.parse(quoted)));
    else segments.push(Number(index));
  }
  return end === path.length && segments.length > 0 ? segments : undefined;
}
