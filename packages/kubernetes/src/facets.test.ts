import { Secret, Unknown } from "@berth/core";
import { expect, test } from "vitest";
import { compareInputs } from "./compare.ts";
import { objectFacets } from "./facets.ts";

const view = (inputs: Parameters<typeof objectFacets>[0]["inputs"]) => ({
  urn: "u",
  type: "kubernetes:Deployment",
  inputs,
  outputs: {},
  references: {},
  cluster: "c",
});
const waiting = new Unknown([{ urn: "urn:berth:dev:shop::azure:Cluster::store", path: "id" }]);

test("what is not known yet is left out of the object, and its place is told", () => {
  const [facet] = objectFacets(
    view({ kind: "Deployment", spec: { replicas: waiting, args: ["a", waiting], paused: false } }),
  );
  expect(facet).toMatchObject({
    object: { kind: "Deployment", spec: { args: ["a"], paused: false } },
    unknownPaths: ["spec.replicas", "spec.args[1]"],
  });
  expect(objectFacets(view({ spec: waiting }))[0]).toMatchObject({ object: {}, unknownPaths: ["spec"] });
});

test("secrets stand as texts that are equal where they are, and do not tell", () => {
  const text = (secret: string): string =>
    JSON.stringify(objectFacets(view({ spec: { password: new Secret(secret) } })));
  expect(text("hunter2")).toBe(text("hunter2"));
  expect(text("hunter2")).not.toBe(text("hunter3"));
  expect(text("hunter2")).not.toContain("hunter");
});

test("an object of no cluster that is known means nothing to any", () => {
  const { cluster: _, ...without } = view({});
  expect(objectFacets(without)).toEqual([]);
});

test("marks are compared as wholes, never looked into", () => {
  const object = (image: unknown) =>
    JSON.parse(
      JSON.stringify({
        apiVersion: "apps/v1",
        kind: "Deployment",
        spec: { template: { spec: { containers: [{ name: "web", image }] } } },
      }),
    );
  const path = "spec.template.spec.containers[name=web].image";
  const unknown = { $berth: "unknown", producers: ["store.id"] };
  expect(compareInputs(object("web:1"), object(unknown))).toEqual([
    { path, kind: "change", before: "web:1", after: unknown },
  ]);
  const secret = (digest: string) => ({ $berth: "secret", digest });
  expect(compareInputs(object(secret("a")), object(secret("a")))).toEqual([]);
  expect(compareInputs(object(secret("a")), object(secret("b")))).toMatchObject([{ path }]);
});
