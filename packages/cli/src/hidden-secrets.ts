/** Secrets are said to be there, and no more: neither ciphertext nor digest is for people. */
export function hidden(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$berth" in value) return "[secret]";
  if (Array.isArray(value)) return value.map(hidden);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hidden(each)]));
}
