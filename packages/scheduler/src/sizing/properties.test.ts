import type { Node, Pod } from "@berth/objects";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createScheduler } from "../scheduler.ts";
import { node, pod } from "../test-objects.ts";
import { countNodes } from "./count-nodes.ts";
import { loadHighs } from "./highs.ts";
import { cheapestMix } from "./mix.ts";
import type { NodeShape } from "./problem.ts";

const kubernetes = { kubernetes: "1.36", flavour: "upstream" } as const;
const shape = (name: string, cpu: number, price: number): NodeShape => ({
  name,
  node: (index) => node(`${name}#${index}`, { allocatable: { cpu: `${cpu}`, memory: `${4 * cpu}Gi` } }),
  price,
  limit: 20,
});
const d4 = shape("d4", 4, 100);
const d8 = shape("d8", 8, 190);

interface Wanted {
  readonly cpu: number;
  readonly memory: number;
  readonly group?: "x" | "y" | undefined;
  readonly port?: number | undefined;
}

const wanted = (cpu: number): fc.Arbitrary<readonly Wanted[]> =>
  fc.array(
    fc.record({
      cpu: fc.integer({ min: 0, max: cpu }),
      memory: fc.integer({ min: 0, max: 4 * cpu }),
      group: fc.constantFrom(undefined, undefined, "x" as const, "y" as const),
      port: fc.constantFrom(undefined, undefined, 80, 443),
    }),
    { maxLength: 6 },
  );

/** Pods of a group exclude each other by host name; pods with a port want it on the host. */
const podsOf = (all: readonly Wanted[]): Pod[] =>
  all.map(({ cpu, memory, group, port }, i) =>
    pod(
      `p${i}`,
      { cpu: `${cpu}`, memory: `${memory}Gi` },
      {
        ...(group && { labels: { app: group } }),
        spec: {
          containers: [
            {
              name: "main",
              image: "app",
              resources: { requests: { cpu: `${cpu}`, memory: `${memory}Gi` } },
              ...(port && { ports: [{ containerPort: port, hostPort: port }] }),
            },
          ],
          ...(group && {
            affinity: {
              podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: group } } },
                ],
              },
            },
          }),
        },
      },
    ),
  );

const placesAll = (pods: readonly Pod[], nodes: readonly Node[]): boolean =>
  createScheduler({ ...kubernetes, nodes })
    .schedule(pods)
    .every(({ decision }) => decision.kind === "placed");
const nodesOf = (of: NodeShape, count: number): Node[] => Array.from({ length: count }, (_, i) => of.node(i));

describe("for any pods", () => {
  test("no count is below the bound; the exact one places all, as no smaller one does", () => {
    fc.assert(
      fc.property(wanted(4), fc.nat(2), (all, there) => {
        const pods = podsOf(all);
        const nodes = Array.from({ length: there }, (_, i) => node(`n${i}`, { allocatable: { cpu: "3" } }));
        const { lowerBound, autoscaler, exact } = countNodes({ ...kubernetes, nodes, pending: pods }, d4);
        const enough = (count: number): boolean => placesAll(pods, [...nodes, ...nodesOf(d4, count)]);
        expect(exact.nodes).toBeGreaterThanOrEqual(lowerBound.nodes);
        expect(autoscaler.unplaced).toEqual([]);
        expect(autoscaler.nodes).toBeGreaterThanOrEqual(lowerBound.nodes);
        expect(enough(exact.nodes!)).toBe(true);
        expect(enough(exact.nodes! + 1)).toBe(exact.oneMoreToo);
        for (let fewer = 0; fewer < exact.nodes!; fewer++) expect(enough(fewer)).toBe(false);
      }),
    );
  });

  test("the best of all packings lies between the bound and what others count", () => {
    fc.assert(
      fc.property(wanted(4), (all) => {
        const { lowerBound, autoscaler, exact } = countNodes({ ...kubernetes, pending: podsOf(all) }, d4);
        const best = fewestNodes(all);
        expect(lowerBound.nodes).toBeLessThanOrEqual(best);
        expect(autoscaler.nodes).toBeGreaterThanOrEqual(best);
        expect(exact.nodes).toBeGreaterThanOrEqual(best);
      }),
    );
  });

  test("the mix is placed by the scheduler, costs no less than its bound, and no mix that is placed costs less than that", async () => {
    const solve = await loadHighs();
    fc.assert(
      fc.property(wanted(8), (all) => {
        const pods = podsOf(all);
        const mix = cheapestMix({ ...kubernetes, pending: pods }, [d4, d8], solve);
        if (mix.kind !== "mix") return expect.unreachable("shapes without a limit place every pod");
        const enough = (small: number, large: number): boolean =>
          placesAll(pods, [...nodesOf(d4, small), ...nodesOf(d8, large)]);
        expect(enough(mix.nodes["d4"]!, mix.nodes["d8"]!)).toBe(true);
        expect(mix.price).toBe(100 * mix.nodes["d4"]! + 190 * mix.nodes["d8"]!);
        let cheapest = Number.POSITIVE_INFINITY;
        for (let small = 0; small <= all.length; small++)
          for (let large = 0; small + large <= all.length; large++)
            if (enough(small, large)) cheapest = Math.min(cheapest, 100 * small + 190 * large);
        expect(mix.bound).toBeLessThanOrEqual(cheapest + 1e-6);
        expect(mix.price).toBeGreaterThanOrEqual(cheapest);
        if (mix.price === mix.bound) expect(mix.price).toBe(cheapest);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  // Three large nodes place them; from what adds up (one of each) no single node more places another pod.
  test("a mix is found where it takes two more nodes to place one more pod", async () => {
    const pods = podsOf([
      { cpu: 0, memory: 1, group: "y" },
      { cpu: 0, memory: 1, group: "y" },
      { cpu: 0, memory: 17, group: "y" },
    ]);
    if (!placesAll(pods, nodesOf(d8, 3))) return;
    const mix = cheapestMix({ ...kubernetes, pending: pods }, [d4, d8], await loadHighs());
    expect(mix.kind).toBe("mix");
  });
});

interface Packed {
  cpu: number;
  memory: number;
  readonly taken: Set<string>;
}

/** The fewest nodes of 4 CPUs and 16 GiB, by sharing the pods out in every way. */
function fewestNodes(all: readonly Wanted[]): number {
  const nodes: Packed[] = [];
  let best = all.length;
  const share = (at: number): void => {
    const next = all[at];
    if (next === undefined) best = Math.min(best, nodes.length);
    if (next === undefined || nodes.length > best) return;
    const { cpu, memory, group, port } = next;
    const marks = [group ?? [], port === undefined ? [] : `${port}`].flat();
    for (const each of [...nodes, undefined]) {
      const on = each ?? { cpu: 4, memory: 16, taken: new Set<string>() };
      if (cpu > on.cpu || memory > on.memory || marks.some((mark) => on.taken.has(mark))) continue;
      if (each === undefined) nodes.push(on);
      [on.cpu, on.memory] = [on.cpu - cpu, on.memory - memory];
      for (const mark of marks) on.taken.add(mark);
      share(at + 1);
      [on.cpu, on.memory] = [on.cpu + cpu, on.memory + memory];
      for (const mark of marks) on.taken.delete(mark);
      if (each === undefined) nodes.pop();
    }
  };
  share(0);
  return best;
}
