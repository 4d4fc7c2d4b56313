import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../json.ts";
import { requireKind } from "../schema/kind.ts";
import { deployments } from "../testing/random-objects.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { PatchError } from "./patch-error.ts";
import { strategicMergePatch } from "./strategic-merge-patch.ts";

const { type } = requireKind("apps/v1", "Deployment");
const podSpec = (spec: JsonObject): JsonObject => ({ spec: { template: { spec } } });
const strategic = (live: JsonObject, patch: JsonObject) =>
  strategicMergePatch(type, podSpec(live), podSpec(patch));

describe("merge patches (RFC 7386, appendix A)", () => {
  test.each<[Json, Json, Json]>([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j with %j is %j", (target, patch, result) => expect(mergePatch(target, patch)).toEqual(result));
});

describe("JSON patches", () => {
  test.each<[Json, Json, Json]>([
    [{ a: 1 }, [{ op: "add", path: "/b", value: 2 }], { a: 1, b: 2 }],
    [[1, 3], [{ op: "add", path: "/1", value: 2 }], [1, 2, 3]],
    [[1], [{ op: "add", path: "/-", value: 2 }], [1, 2]],
    [{ a: 1 }, [{ op: "replace", path: "/b", value: 2 }], { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, [{ op: "remove", path: "/a" }], { b: 2 }],
    [{ a: { b: 1 } }, [{ op: "move", from: "/a/b", path: "/c" }], { a: {}, c: 1 }],
    [{ a: [1] }, [{ op: "copy", from: "/a", path: "/b" }], { a: [1], b: [1] }],
    [{ "a/b": { "~": 1 } }, [{ op: "test", path: "/a~1b/~0", value: 1 }], { "a/b": { "~": 1 } }],
    [{}, [{ op: "test", path: "/a", value: null }], {}],
    [{ a: 1 }, [{ op: "replace", path: "", value: [] }], []],
    [{}, [{ op: "add", path: "/__proto__", value: { a: 1 } }], JSON.parse('{"__proto__":{"a":1}}')],
  ])("%j with %j is %j", (target, patch, result) => expect(jsonPatch(target, patch)).toEqual(result));

  test.each<[Json, string]>([
    [{}, "malformed"],
    [[{ op: "add" }], "malformed"],
    [[{ op: "jump", path: "/a" }], "malformed"],
    [[{ op: "move", path: "/a" }], "malformed"],
    [[{ op: "remove", path: "/z" }], "inapplicable"],
    [[{ op: "add", path: "/z/z", value: 1 }], "inapplicable"],
    [[{ op: "add", path: "/list/5", value: 1 }], "inapplicable"],
    [[{ op: "replace", path: "/list/5", value: 1 }], "inapplicable"],
    [[{ op: "test", path: "/list", value: [] }], "inapplicable"],
    [[{ op: "add", path: "a", value: 1 }], "inapplicable"],
    [Array.from({ length: 10_001 }, () => ({ op: "test", path: "/list", value: [1] })), "too-large"],
  ])("%#: is refused as %s", (patch, fault) => {
    const target = { list: [1] };
    expect(() => jsonPatch(target, patch)).toThrow(expect.objectContaining({ fault }));
    expect(target).toEqual({ list: [1] });
  });
});

describe("strategic merge patches", () => {
  const containers = [
    { name: "a", image: "a:1", env: [{ name: "X", value: "1" }], args: ["1"] },
    { name: "b", image: "b:1" },
  ];

  test.each<[string, JsonObject, JsonObject, JsonObject]>([
    [
      "elements are merged by key",
      { containers },
      { containers: [{ name: "b", image: "b:2" }] },
      { containers: [containers[0]!, { name: "b", image: "b:2" }] },
    ],
    [
      "lists without a key are replaced",
      { containers },
      { containers: [{ name: "a", args: ["2"] }] },
      { containers: [{ ...containers[0]!, args: ["2"] }, containers[1]!] },
    ],
    [
      "new elements come before those that the patch does not name",
      { containers },
      { containers: [{ name: "c" }] },
      { containers: [{ name: "c" }, ...containers] },
    ],
    [
      "$patch: delete takes one out",
      { containers },
      { containers: [{ name: "a", $patch: "delete" }] },
      { containers: [containers[1]!] },
    ],
    [
      "$patch: replace replaces the list",
      { containers },
      { containers: [{ name: "z" }, { $patch: "replace" }] },
      { containers: [{ name: "z" }] },
    ],
    [
      "$patch: replace replaces an object",
      { securityContext: { runAsUser: 1 } },
      { securityContext: { $patch: "replace", fsGroup: 2 } },
      { securityContext: { fsGroup: 2 } },
    ],
    [
      "null removes",
      { hostname: "a", nodeSelector: { a: "1" } },
      { hostname: null, nodeSelector: { a: null } },
      { nodeSelector: {} },
    ],
    [
      "$setElementOrder orders",
      { containers },
      { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] },
      { containers: containers.toReversed() },
    ],
    [
      "$retainKeys clears the others",
      { volumes: [{ name: "v", emptyDir: {} }] },
      { volumes: [{ name: "v", $retainKeys: ["name", "secret"], secret: { secretName: "s" } }] },
      { volumes: [{ name: "v", secret: { secretName: "s" } }] },
    ],
    [
      "directives in what is new are not kept",
      {},
      {
        containers: [
          { name: "a", $patch: "delete" },
          { name: "b", image: null },
        ],
      },
      { containers: [{ name: "b" }] },
    ],
  ])("%s", (_, live, patch, result) => expect(strategic(live, patch)).toEqual(podSpec(result)));

  test("lists of scalars are merged, and taken from", () => {
    const live = { metadata: { finalizers: ["a", "b"] } };
    expect(strategicMergePatch(type, live, { metadata: { finalizers: ["c", "a"] } })).toEqual({
      metadata: { finalizers: ["c", "a", "b"] },
    });
    expect(
      strategicMergePatch(type, live, { metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] } }),
    ).toEqual({ metadata: { finalizers: ["b"] } });
  });

  test.each<[JsonObject, string]>([
    [{ containers: [{ image: "x" }] }, "internal"],
    [{ containers: [{ name: "a", $patch: "merge" }] }, "internal"],
    [{ $patch: "hop" }, "internal"],
    [{ $retainKeys: 1 }, "malformed"],
    [{ $retainKeys: ["a"], hostname: "x" }, "malformed"],
    [{ "$setElementOrder/containers": {} }, "malformed"],
    [{ "$setElementOrder/containers": [{ name: "a" }], containers: [{ name: "b" }] }, "internal"],
    [{ "$deleteFromPrimitiveList/x": 1 }, "malformed"],
  ])("%j is refused", (patch, fault) => {
    expect(() => strategic({ containers }, patch)).toThrow(expect.objectContaining({ fault }));
  });

  test("an empty patch changes nothing, and patching with the object itself neither", () => {
    fc.assert(
      fc.property(deployments, (object) => {
        expect(strategicMergePatch(type, object, {})).toEqual(object);
        const patched = strategicMergePatch(type, object, object);
        expect(strategicMergePatch(type, patched, object)).toEqual(patched);
      }),
    );
  });
});

test("no patch makes anything throw but a PatchError", () => {
  fc.assert(
    fc.property(deployments, fc.jsonValue(), (object, value) => {
      for (const run of [
        () => jsonPatch(object, JSON.parse(JSON.stringify(value))),
        () => strategicMergePatch(type, object, JSON.parse(JSON.stringify(value))),
      ]) {
        try {
          run();
        } catch (error) {
          expect(error).toBeInstanceOf(PatchError);
        }
      }
    }),
  );
});
