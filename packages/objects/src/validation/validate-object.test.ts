import { formatProblem } from "@berth/diagnostics";
import { describe, expect, test } from "vitest";
import { validateObject } from "./validate-object.ts";

const deployment = (container: object, spec: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", ...container }] } },
    ...spec,
  },
});

const problemsOf = (object: unknown) => validateObject(object).map(formatProblem);

test("a valid object has no problem", () => {
  expect(
    problemsOf(deployment({ image: "web:1", resources: { requests: { cpu: 0.5, memory: "64Mi" } } })),
  ).toEqual([]);
});

describe("closed at every depth", () => {
  test.each([
    [
      deployment({}, { replica: 3 }),
      'BERTH2005 spec.replica: unknown field "replica" (did you mean "replicas"?)',
    ],
    [
      deployment({ imagePulPolicy: "Always" }),
      'BERTH2005 spec.template.spec.containers[0].imagePulPolicy: unknown field "imagePulPolicy" (did you mean "imagePullPolicy"?)',
    ],
    [
      deployment({ resources: { request: {} } }),
      'BERTH2005 spec.template.spec.containers[0].resources.request: unknown field "request" (did you mean "requests"?)',
    ],
    [
      deployment({ "": 1 }),
      'BERTH2005 spec.template.spec.containers[0][""]: unknown field "" (known here: args, command',
    ],
    [deployment({ constructor: 1 }), "BERTH2005"],
  ])("%#", (object, expected) => {
    expect(problemsOf(object)).toEqual([expect.stringContaining(expected)]);
  });
});

describe("values", () => {
  test.each([
    [
      deployment({}, { replicas: "3" }),
      'spec.replicas: expected an integer, not "3" (write 3, without quotes)',
    ],
    [deployment({}, { replicas: 1.5 }), "spec.replicas: expected an integer, not 1.5"],
    [deployment({}, { replicas: Number.NaN }), "spec.replicas: expected an integer, not NaN"],
    [deployment({}, { replicas: 2 ** 31 }), "spec.replicas: 2147483648 is out of the range of int32"],
    [deployment({ image: 1 }), 'containers[0].image: expected text, not 1 (write "1", in quotes)'],
    [
      deployment({ imagePullPolicy: "always" }),
      'is not one of "Always", "Never", "IfNotPresent" (did you mean "Always"?)',
    ],
    [
      deployment({ resources: { requests: { cpu: "1GB" } } }),
      'requests.cpu: expected a quantity such as 500m or 1.5Gi, not "1GB"',
    ],
    [deployment({ command: "sh" }), 'command: expected a list, not "sh"'],
    [deployment({ command: [null] }), "command[0]: expected a value, not null"],
    [deployment({ env: { A: "1" } }), "env: expected a list, not an object"],
    [deployment({ env: [{ value: "1" }] }), 'env[0].name: "name" is required'],
    [
      deployment({ env: [{ name: "A" }, { name: "B" }, { name: "A" }] }),
      "env[2]: name=A is the key of spec.template.spec.containers[0].env[0] already",
    ],
    [{ apiVersion: "v1", kind: "ConfigMap", data: { "a.b": 1 } }, 'data["a.b"]: expected text, not 1'],
    [{ apiVersion: "v1", kind: "Secret", data: { a: "no base64!" } }, "data.a: expected text in base64"],
  ])("%#: %s", (object, expected) => {
    expect(problemsOf(object)).toEqual([expect.stringContaining(expected)]);
  });

  test("all problems at once", () => {
    expect(
      problemsOf(deployment({ image: 1, port: [] }, { replicas: "x", selector: undefined })),
    ).toHaveLength(4);
  });

  test("null and the empty text of an optional field mean: not set", () => {
    expect(problemsOf(deployment({ env: null, imagePullPolicy: "" }, { replicas: null }))).toEqual([]);
  });

  test("opaque values are accepted anywhere", () => {
    const unknown = Symbol("unknown");
    const isOpaque = (value: unknown) => value === unknown;
    expect(
      validateObject(deployment({ image: unknown }, { replicas: unknown, template: unknown }), { isOpaque }),
    ).toEqual([]);
  });
});

describe("kinds", () => {
  test.each([
    [{ apiVersion: "apps/v1", kind: "Deploymnet" }, 'did you mean "apps/v1 Deployment"?'],
    [{ apiVersion: "extensions/v1beta1", kind: "Ingress" }, 'did you mean "networking.k8s.io/v1 Ingress"?'],
    [{ apiVersion: "v1", kind: "__proto__" }, "is not a built-in kind"],
    [{ kind: "Pod" }, "the object has no apiVersion"],
    [null, "expected an object, not null"],
  ])("%j", (object, expected) => {
    expect(problemsOf(object)).toEqual([expect.stringContaining(expected)]);
  });
});
