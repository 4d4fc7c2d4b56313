import type { ServiceAddresses } from "@berth/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AddressWish, assignClusterIps, takesClusterIp, writtenClusterIp } from "./cluster-ips.ts";
import { formatIpv4, parseIpv4, parseIpv4Range } from "./ipv4.ts";

/** Azure's default: https://learn.microsoft.com/azure/aks, and the band of KEP-3070 for a /16. */
const services: ServiceAddresses = {
  range: "10.0.0.0/16",
  firstStatic: "10.0.0.1",
  lastStatic: "10.0.1.0",
  reserved: ["10.0.0.1", "10.0.0.10"],
};
const assign = (wishes: readonly AddressWish[], taken: readonly string[] = [], from = services): string =>
  [...assignClusterIps(wishes, from, taken, () => []).addresses]
    .map(([urn, address]) => `${urn} ${address}`)
    .join(", ");

describe("addresses of services", () => {
  test("are the lowest free ones of the static band, in order of URN", () => {
    expect(assign([{ urn: "b" }, { urn: "a" }, { urn: "c" }], ["10.0.0.3", "None", "fd00::1"])).toBe(
      "a 10.0.0.2, b 10.0.0.4, c 10.0.0.5",
    );
  });

  test("stay what they were", () => {
    expect(
      assign([{ urn: "a" }, { urn: "b", remembered: "10.0.0.2" }, { urn: "c", remembered: "10.0.77.1" }]),
    ).toBe("b 10.0.0.2, c 10.0.77.1, a 10.0.0.3");
  });

  test("change where the old one is not the cluster's, or somebody else's", () => {
    const wishes = ["10.1.0.2", "10.0.0.9", "10.0.0.0", "10.0.255.255", "nonsense"].map(
      (remembered, index) => ({ urn: `${index}`, remembered }),
    );
    expect(assign(wishes, ["10.0.0.9"])).toBe("0 10.0.0.2, 1 10.0.0.3, 2 10.0.0.4, 3 10.0.0.5, 4 10.0.0.6");
  });

  test("what others have is avoided, and asked for only where an address is new", () => {
    const taken = (): readonly string[] => ["10.0.0.2"];
    expect([...assignClusterIps([{ urn: "a" }], services, [], taken).addresses.values()]).toEqual([
      "10.0.0.3",
    ]);
    const never = (): never => expect.fail("not needed");
    expect([
      ...assignClusterIps([{ urn: "a", remembered: "10.0.0.2" }], services, [], never).addresses.values(),
    ]).toEqual(["10.0.0.2"]);
  });

  test("run out", () => {
    const small: ServiceAddresses = {
      range: "10.0.0.0/28",
      firstStatic: "10.0.0.1",
      lastStatic: "10.0.0.3",
      reserved: ["10.0.0.1"],
    };
    const { addresses, unassigned } = assignClusterIps(
      [{ urn: "a" }, { urn: "b" }, { urn: "c" }],
      small,
      [],
      () => [],
    );
    expect([...addresses.values()]).toEqual(["10.0.0.2", "10.0.0.3"]);
    expect(unassigned).toEqual(["c"]);
    expect(assign([{ urn: "a" }], [], { ...small, firstStatic: "?", lastStatic: "?" })).toBe("");
  });

  test("are unique, and neither another edit nor the order of declaration changes one", () => {
    const wish = fc.record({
      urn: fc.string({ minLength: 1 }),
      remembered: fc.option(
        fc.nat(300).map((each) => formatIpv4(0x0a000000 + each)),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(wish, { selector: (each) => each.urn, maxLength: 60 }),
        fc.nat(59),
        (drawn, edited) => {
          const wishes = drawn.map(({ urn, remembered }) =>
            remembered === undefined ? { urn } : { urn, remembered },
          );
          const { addresses } = assignClusterIps(wishes, services, [], () => []);
          expect(new Set(addresses.values()).size).toBe(wishes.length);
          expect(assignClusterIps(wishes.toReversed(), services, [], () => []).addresses).toEqual(addresses);
          const recorded = wishes.map(({ urn }) => ({ urn, remembered: addresses.get(urn)! }));
          expect(Object.fromEntries(assignClusterIps(recorded, services, [], () => []).addresses)).toEqual(
            Object.fromEntries(addresses),
          );
          const fewer = recorded.filter((_, index) => index !== edited);
          for (const [urn, address] of assignClusterIps([...fewer, { urn: "\uffff" }], services, [], () => [])
            .addresses) {
            if (urn !== "\uffff") expect(address).toBe(addresses.get(urn));
          }
        },
      ),
    );
  });
});

test("headless services have none to give, external names take none", () => {
  const service = (spec?: object) => JSON.parse(JSON.stringify({ apiVersion: "v1", kind: "Service", spec }));
  expect(takesClusterIp(service())).toBe(true);
  expect(takesClusterIp(service({ type: "LoadBalancer" }))).toBe(true);
  expect(takesClusterIp(service({ type: "ExternalName" }))).toBe(false);
  expect(takesClusterIp({ apiVersion: "v1", kind: "Pod" })).toBe(false);
  expect(writtenClusterIp(service({ clusterIP: "None" }))).toBe("None");
  expect(writtenClusterIp(service({ clusterIP: "" }))).toBeUndefined();
  expect(writtenClusterIp(service())).toBeUndefined();
});

describe("IPv4", () => {
  test.each(["10.0.0.256", "10.0.0", "010.0.0.1", "10.0.0.1.2", "", "::1", "1e1.0.0.0"])(
    "%s is no address",
    (text) => {
      expect(parseIpv4(text)).toBeUndefined();
    },
  );

  test.each(["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "x/8", "10.0.0.0/8/8"])("%s is no range", (text) => {
    expect(parseIpv4Range(text)).toBeUndefined();
  });

  test("what is formatted is parsed", () => {
    fc.assert(fc.property(fc.nat(0xffffffff), (address) => parseIpv4(formatIpv4(address)) === address));
    expect(parseIpv4Range("10.1.2.3/16")).toEqual({
      first: parseIpv4("10.1.0.0"),
      last: parseIpv4("10.1.255.255"),
    });
  });
});
