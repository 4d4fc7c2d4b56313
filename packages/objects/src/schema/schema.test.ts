import { describe, expect, test } from "vitest";
import { podTemplateOf, podTemplatePath } from "../pod-template.ts";
import { TYPES } from "./generated/kubernetes.ts";
import { builtInKinds, isNamespaced, kindOf, kindOfResource, requireKind } from "./kind.ts";
import { structType } from "./read-type.ts";
import type { Type } from "./type.ts";

describe("the table", () => {
  test("every type can be read, and every list that says it is keyed has those keys", () => {
    for (const name of Object.keys(TYPES)) {
      for (const field of structType(name).fields.values()) {
        const { type } = field;
        if (type.kind !== "list" || type.relation !== "map" || type.element.kind !== "struct") continue;
        for (const key of type.keys)
          expect([name, field.name, type.element.fields.has(key.name)]).toEqual([name, field.name, true]);
      }
    }
  });

  test("knows merge keys, key defaults, atomic maps and strategies", () => {
    const container = structType("core.v1.Container").fields;
    expect(container.get("ports")).toMatchObject({
      type: { relation: "map", keys: [{ name: "containerPort" }, { name: "protocol", default: "TCP" }] },
      patch: { mergeKey: "containerPort" },
    });
    expect(container.get("args")?.type).toMatchObject({ relation: "atomic" });
    expect(container.get("resources")?.presence).toBe("always");
    expect(container.get("imagePullPolicy")?.type).toMatchObject({
      values: ["Always", "Never", "IfNotPresent"],
    });
    expect(structType("meta.v1.LabelSelector").atomic).toBe(true);
    expect(structType("meta.v1.ObjectMeta").fields.get("finalizers")).toMatchObject({
      type: { relation: "set" },
      patch: { mergeKey: "" },
    });
    expect(structType("core.v1.PersistentVolumeSpec").fields.get("claimRef")?.type).toMatchObject({
      atomic: false,
    });
    expect(structType("core.v1.Volume").fields.get("name")?.required).toBe(true);
    expect(structType("core.v1.PodSpec").fields.get("volumes")?.patch).toEqual({
      mergeKey: "name",
      retainKeys: true,
    });
  });
});

describe("kinds", () => {
  test("each has metadata and is found by its resource", () => {
    expect(builtInKinds().length).toBeGreaterThan(50);
    for (const kind of builtInKinds()) {
      expect(kind.type.fields.get("metadata")?.type).toBe(structType("meta.v1.ObjectMeta"));
      expect(kindOfResource(kind.apiVersion, kind.plural)).toBe(kind);
    }
  });

  test("say their scope and subresources", () => {
    expect(requireKind("apps/v1", "Deployment")).toMatchObject({
      plural: "deployments",
      namespaced: true,
      subresources: ["scale", "status"],
    });
    expect(isNamespaced({ apiVersion: "v1", kind: "Node" })).toBe(false);
    expect(isNamespaced({ apiVersion: "example.com/v1", kind: "Thing" })).toBeUndefined();
    expect(kindOf("v1", "toString")).toBeUndefined();
    expect(() => requireKind("apps/v1", "StatefullSet")).toThrow('did you mean "apps/v1 StatefulSet"?');
  });

  test("exactly those whose shape holds a pod template have a path to it", () => {
    const template = structType("core.v1.PodTemplateSpec");
    const holders = builtInKinds().filter((kind) => kind.kind === "Pod" || pathTo(kind.type, template, 4));
    const located = builtInKinds().filter((kind) => podTemplatePath(kind));
    expect(located.map((kind) => kind.kind)).toEqual(holders.map((kind) => kind.kind));
    for (const kind of located) {
      let type: Type = kind.type;
      for (const step of podTemplatePath(kind)!)
        type = (type.kind === "struct" && type.fields.get(step)?.type) || template;
      expect(kind.kind === "Pod" || type === template).toBe(true);
    }
  });

  test("templates are found in objects", () => {
    const template = { spec: { containers: [] } };
    const cronJob = {
      apiVersion: "batch/v1",
      kind: "CronJob",
      spec: { jobTemplate: { spec: { template } } },
    };
    expect(podTemplateOf(cronJob)).toBe(template);
    expect(
      podTemplateOf({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "half" } }),
    ).toBeUndefined();
    expect(podTemplateOf({ apiVersion: "v1", kind: "Service" })).toBeUndefined();
  });
});

function pathTo(type: Type, wanted: Type, depth: number): boolean {
  if (type === wanted) return true;
  if (type.kind !== "struct" || depth === 0) return false;
  return [...type.fields.values()].some((field) => pathTo(field.type, wanted, depth - 1));
}
