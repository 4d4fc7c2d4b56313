import fc from "fast-check";
import { expect, test } from "vitest";
import { isKind } from "./kind-types.ts";
import type { KubernetesObject } from "./object.ts";
import { compareRefs, parseRefKey, refKey, refOf, splitApiVersion } from "./reference.ts";

test("keys read as people write them", () => {
  expect(refKey({ apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" })).toBe(
    "apps/v1 Deployment shop/web",
  );
  expect(refKey(refOf({ apiVersion: "v1", kind: "Node", metadata: { name: "n1" } }))).toBe("v1 Node n1");
  expect(refOf({ apiVersion: "v1", kind: "Pod", metadata: { name: "web" } }, "default").namespace).toBe(
    "default",
  );
  expect(parseRefKey("no key")).toBeUndefined();
});

test("keys tell references apart and read back", () => {
  const part = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/);
  const ref = fc.record(
    {
      apiVersion: fc.constantFrom("v1", "apps/v1"),
      kind: fc.constantFrom("Pod", "Node"),
      namespace: part,
      name: part,
    },
    { requiredKeys: ["apiVersion", "kind", "name"] },
  );
  fc.assert(
    fc.property(ref, ref, (a, b) => {
      expect(parseRefKey(refKey(a))).toEqual(a);
      expect(refKey(a) === refKey(b)).toBe(compareRefs(a, b) === 0);
      expect(compareRefs(a, b)).toBe(-compareRefs(b, a) || 0);
    }),
  );
});

test("an object's type follows from what it says it is", () => {
  const object: KubernetesObject = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } };
  expect(isKind(object, "apps/v1 Deployment") && object.spec?.replicas).toBeUndefined();
  expect(isKind(object, "apps/v1 StatefulSet")).toBe(false);
  expect(isKind({ apiVersion: "apps/v1beta1", kind: "Deployment" }, "apps/v1 Deployment")).toBe(false);
});

test("API versions split into group and version", () => {
  expect(splitApiVersion("v1")).toEqual({ group: "", version: "v1" });
  expect(splitApiVersion("apps/v1")).toEqual({ group: "apps", version: "v1" });
});
