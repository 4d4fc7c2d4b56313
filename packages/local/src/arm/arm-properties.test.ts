import fc from "fast-check";
import { expect, test } from "vitest";
import { openLocalCloud } from "../index.ts";
import type { JsonObject } from "../store/json.ts";
import {
  armClient,
  clusterBody,
  clusterId,
  groupId,
  location,
  networkBody,
  networkId,
  poolBody,
  poolId,
  subnetBody,
  subnetId,
  subscription,
} from "../testing/arm-client.ts";

const zones = fc.subarray(["1", "2", "3"]);
const counts = fc.integer({ min: 0, max: 6 });

/** What clients may send, sound and unsound, to a handful of resources. */
const request = fc.oneof(
  fc.record({ method: fc.constant("PUT"), path: fc.constant(groupId), body: fc.constant({ location }) }),
  fc.record({
    method: fc.constant("PUT"),
    path: fc.constant(networkId),
    body: fc.constantFrom(networkBody("10.224.0.0/12"), networkBody("10.0.0.0/8")),
  }),
  fc.record({
    method: fc.constant("PUT"),
    path: fc.constantFrom(subnetId, `${networkId}/subnets/other`),
    body: fc.constantFrom(
      subnetBody("10.224.0.0/16"),
      subnetBody("10.225.0.0/28"),
      subnetBody("10.224.0.0/15"),
    ),
  }),
  fc.record({
    method: fc.constant("PUT"),
    path: fc.constantFrom(clusterId, `${clusterId}2`),
    body: fc
      .tuple(counts, zones)
      .map(([count, availabilityZones]) => clusterBody({}, { count, availabilityZones })),
  }),
  fc.record({
    method: fc.constant("PUT"),
    path: fc.constantFrom(poolId, `${clusterId}2/agentPools/user`, `${clusterId}/agentPools/system`),
    body: fc
      .tuple(counts, fc.constantFrom("User", "System"))
      .map(([count, mode]) => poolBody({ count, mode })),
  }),
  fc.record({
    method: fc.constant("DELETE"),
    path: fc.constantFrom(
      groupId,
      networkId,
      subnetId,
      clusterId,
      `${clusterId}2`,
      poolId,
      `${clusterId}/agentPools/system`,
    ),
    body: fc.constant(undefined),
  }),
  fc.record({
    method: fc.constantFrom("PUT", "GET", "POST", "DELETE", "PATCH"),
    path: fc.oneof(fc.constantFrom(groupId, clusterId, poolId, subnetId), fc.webPath()),
    body: fc.constant(undefined),
  }),
  fc.record({
    method: fc.constant("PUT"),
    path: fc.constantFrom(groupId, networkId, subnetId, clusterId, poolId),
    body: fc.oneof(
      fc.jsonValue(),
      fc.record({
        location: fc.constant(location),
        properties: fc.dictionary(
          fc.constantFrom(
            "addressPrefix",
            "agentPoolProfiles",
            "networkProfile",
            "vmSize",
            "count",
            "dnsPrefix",
            "kubernetesVersion",
          ),
          fc.jsonValue(),
        ),
      }),
    ),
  }),
);

interface Pool {
  readonly name: string;
  readonly properties: { readonly count: number; readonly availabilityZones?: readonly string[] };
}

test("whatever is sent is answered, pools have the nodes that they ask for, and nothing is left behind", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 5, maxLength: 25 }), async (requests) => {
      const cloud = await openLocalCloud({ memory: true });
      const arm = armClient(cloud);
      // A good beginning, so that most of what follows concerns something.
      for (const [path, body] of [
        [groupId, { location }],
        [networkId, networkBody("10.224.0.0/12")],
        [subnetId, subnetBody("10.224.0.0/16")],
        [clusterId, clusterBody()],
      ] as const) {
        await arm.put(path, body);
      }
      for (const { method, path, body } of requests) {
        const before = (await arm.get(clusterId)).body;
        const sent = method === "GET" ? undefined : body;
        const { status, code, message } = await arm.send(method, path, sent);
        expect(status, `${method} ${path}: ${message}`).toBeLessThan(500);
        expect(status < 400 || (code ?? "") !== "", `${method} ${path} has no code`).toBe(true);
        if (status >= 400) expect((await arm.get(clusterId)).body).toEqual(before);
      }
      for (const id of [clusterId, `${clusterId}2`]) {
        const credentials = await arm.post(`${id}/listClusterUserCredential`);
        if (credentials.status === 404) continue;
        const pools = (await arm.get(`${id}/agentPools`)).body["value"] as readonly (JsonObject & Pool)[];
        const nodes = await nodesOf(cloud.transport, credentials.body as never);
        for (const { name, properties } of pools) {
          const own = nodes.filter(({ labels }) => labels["kubernetes.azure.com/agentpool"] === name);
          expect(own, name).toHaveLength(properties.count);
          const inZones = new Map<string, number>(
            (properties.availabilityZones ?? []).map((each) => [`${location}-${each}`, 0]),
          );
          for (const { labels } of own) {
            const zone = labels["topology.kubernetes.io/zone"] ?? "";
            inZones.set(zone, (inZones.get(zone) ?? 0) + 1);
          }
          const sizes = [...inZones.values()];
          expect(
            Math.max(0, ...sizes) - Math.min(...sizes, Math.max(0, ...sizes)),
            "zones are balanced",
          ).toBeLessThan(2);
        }
      }
      await arm.delete(groupId);
      expect(await arm.get(`/subscriptions/${subscription}/resourceGroups`)).toMatchObject({
        body: { value: [] },
      });
    }),
    { numRuns: 25 },
  );
}, 60_000);

interface Metadata {
  readonly labels: Readonly<Record<string, string>>;
}

async function nodesOf(
  transport: (request: Request) => Promise<Response>,
  { kubeconfigs: [first] }: { readonly kubeconfigs: readonly { readonly value: string }[] },
): Promise<readonly Metadata[]> {
  const text = Buffer.from(first?.value ?? "", "base64").toString();
  const [server, token] = [/server: (.*)/.exec(text)?.[1], /token: (.*)/.exec(text)?.[1]];
  const response = await transport(
    new Request(`${server}/api/v1/nodes`, { headers: { authorization: `Bearer ${token}` } }),
  );
  const { items } = (await response.json()) as { readonly items: readonly { readonly metadata: Metadata }[] };
  return items.map(({ metadata }) => metadata);
}
