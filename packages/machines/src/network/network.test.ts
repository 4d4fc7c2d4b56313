import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressDemand,
  type AddressRange,
  apiServiceAddress,
  clusterRangeProblems,
  contains,
  defaultDnsAddress,
  formatAddress,
  formatRange,
  nextServiceAddress,
  overlayNodeLimit,
  overlayNodeRange,
  overlaps,
  parseAddress,
  parseRange,
  podRangeProblems,
  rangeProblems,
  rangeSize,
  serviceAddressBands,
  subnetProblems,
  surgeNodes,
  usableAddress,
  usableAddresses,
} from "../index.ts";

function range(text: string): AddressRange {
  const found = parseRange(text);
  if (found === undefined) throw new Error(`no range ${text}`);
  return found;
}

const anyRange = fc
  .record({ address: fc.nat(0xff_ff_ff_ff), prefix: fc.integer({ min: 0, max: 32 }) })
  .map(({ address, prefix }) => {
    const size = 2 ** (32 - prefix);
    return range(`${formatAddress(Math.floor(address / size) * size)}/${prefix}`);
  });

describe("addresses and ranges", () => {
  test("are read as they are written", () => {
    fc.assert(
      fc.property(fc.nat(0xff_ff_ff_ff), anyRange, (address, each) => {
        expect(parseAddress(formatAddress(address))).toBe(address);
        expect(parseRange(formatRange(each))).toEqual(each);
      }),
    );
  });

  test.each(["", "10", "10.0.0", "10.0.0.256", "10.0.0.01", " 10.0.0.1", "10.0.0.-1", "1e1.0.0.1", "::1"])(
    "%j is no address",
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  test.each([
    ["10.0.0.1/16", 'did you mean "10.0.0.0/16"?'],
    ["10.0.0.0", undefined],
    ["10.0.0.0/33", undefined],
    ["10.0.0.0/", undefined],
    ["10.0.0.0/08", undefined],
    ["10.0.0.0/16/8", undefined],
  ])("%s is no range", (text, hint) => {
    const [problem] = rangeProblems(text, "range");
    expect(problem?.code).toBe("BERTH5310");
    expect(problem?.hint).toBe(hint);
  });

  test("overlap is symmetric, and of two ranges that overlap one contains the other", () => {
    fc.assert(
      fc.property(anyRange, anyRange, (one, other) => {
        expect(overlaps(one, other)).toBe(overlaps(other, one));
        expect(overlaps(one, other)).toBe(contains(one, other) || contains(other, one));
        expect(rangeSize(one)).toBe(one.last - one.first + 1);
        expect(contains(one, one.first) && contains(one, one.last)).toBe(true);
      }),
    );
  });
});

describe("subnets", () => {
  test("Azure keeps five addresses", () => {
    expect(usableAddresses(range("10.0.0.0/24"))).toBe(251);
    expect(usableAddresses(range("10.0.0.0/29"))).toBe(3);
    expect(usableAddresses(range("10.0.0.0/30"))).toBe(0);
    expect(usableAddress(range("10.224.0.0/16"), 0)).toBe("10.224.0.4");
    expect(usableAddress(range("10.0.0.0/29"), 2)).toBe("10.0.0.6");
    expect(usableAddress(range("10.0.0.0/29"), 3)).toBeUndefined();
  });

  test("every overlay node takes a /24", () => {
    expect(overlayNodeLimit(range("10.244.0.0/16"))).toBe(256);
    expect(overlayNodeLimit(range("10.244.0.0/25"))).toBe(0);
    expect(formatRange(overlayNodeRange(range("10.244.0.0/16"), 255) ?? range("0.0.0.0/0"))).toBe(
      "10.244.255.0/24",
    );
    expect(overlayNodeRange(range("10.244.0.0/16"), 256)).toBeUndefined();
    expect(podRangeProblems("10.244.0.0/16", 257, "podCidr")).toMatchObject([{ code: "BERTH5314" }]);
    expect(podRangeProblems("10.244.0.0/16", 256, "podCidr")).toEqual([]);
  });

  test("demand, by the worked example of AKS's page: 50 nodes of 30 pods need a /21", () => {
    expect(addressDemand("node-subnet", { nodes: 50, surge: 1, maxPods: 30 })).toEqual({
      nodeSubnet: 1581,
      podSubnet: 0,
    });
    expect(addressDemand("overlay", { nodes: 50, surge: 1, maxPods: 250 })).toEqual({
      nodeSubnet: 51,
      podSubnet: 0,
    });
    expect(addressDemand("pod-subnet", { nodes: 2, surge: 1, maxPods: 110 })).toEqual({
      nodeSubnet: 3,
      podSubnet: 384,
    });
    expect(subnetProblems("10.0.0.0/22", 1581, "addressPrefix")).toMatchObject([
      { code: "BERTH5315", hint: "a /21 has enough" },
    ]);
    expect(subnetProblems("10.0.0.0/21", 1581, "addressPrefix")).toEqual([]);
  });

  test("the named way out always does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (addresses) => {
        const [problem] = subnetProblems("10.0.0.0/30", addresses, "addressPrefix");
        const prefix = /\/\d+/.exec(problem?.hint ?? "")?.[0] ?? "";
        expect(subnetProblems(`10.0.0.0${prefix}`, addresses, "addressPrefix")).toEqual([]);
      }),
    );
  });

  test.each([
    ["1", 10, 1],
    ["33%", 4, 2],
    ["10%", 1, 1],
    ["0%", 5, 0],
    ["half", 5, undefined],
  ])("a surge of %s on %i nodes is %s", (surge, nodes, expected) => {
    expect(surgeNodes(surge, nodes)).toBe(expected);
  });
});

describe("service addresses", () => {
  function bands(text: string): string {
    const { static: lower, dynamic: upper } = serviceAddressBands(range(text));
    const show = (band: typeof lower): string =>
      band ? `${formatAddress(band.first)}-${formatAddress(band.last)}` : "none";
    return `${show(lower)} ${show(upper)}`;
  }

  test.each([
    ["10.96.0.0/28", "none 10.96.0.1-10.96.0.14"],
    ["10.96.0.0/27", "10.96.0.1-10.96.0.16 10.96.0.17-10.96.0.30"],
    ["10.96.0.0/24", "10.96.0.1-10.96.0.16 10.96.0.17-10.96.0.254"],
    ["10.96.0.0/20", "10.96.0.1-10.96.1.0 10.96.1.1-10.96.15.254"],
    ["10.0.0.0/16", "10.0.0.1-10.0.1.0 10.0.1.1-10.0.255.254"],
  ])("of %s", (text, expected) => {
    expect(bands(text)).toBe(expected);
  });

  test("the first new service gets .2, and none the API server's, DNS's or another's", () => {
    const services = range("10.0.0.0/16");
    expect([apiServiceAddress(services), defaultDnsAddress(services)]).toEqual(["10.0.0.1", "10.0.0.10"]);
    expect(nextServiceAddress(services, "10.0.0.10", [])).toBe("10.0.0.2");
    const taken: string[] = [];
    for (
      let next: string | undefined;
      (next = nextServiceAddress(services, "10.0.0.10", taken)) !== undefined;
    )
      taken.push(next);
    expect(taken).toHaveLength(254);
    expect(new Set(taken).size).toBe(254);
    expect(taken).not.toContain("10.0.0.10");
    expect(taken.at(-1)).toBe("10.0.1.0");
  });

  test("a hole is filled, text that is no address does no harm, and a small range has none to give", () => {
    expect(nextServiceAddress(range("10.0.0.0/24"), "10.0.0.10", ["10.0.0.2", "None", "", "10.0.0.4"])).toBe(
      "10.0.0.3",
    );
    expect(nextServiceAddress(range("10.0.0.0/28"), "10.0.0.10", [])).toBeUndefined();
  });
});

describe("ranges of a cluster", () => {
  const services = { range: "10.0.0.0/16", path: "serviceCidr" };
  const pods = { range: "10.244.0.0/16", path: "podCidr" };
  const nodes = { name: "nodes", range: "10.224.0.0/16", path: "addressPrefix" };
  const codesOf = (...args: Parameters<typeof clusterRangeProblems>) =>
    clusterRangeProblems(...args).map((each) => `${each.code} ${each.path}`);

  test("AKS's defaults are apart", () => {
    const dns = { address: "10.0.0.10", path: "dnsServiceIP" };
    expect(
      clusterRangeProblems({ services, dns, pods, subnets: [nodes, { ...nodes, name: "again" }] }),
    ).toEqual([]);
  });

  test("all problems are found at once", () => {
    const found = codesOf({
      services: { range: "10.0.0.0/8", path: "serviceCidr" },
      dns: { address: "10.0.0.1", path: "dnsServiceIP" },
      pods: { range: "10.244.0.1/16", path: "podCidr" },
      subnets: [nodes],
    });
    expect(found).toEqual([
      "BERTH5310 podCidr",
      "BERTH5312 serviceCidr",
      "BERTH5313 dnsServiceIP",
      "BERTH5311 serviceCidr",
    ]);
  });

  test.each(["10.0.0.0", "10.0.0.1", "10.0.255.255", "10.1.0.10", "dns"])(
    "DNS cannot be at %s",
    (address) => {
      expect(codesOf({ services, dns: { address, path: "dnsServiceIP" }, subnets: [] })).toEqual([
        "BERTH5313 dnsServiceIP",
      ]);
    },
  );
});
