import {
  type Json,
  type JsonObject,
  type Producer,
  SealedSecret,
  Secret,
  Unknown,
  type Value,
  type ValueObject,
} from "./json.ts";
import { pathOfUrn } from "./urn.ts";

/**
 * Whether a value is an object of values (not null, a list, an unknown or a secret).
 *
 * @example isValueObject(new Secret("x")) // false
 */
export function isValueObject(value: Value | undefined): value is ValueObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isLeafInstance(value);
}

function isLeafInstance(value: object): value is Unknown | Secret {
  return value instanceof Unknown || value instanceof Secret;
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/**
 * Copies a value with its unknowns and secrets replaced. Answering `undefined` leaves the
 * part out (in a list, `null` stands in its place so that positions stay what they are).
 */
export function mapSpecial(
  value: Value,
  replace: (special: Unknown | Secret) => Value | undefined,
): Value | undefined {
  if (typeof value !== "object" || value === null) return value;
  if (isLeafInstance(value)) return replace(value);
  if (isList(value)) return value.map((each) => mapSpecial(each, replace) ?? null);
  const entries: [string, Value][] = [];
  for (const [key, each] of Object.entries(value)) {
    const mapped = mapSpecial(each, replace);
    if (mapped !== undefined) entries.push([key, mapped]);
  }
  return Object.fromEntries(entries);
}

/**
 * Copies a value with its secrets replaced, as the state does with ciphertext. Unknowns stay.
 *
 * @example mapSecrets({ a: new Secret("x") }, () => "***") // { a: "***" }
 */
export function mapSecrets(value: Value, replace: (secret: Secret) => Value): Value {
  return mapSpecial(value, (special) => (special instanceof Secret ? replace(special) : special)) ?? null;
}

/**
 * The plaintext of everything in a value, for the moment in which a provider sends it. Unknowns stay.
 *
 * @example revealSecrets({ a: new Secret("x") }) // { a: "x" }
 */
export function revealSecrets(value: Value): Value {
  return mapSecrets(value, (secret) => revealSecrets(secret.reveal()));
}

/**
 * A copy without the parts that are not known: what pure checks can look at. Secrets are left out too.
 *
 * @example withoutUnknowns({ a: 1, b: new Unknown([]) }) // { a: 1 }
 */
export function withoutUnknowns(value: ValueObject): JsonObject {
  return (mapSpecial(value, () => undefined) ?? {}) as JsonObject;
}

/**
 * Everything that a value waits for, inside secrets too: sorted, each once. Empty: it is known.
 *
 * @example producersOf({ a: new Unknown([{ urn: "u", path: "p" }]) }) // [{ urn: "u", path: "p" }]
 */
export function producersOf(value: Value): readonly Producer[] {
  const found: Producer[] = [];
  visit(value, (special) => {
    if (special instanceof Unknown) found.push(...special.producers);
  });
  return uniteProducers(found);
}

/**
 * Whether nothing in a value is unknown.
 *
 * @example isKnown([1, new Unknown([])]) // false
 */
export function isKnown(value: Value): boolean {
  let known = true;
  visit(value, (special) => {
    if (special instanceof Unknown) known = false;
  });
  return known;
}

/**
 * Whether anything in a value is secret, or will be.
 *
 * @example hasSecret({ password: new Secret("x") }) // true
 */
export function hasSecret(value: Value): boolean {
  let secret = false;
  visit(value, (special) => {
    if (special instanceof Secret || special.secret) secret = true;
  });
  return secret;
}

function visit(value: Value, see: (special: Unknown | Secret) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (isLeafInstance(value)) {
    see(value);
    if (value instanceof Secret) visit(value.reveal(), see);
  } else {
    for (const each of isList(value) ? value : Object.values(value)) visit(each, see);
  }
}

/** Producers sorted by URN and path, each once. */
export function uniteProducers(producers: readonly Producer[]): readonly Producer[] {
  if (producers.length < 2) return producers;
  const byText = new Map(producers.map((each) => [`${each.urn}\u0000${each.path}`, each]));
  return [...byText].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, each]) => each);
}

/**
 * Whether two values are the same JSON. The order of an object's properties does not count.
 * Unknowns are the same where they wait for the same outputs; secrets where their plaintexts are.
 *
 * @example equalValues({ a: 1, b: [2] }, { b: [2], a: 1 }) // true
 */
export function equalValues(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Secret || b instanceof Secret) {
    return a instanceof Secret && b instanceof Secret && equalValues(a.reveal(), b.reveal());
  }
  if (a instanceof Unknown || b instanceof Unknown) {
    if (!(a instanceof Unknown) || !(b instanceof Unknown) || a.secret !== b.secret) return false;
    return a.producers.length > 0 && formatProducers(a) === formatProducers(b);
  }
  if (isList(a) || isList(b)) {
    return isList(a) && isList(b) && a.length === b.length && a.every((each, i) => equalValues(each, b[i]));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equalValues(a[key], b[key]));
}

function formatProducers(unknown: Unknown): string {
  return unknown.producers.map((each) => `${each.urn}\u0000${each.path}`).join("\u0001");
}

/**
 * A value as plans and reports write it: unknowns as
 * `{ "$berth": "unknown", "producers": ["store.id"], "type": "string" }`, secrets as `{ "$berth": "secret" }`.
 *
 * @example encodeValue({ password: new Secret("x") }) // { password: { $berth: "secret" } }
 */
export function encodeValue(value: Value): Json {
  const encoded = mapSpecial(value, (special) =>
    special instanceof Secret ? { $berth: "secret" } : encodeUnknown(special),
  );
  return (encoded ?? null) as Json;
}

/**
 * An unknown as plans write it: who produces it, and of what type it will be where that is known.
 *
 * @example encodeUnknown(new Unknown([], false, "string")) // { $berth: "unknown", producers: [], type: "string" }
 */
export function encodeUnknown({ producers, type }: Unknown): {
  readonly $berth: "unknown";
  readonly producers: readonly string[];
  readonly type?: string;
} {
  return {
    $berth: "unknown",
    producers: producers.map(formatProducer),
    ...(type !== undefined && { type }),
  };
}

/**
 * An output as people read it: `store.kubeletIdentity`, `front/service.spec.clusterIP`.
 *
 * @example formatProducer({ urn: "urn:berth:dev:shop::acme:Database::orders", path: "host" }) // "orders.host"
 */
export function formatProducer({ urn, path }: Producer): string {
  const name = pathOfUrn(urn);
  return path === "" ? name : path.startsWith("[") ? `${name}${path}` : `${name}.${path}`;
}

/**
 * The part of a value at a path; `undefined` where there is none. A part of an unknown is that
 * unknown, a part of a secret is secret. Lists have positions and `length`.
 *
 * @example valueAt({ ports: [{ port: 80 }] }, ["ports", 0, "port"]) // 80
 */
export function valueAt(value: Value | undefined, path: readonly (string | number)[]): Value | undefined {
  let current = value;
  for (const [depth, segment] of path.entries()) {
    if (typeof current !== "object" || current === null) return undefined;
    // A part is as unknown as the whole, and of another type.
    if (current instanceof SealedSecret) return new Unknown(current.producers, true);
    if (current instanceof Unknown)
      return current.type === undefined ? current : new Unknown(current.producers, current.secret);
    if (current instanceof Secret) {
      const inner = valueAt(current.reveal(), path.slice(depth));
      return inner === undefined ? undefined : secretOf(inner);
    }
    if (isList(current)) current = segment === "length" ? current.length : current[Number(segment)];
    else current = Object.hasOwn(current, segment) ? current[segment] : undefined;
  }
  return current;
}

/**
 * Marks a value as secret: an unknown stays an unknown that will be secret.
 *
 * @example secretOf("x") instanceof Secret // true
 */
export function secretOf(value: Value): Secret | Unknown {
  if (!(value instanceof Unknown)) return new Secret(value);
  return value.secret ? value : new Unknown(value.producers, true, value.type);
}
