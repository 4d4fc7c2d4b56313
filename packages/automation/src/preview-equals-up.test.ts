import { ManagedCluster, NodePool, ResourceGroup } from "@berth/azure";
import { declare, type Graph } from "@berth/core";
import { type ApplyOperation, preview, up } from "@berth/engine";
import { Deployment, Service, StatefulSet } from "@berth/kubernetes";
import { type ClusterPlan, type Plan, planStack } from "@berth/planner";
import { memoryBackend, openSecrets } from "@berth/state";
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { memoryCloud } from "./local-cloud.ts";
import { definitionsOf } from "./definitions.ts";

/** A cluster and what runs on it, as data that can be drawn. */
interface Shape {
  readonly system: number;
  readonly pools: readonly {
    readonly id: number;
    readonly size: string;
    readonly count: number;
    readonly zones: number;
    readonly tainted: boolean;
  }[];
  readonly workloads: readonly {
    readonly id: number;
    readonly ordinal: boolean;
    readonly replicas: number;
    readonly image: number;
    readonly cpu: number;
    readonly apart: boolean;
    readonly tolerates: boolean;
  }[];
}

const size = fc.constantFrom("Standard_D2s_v5", "Standard_D4s_v5");
const each = <T extends { readonly id: number }>(of: fc.Arbitrary<T>) =>
  fc.uniqueArray(of, { maxLength: 3, selector: ({ id }) => id });
const shape: fc.Arbitrary<Shape> = fc.record({
  system: fc.integer({ min: 1, max: 2 }),
  pools: each(fc.record({ id: fc.nat(2), size, count: fc.nat(3), zones: fc.nat(3), tainted: fc.boolean() })),
  workloads: each(
    fc.record({
      id: fc.nat(3),
      ordinal: fc.boolean(),
      replicas: fc.nat(5),
      image: fc.nat(2),
      cpu: fc.constantFrom(10, 400, 1500),
      apart: fc.boolean(),
      tolerates: fc.boolean(),
    }),
  ),
});

const folder = mkdtempSync(join(tmpdir(), "berth-preview-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function graphOf({ system, pools, workloads }: Shape): Promise<Graph> {
  return declare({ project: "shop", stack: "dev" }, () => {
    const location = "westeurope";
    const group = new ResourceGroup("shop", { location });
    const cluster = new ManagedCluster("shop", {
      resourceGroupName: group.name,
      location,
      kubernetesVersion: "1.36",
      systemPool: { vmSize: "Standard_D2s_v5", count: system, availabilityZones: ["1", "2"] },
    });
    for (const { id, size: vmSize, count, zones, tainted } of pools) {
      new NodePool(`pool${id}`, {
        cluster,
        vmSize,
        count,
        availabilityZones: ["1", "2", "3"].slice(0, zones),
        ...(tainted && { nodeTaints: ["dedicated=shop:NoSchedule"] }),
      });
    }
    for (const { id, ordinal, replicas, image, cpu, apart, tolerates } of workloads) {
      const labels = { app: `web${id}` };
      const constraint = {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "DoNotSchedule" as const,
        labelSelector: { matchLabels: labels },
      };
      const template = {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "web",
              image: `web:${image}`,
              ports: [{ containerPort: 80 }],
              resources: { requests: { cpu: `${cpu}m`, memory: "64Mi" } },
            },
          ],
          ...(apart && { topologySpreadConstraints: [constraint] }),
          ...(tolerates && { tolerations: [{ key: "dedicated", operator: "Exists" as const }] }),
        },
      };
      const selector = { matchLabels: labels };
      if (ordinal)
        new StatefulSet(`web${id}`, { spec: { serviceName: `web${id}`, replicas, selector, template } });
      else new Deployment(`web${id}`, { spec: { replicas, selector, template } });
      new Service(`web${id}`, { spec: { selector: labels, ports: [{ port: 80 }] } });
    }
  });
}

/** How many pods of each workload stand on each node, nodes by their place in their pool: what a name cannot hide. */
function placementOf({ clusters: [cluster] }: Plan): Readonly<Record<string, number>> {
  const pods: Record<string, number> = {};
  if (!cluster) return pods;
  const places = placesOf(cluster);
  for (const { change, workload, node, pods: names } of cluster.placement) {
    if (change === "gone") continue;
    const key = `${workload} on ${places.get(node)}`;
    pods[key] = (pods[key] ?? 0) + names.length;
  }
  for (const { workload, pods: names } of cluster.unplaced) pods[`${workload} nowhere`] = names.length;
  for (const { service, endpoints, change } of cluster.services) {
    if (change === "gone") continue;
    pods[`endpoints of ${service}`] = endpoints.filter(({ change }) => change !== "gone").length;
  }
  return pods;
}

function placesOf({ nodes }: ClusterPlan): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  const places = new Map<string, string>();
  for (const { name, pool, change } of nodes) {
    if (change === "gone") continue;
    const place = (counts.get(pool) ?? 0) + 1;
    counts.set(pool, place);
    places.set(name, `${pool} ${place}`);
  }
  return places;
}

const runs = Number(process.env["BERTH_PROPERTY_RUNS"] ?? 8);

test("what a preview places is what up gets, edit after edit", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(shape, { minLength: 2, maxLength: 3 }), async (shapes) => {
      const cloud = memoryCloud().open("write");
      const backend = memoryBackend({ project: "shop" });
      try {
        for (const of of shapes) {
          const graph = await graphOf(of);
          const operation: ApplyOperation = {
            graph,
            definition: definitionsOf(graph),
            providers: cloud.providers,
            backend,
            secrets: (recorded) =>
              openSecrets({ recorded, passphrase: undefined, keyFile: join(folder, "secrets.key") }),
            plan: planStack,
          };
          const before = await preview(operation);
          expect(before.plan.problems.filter(({ severity }) => severity === "error")).toEqual([]);
          const applied = await up(operation);
          expect(applied.problems.filter(({ severity }) => severity === "error")).toEqual([]);
          const after = await preview(operation);
          expect([after.plan.changes, after.plan.steps]).toEqual([[], []]);
          expect(placementOf(after.plan)).toEqual(placementOf(before.plan));
          expect(after.plan.summary.pods).toMatchObject({ new: 0, moved: 0, gone: 0 });
        }
      } finally {
        await cloud.close();
      }
    }),
    { numRuns: runs },
  );
});
