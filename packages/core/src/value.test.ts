import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  encodeValue,
  equalValues,
  formatProducer,
  hasSecret,
  isKnown,
  mapSecrets,
  producersOf,
  revealSecrets,
  Secret,
  secretOf,
  Unknown,
  type Value,
  valueAt,
  withoutUnknowns,
} from "./index.ts";

const store = "urn:berth:dev:shop::acme:Cluster::store";
const front = "urn:berth:dev:shop::acme:App::web/front";
const host = new Unknown([{ urn: store, path: "host" }]);
const token = new Unknown([{ urn: store, path: "token" }], true);

const json = fc.jsonValue({ maxDepth: 3 }).map((each) => each as Value);
const special = fc.oneof(
  fc.constantFrom(host, token),
  json.map((each) => new Secret(each)),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  json,
  special,
  fc.dictionary(fc.string(), fc.oneof(json, special)).map((each) => each as Value),
  fc.array(fc.oneof(json, special)),
);

describe("values", () => {
  test("are equal to themselves and to their copies, whatever the order of properties", () => {
    fc.assert(
      fc.property(value, (each) => {
        expect(equalValues(each, each)).toBe(true);
        expect(
          equalValues(
            each,
            mapSecrets(each, (secret) => new Secret(secret.reveal())),
          ),
        ).toBe(true);
      }),
    );
    expect(equalValues({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  });

  test.each<[Value, Value]>([
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
    [[], {}],
    [0, "0"],
    [null, {}],
    [host, token],
    [host, new Unknown([{ urn: store, path: "host" }], true)],
    [new Secret("a"), new Secret("b")],
    [new Secret("a"), "a"],
    [new Unknown([]), new Unknown([])],
  ])("%o is not %o", (a, b) => {
    expect(equalValues(a, b)).toBe(false);
    expect(equalValues(b, a)).toBe(false);
  });

  test("encode without a trace of a secret", () => {
    const planted = "hunter2";
    fc.assert(
      fc.property(json, (around) => {
        const text = JSON.stringify(encodeValue({ around, deep: [new Secret({ password: planted })] }));
        expect(text).not.toContain(planted);
      }),
    );
    expect(encodeValue({ a: host, b: token, c: new Secret(host) })).toEqual({
      a: { $berth: "unknown", producers: ["store.host"] },
      b: { $berth: "unknown", producers: ["store.token"] },
      c: { $berth: "secret" },
    });
  });

  test("tell what they wait for, inside secrets too, sorted and each once", () => {
    const other = { urn: front, path: "spec.address" };
    const found = producersOf([host, { x: new Secret([token, host]) }, new Unknown([other])]);
    expect(found.map(formatProducer)).toEqual(["web/front.spec.address", "store.host", "store.token"]);
    expect(isKnown({ a: new Secret([host]) })).toBe(false);
    expect(isKnown({ a: new Secret([1]) })).toBe(true);
  });

  test("know whether they are or will be secret", () => {
    expect(hasSecret({ a: [host] })).toBe(false);
    expect(hasSecret({ a: [token] })).toBe(true);
    expect(hasSecret(new Secret(1))).toBe(true);
  });

  test("reveal secrets at every depth, one inside another too", () => {
    expect(revealSecrets({ a: new Secret({ b: new Secret(1) }) })).toEqual({ a: { b: 1 } });
  });

  test("lose what is unknown or secret for checks; positions in lists stay", () => {
    expect(withoutUnknowns({ a: host, b: [host, 1], c: { d: new Secret(1), e: 2 } })).toEqual({
      b: [null, 1],
      c: { e: 2 },
    });
  });

  test("can hold a property called __proto__", () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": true}}') as Value;
    const copied = mapSecrets(hostile, () => null);
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype);
    expect(JSON.stringify(copied)).toBe('{"__proto__":{"polluted":true}}');
  });
});

describe("a part of a value", () => {
  test.each<[Value, (string | number)[], Value | undefined]>([
    [{ a: [{ b: 1 }] }, ["a", 0, "b"], 1],
    [{ a: [1, 2, 3] }, ["a", "length"], 3],
    [{ a: [1] }, ["a", "0"], 1],
    [{ a: 1 }, ["b"], undefined],
    [{ a: null }, ["a", "b"], undefined],
    [{}, ["toString"], undefined],
    ["text", ["length"], undefined],
  ])("%o at %o is %o", (whole, path, part) => {
    expect(valueAt(whole, path)).toEqual(part);
  });

  test("of an unknown is unknown, of a secret secret", () => {
    expect(valueAt({ a: host }, ["a", "b", "c"])).toBe(host);
    const part = valueAt({ a: new Secret({ b: 1 }) }, ["a", "b"]);
    expect(part instanceof Secret && part.reveal()).toBe(1);
    expect(valueAt(new Secret({}), ["b"])).toBeUndefined();
  });
});

test("a secret cannot become text or JSON", () => {
  const secret = new Secret("hunter2");
  expect(() => JSON.stringify({ secret })).toThrow("must not");
  expect(() => String(secret)).toThrow("must not");
  expect(() => secret + "").toThrow("must not");
  expect(Object.keys(secret)).toEqual([]);
  expect(new Secret(secret).reveal()).toBe("hunter2");
});

test("marking an unknown secret leaves it unknown", () => {
  const marked = secretOf(host);
  expect(marked instanceof Unknown && marked.secret).toBe(true);
});
