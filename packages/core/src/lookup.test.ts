import { expect, test } from "vitest";
import { declareHere } from "./acme.fixture.ts";
import { defineResource, encodeValue, evaluate, lookupIn, text, unknownOutputs, type Urn } from "./index.ts";

const Machine = defineResource<
  { name: string },
  { ip: string; ports: readonly { number: number }[]; status: { ready: boolean }; any: string }
>({
  type: "acme:Machine",
  provider: "acme",
  inputs: { name: { type: "string" } },
  outputs: {
    ip: { type: "string" },
    ports: { type: "array", items: { type: "object", properties: { number: { type: "integer" } } } },
    status: { type: "object", properties: { ready: { type: "boolean" } } },
    any: { type: ["string", "null"] },
  },
});

test("what is not known yet is of the type that its producer's schema says, at every depth", async () => {
  const graph = await declareHere(() => {
    const { ip, ports, status, any } = new Machine("m", { name: "m" });
    return {
      ip,
      ports,
      port: ports[0]?.number,
      count: ports.length,
      ready: status.ready,
      any,
      text: text`http://${ip}`,
      computed: ip.apply((value) => value.length),
    };
  });
  const lookup = lookupIn((urn: Urn) => {
    const resource = graph.resources[graph.index.get(urn) ?? -1];
    if (!resource) return undefined;
    const { definition } = resource;
    return { definition, inputs: {}, outputs: unknownOutputs(definition, urn) };
  });
  expect(encodeValue(evaluate(graph.outputs, lookup) ?? null)).toEqual({
    ip: { $berth: "unknown", producers: ["m.ip"], type: "string" },
    ports: { $berth: "unknown", producers: ["m.ports"], type: "array" },
    port: { $berth: "unknown", producers: ["m.ports[0].number"], type: "integer" },
    count: { $berth: "unknown", producers: ["m.ports.length"], type: "integer" },
    ready: { $berth: "unknown", producers: ["m.status.ready"], type: "boolean" },
    any: { $berth: "unknown", producers: ["m.any"] },
    text: { $berth: "unknown", producers: ["m.ip"], type: "string" },
    computed: { $berth: "unknown", producers: ["m.ip"] },
  });
});
