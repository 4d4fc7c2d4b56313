const texts = new WeakMap<object, string>();

/**
 * JSON with sorted keys and without undefined values: equal exactly for values that mean the same.
 * Objects are never changed in place here, so the text of each is made once.
 */
export function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = Array.isArray(value) ? canonicalArray(value) : canonicalObject(value);
  texts.set(value, text);
  return text;
}

function canonicalArray(values: readonly unknown[]): string {
  return `[${values.map(canonical).join(",")}]`;
}

function canonicalObject(value: object): string {
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(",")}}`;
}

/** Whether two JSON values mean the same; a field that is undefined is one that is absent. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((each, i) => sameValue(each, b[i]))
    );
  }
  return includes(a, b) && includes(b, a, true);
}

/** Whether every field of `a` is in `b`, with the same value unless only names are asked for. */
function includes(a: object, b: object, namesOnly = false): boolean {
  for (const name in a) {
    const value: unknown = Reflect.get(a, name);
    const other: unknown = Object.hasOwn(b, name) ? Reflect.get(b, name) : undefined;
    if (namesOnly ? value !== undefined && other === undefined : !sameValue(value, other)) return false;
  }
  return true;
}

/** 16 hexadecimal digits of a text: two FNV-1a hashes of 32 bits, from different starts. */
export function digestOf(text: string): string {
  let high = 0x811c9dc5;
  let low = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit ^ (i & 0xff), 0x5bd1e995);
  }
  return hex(high) + hex(low);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
