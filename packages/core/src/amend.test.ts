import { describe, expect, test } from "vitest";
import { App, Cluster, declareHere, refusalOf } from "./acme.fixture.ts";
import { amend, defineResource, secret } from "./index.ts";

describe("amending what was declared", () => {
  test("changes its inputs, outputs and secrets inside them stay what they are", async () => {
    const graph = await declareHere(() => {
      const cluster = new Cluster("store", {});
      const app = new App("front", { spec: { image: secret("nginx:1"), address: cluster.host } });
      amend<{ spec: { replicas?: number } }>(app, (inputs) => {
        inputs.spec.replicas = 3;
      });
    });
    const [cluster, app] = graph.resources;
    expect(app?.inputs["spec"]).toMatchObject({ replicas: 3 });
    expect(app?.references).toEqual({ spec: [cluster?.urn] });
    expect(Object.isFrozen(app?.inputs["spec"])).toBe(true);
  });

  test("may mend what was wrong; what is wrong in the end is said once", async () => {
    const Thing = defineResource<{ size: number; parts: { kind?: string }[] }>({
      type: "acme:Thing",
      provider: "acme",
      inputs: {
        size: { type: "integer" },
        parts: {
          type: "array",
          items: { type: "object", properties: { kind: { type: "string", default: "plain" } } },
          default: [],
        },
      },
    });
    const graph = await declareHere(() => {
      const thing = new Thing("a", { size: "x" } as never);
      amend<{ size: number; parts: object[] }>(thing, (inputs) => {
        inputs.size = 1;
        inputs.parts.push({});
      });
    });
    expect(graph.resources[0]?.inputs).toEqual({ size: 1, parts: [{ kind: "plain" }] });
    expect(
      await refusalOf(() => {
        const thing = new Thing("a", { size: "x" } as never);
        amend<{ parts: unknown }>(thing, (inputs) => {
          inputs.parts = [Number.NaN];
        });
      }),
    ).toEqual([
      "BERTH1004 parts[0]: NaN is no JSON number",
      'BERTH1001 size: must be a whole number, not "x"',
    ]);
  });

  test("is refused once the program has returned", async () => {
    let late: Cluster | undefined;
    await declareHere(() => {
      late = new Cluster("store", {});
    });
    expect(() => amend(late!, () => undefined)).toThrow("BERTH1007");
  });
});
