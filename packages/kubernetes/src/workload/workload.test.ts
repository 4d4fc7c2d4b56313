import { declare, type Graph, type GraphResource, Resource, ResourceType } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { describe, expect, test } from "vitest";
import { Workload } from "./workload.ts";

@ResourceType("acme:Cluster", { provider: "acme", isCluster: true })
class Cluster extends Resource<object> {}

const scope = { project: "shop", stack: "dev", mapSite: () => ({ file: "shop.ts", line: 3, column: 7 }) };
const web = { image: "nginx:1", ports: [{ containerPort: 80 }] };

async function program(run: () => void): Promise<Graph> {
  return declare(scope, () => {
    new Cluster("c", {});
    run();
  });
}

const find = (graph: Graph, kind: string): GraphResource =>
  graph.resources.find((each) => each.type === `kubernetes:${kind}`)!;

describe("a workload", () => {
  test("is a plain deployment and service, declared where the workload is", async () => {
    const graph = await program(() => {
      const one = new Workload("web", { ...web, replicas: 2, env: { A: "1" }, namespace: "shop" });
      one.exposePublicly({ port: 443 });
    });
    const deployment = find(graph, "Deployment");
    expect(deployment.site).toEqual(scope.mapSite());
    expect(deployment.urn).toBe("urn:berth:dev:shop::kubernetes:Deployment::web/web");
    expect(deployment.inputs).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "shop" },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: {
            containers: [
              {
                name: "web",
                image: "nginx:1",
                ports: [{ containerPort: 80 }],
                env: [{ name: "A", value: "1" }],
              },
            ],
          },
        },
      },
    });
    expect(find(graph, "Service").inputs["spec"]).toEqual({
      type: "LoadBalancer",
      selector: { app: "web" },
      ports: [{ port: 443, targetPort: 80 }],
    });
  });

  test("spreads across zones as a promise, or as a wish", async () => {
    const graph = await program(
      () => void new Workload("web", web).spreadAcross("zone").spreadAcross("node", { strict: false }),
    );
    const spec = find(graph, "Deployment").inputs["spec"] as {
      template: { spec: { topologySpreadConstraints: object[] } };
    };
    expect(spec.template.spec.topologySpreadConstraints).toEqual([
      expect.objectContaining({
        topologyKey: "topology.kubernetes.io/zone",
        maxSkew: 1,
        whenUnsatisfiable: "DoNotSchedule",
      }),
      expect.objectContaining({ topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" }),
    ]);
  });

  test("transform reaches what no verb does", async () => {
    const graph = await program(
      () => void new Workload("web", web).transform(({ spec }) => void (spec.minReadySeconds = 5)),
    );
    expect((find(graph, "Deployment").inputs["spec"] as { minReadySeconds: number }).minReadySeconds).toBe(5);
  });
});

describe("refuses, at the workload's line", () => {
  const refusal = async (run: () => void): Promise<string> =>
    program(run).then(
      () => "accepted",
      (error: unknown) => (BerthError.is(error) ? error.message : String(error)),
    );

  test.each<[string, () => void, RegExp]>([
    ["an address without a service", () => void new Workload("web", web).address, /BERTH5108/],
    [
      "two services",
      () => void new Workload("web", web).exposeInternally({ port: 1 }).exposePublicly({ port: 2 }),
      /BERTH5109/,
    ],
    [
      "an unclear port",
      () => void new Workload("web", { image: "a" }).exposeInternally({ port: 1 }),
      /BERTH5109.*targetPort/,
    ],
    [
      "a misspelt input",
      () => void new Workload("web", { ...web, replica: 2 } as never),
      /shop\.ts:3:7 BERTH1002.*"replicas"/,
    ],
    [
      "a misspelt field deep inside",
      () =>
        void new Workload("web", web).transform(({ spec }) => {
          Object.assign(spec.template.spec!.containers[0]!, { imagePullPolice: "Always" });
        }),
      /shop\.ts:3:7 BERTH2005 .*spec\.template\.spec\.containers\[0\]\.imagePullPolice.*"imagePullPolicy"/,
    ],
  ])("%s", async (_, run, expected) => {
    expect(await refusal(run)).toMatch(expected);
  });
});
