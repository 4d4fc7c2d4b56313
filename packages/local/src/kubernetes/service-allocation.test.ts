import type { Service } from "@berth/objects";
import fc from "fast-check";
import { expect, test } from "vitest";
import { allocate, type ServiceAllocator } from "./service-allocation.ts";

function service(spec: Service["spec"]): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: { type: "ClusterIP", ...spec },
  };
}

function allocator(others: readonly Service[] = [], range = "10.0.0.0/16"): ServiceAllocator {
  const counts = { "cluster-ip": 0, "node-port": 0 };
  return { range, reserved: ["10.0.0.1", "10.0.0.10"], others, next: (what) => ++counts[what] };
}

function clusterIp(spec: Service["spec"], others?: readonly Service[]): string | undefined {
  const allocation = allocate(service(spec), allocator(others));
  return "service" in allocation ? allocation.service.spec?.clusterIP : allocation.causes[0]?.message;
}

test("a cluster IP comes from the dynamic band, unless one is asked for", () => {
  expect(clusterIp({})).toBe("10.0.1.1");
  expect(clusterIp({ clusterIP: "10.0.0.77" })).toBe("10.0.0.77");
  expect(clusterIp({ clusterIP: "None" })).toBe("None");
  expect(clusterIp({ type: "ExternalName" })).toBeUndefined();
});

test("an address that cannot be had is refused in Kubernetes' words", () => {
  expect(clusterIp({ clusterIP: "10.0.0.10" })).toBe(
    'Invalid value: ["10.0.0.10"]: failed to allocate IP 10.0.0.10: provided IP is already allocated',
  );
  for (const outside of ["10.1.0.1", "10.0.0.0", "10.0.255.255", "banana"]) {
    expect(clusterIp({ clusterIP: outside })).toContain(
      "is not in the valid range. The range of valid IPs is 10.0.0.0/16",
    );
  }
});

test("node ports are given to types that need them, and refused out of range or taken", () => {
  const ports = [{ port: 80 }, { port: 443, nodePort: 30443 }];
  const given = allocate(service({ type: "LoadBalancer", ports }), allocator());
  expect(given).toMatchObject({ service: { spec: { ports: [{ nodePort: 30086 }, { nodePort: 30443 }] } } });
  const taken = allocate(
    service({ type: "NodePort", ports }),
    allocator([service({ ports: [{ port: 1, nodePort: 30443 }] })]),
  );
  expect(taken).toMatchObject({
    causes: [
      {
        field: "spec.ports[1].nodePort",
        message: "Invalid value: 30443: provided port is already allocated",
      },
    ],
  });
  const outside = allocate(service({ type: "NodePort", ports: [{ port: 80, nodePort: 80 }] }), allocator());
  expect(outside).toMatchObject({ causes: [{ message: expect.stringContaining("30000-32767") }] });
});

test("no address and no port is ever given twice, until the range is full", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (balanced) => {
      const given: Service[] = [];
      let count = 0;
      for (const isBalanced of balanced) {
        const wanted = service({ type: isBalanced ? "LoadBalancer" : "ClusterIP", ports: [{ port: 80 }] });
        const allocation = allocate(wanted, { ...allocator(given, "10.0.0.0/27"), next: () => ++count });
        if ("causes" in allocation) expect(given.length).toBeGreaterThanOrEqual(28);
        else given.push(allocation.service);
      }
      const addresses = given.map((each) => each.spec?.clusterIP);
      const ports = given.flatMap((each) => each.spec?.ports?.[0]?.nodePort ?? []);
      expect(new Set(addresses).size).toBe(addresses.length);
      expect(new Set(ports).size).toBe(ports.length);
    }),
  );
});
