import type { Service } from "@berth/objects";
import fc from "fast-check";
import { expect, test } from "vitest";
import { serviceAddresses } from "./service-addresses.ts";

function service(spec: Service["spec"]): Service {
  return { apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: { ...spec } };
}

function addressesBeside(others: readonly Service[] = [], range = "10.0.0.0/16") {
  const counts = { "cluster-ip": 0, "node-port": 0 };
  const next = (what: keyof typeof counts) => ++counts[what];
  return serviceAddresses({ range, reserved: ["10.0.0.1", "10.0.0.10"], others, next });
}

test("cluster IPs come from the dynamic band", () => {
  expect(addressesBeside().nextClusterIp()).toBe("10.0.1.1");
  expect(addressesBeside([service({ clusterIP: "10.0.1.1" })]).nextClusterIp()).toBe("10.0.1.2");
});

test("an address that cannot be had is refused in Kubernetes' words", () => {
  const { refuseClusterIp } = addressesBeside();
  expect(refuseClusterIp("10.0.0.77")).toBeUndefined();
  expect(refuseClusterIp("10.0.0.10")).toBe("provided IP is already allocated");
  for (const outside of ["10.1.0.1", "10.0.0.0", "10.0.255.255", "banana"]) {
    expect(refuseClusterIp(outside)).toBe(
      `the provided IP (${outside}) is not in the valid range. The range of valid IPs is 10.0.0.0/16`,
    );
  }
});

test("node ports out of range or taken are refused", () => {
  const { refuseNodePort, nextNodePort } = addressesBeside([
    service({ ports: [{ port: 1, nodePort: 30086 }] }),
  ]);
  expect(refuseNodePort(30443)).toBeUndefined();
  expect(refuseNodePort(30086)).toBe("provided port is already allocated");
  expect(refuseNodePort(80)).toContain("The range of valid ports is 30000-32767");
  expect(nextNodePort(new Set([30087]))).toBe(30088);
});

test("no address is given twice until the range is full, and then none", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 1000 }), (wanted, begin) => {
      const given: Service[] = [];
      let count = begin;
      for (let n = 0; n < wanted; n++) {
        const clusterIP = serviceAddresses({
          range: "10.0.0.0/27",
          reserved: ["10.0.0.1", "10.0.0.10"],
          others: given,
          next: () => ++count,
        }).nextClusterIp();
        if (clusterIP === undefined) expect(given).toHaveLength(28);
        else given.push(service({ clusterIP }));
      }
      const addresses = given.map((each) => each.spec?.clusterIP);
      expect(new Set(addresses).size).toBe(Math.min(28, wanted));
    }),
  );
});
