import { type JsonObject, type Output, secret, text } from "@berth/core";
import fc from "fast-check";
import { Cluster, KubernetesObject, Machine, Network, Pool, service, Subnet, workload } from "./cloud.ts";

/** A program as data, so that it can be drawn, edited and permuted. Names refer to earlier ones; what is missing is left out. */
export interface Shape {
  readonly networks: readonly {
    readonly id: number;
    readonly name: string;
    readonly range: number;
    /** Another one is another network. */
    readonly zone: string;
    readonly deleteFirst: boolean;
  }[];
  readonly subnets: readonly { readonly id: number; readonly network: number; readonly size: number }[];
  readonly machines: readonly {
    readonly id: number;
    readonly subnet: number;
    readonly size: number;
    readonly password: number;
    readonly takes: boolean;
    readonly trigger: string | undefined;
  }[];
  readonly cluster: "none" | "a" | "b";
  readonly pools: readonly { readonly id: number; readonly count: number; readonly zones: number }[];
  readonly workloads: readonly {
    readonly id: number;
    readonly replicas: number;
    readonly image: number;
    readonly cpu: number;
  }[];
  readonly services: readonly {
    readonly id: number;
    readonly workload: number;
    readonly headless: boolean;
  }[];
}

const id = fc.nat(4);
const each = <T>(of: fc.Arbitrary<T & { readonly id: number }>) =>
  fc.uniqueArray(of, { maxLength: 4, selector: (drawn) => drawn.id });
export const shapes: fc.Arbitrary<Shape> = fc.record({
  // Physical names belong to one resource each, or two would be the same thing.
  networks: each(
    fc.record({
      id,
      range: fc.nat(1),
      name: fc.constantFrom("x", "y", "z{generation}-"),
      zone: fc.constantFrom("a", "a", "b"),
      deleteFirst: fc.boolean(),
    }),
  ),
  subnets: each(fc.record({ id, network: id, size: fc.nat(1) })),
  machines: each(
    fc.record({
      id,
      subnet: id,
      size: fc.nat(1),
      password: fc.nat(2),
      takes: fc.boolean(),
      trigger: fc.constantFrom(undefined, "1", "2"),
    }),
  ),
  cluster: fc.constantFrom("none", "a", "b"),
  pools: each(fc.record({ id, count: fc.nat(3), zones: fc.nat(2) })),
  workloads: each(
    fc.record({ id, replicas: fc.nat(4), image: fc.nat(1), cpu: fc.constantFrom(100, 900, 3000) }),
  ),
  services: each(fc.record({ id, workload: id, headless: fc.boolean() })),
});

/** Declares a shape. With a `seed`, what is independent is declared in another order. */
export function declareShape(
  { networks, subnets, machines, cluster: kind, pools, workloads, services }: Shape,
  reversed = false,
): Record<string, Output<string>> {
  const inOrder = <T>(list: readonly T[]): readonly T[] => (reversed ? list.toReversed() : list);
  const made = {
    networks: new Map<number, InstanceType<typeof Network>>(),
    subnets: new Map<number, InstanceType<typeof Subnet>>(),
  };
  const outputs: Record<string, Output<string>> = {};
  for (const { id: n, name, range, zone, deleteFirst } of inOrder(networks)) {
    const inputs = { name: `${name}${n}`, range: `10.${range}.0.0/16`, zone };
    const options = deleteFirst ? { deleteBeforeReplace: true } : {};
    made.networks.set(n, new Network(`network${n}`, inputs, options));
  }
  for (const { id: n, network, size } of inOrder(subnets)) {
    const of = made.networks.get(network);
    if (of) made.subnets.set(n, new Subnet(`subnet${n}`, { network: of.id, size }));
  }
  for (const { id: n, subnet, size, password, takes, trigger } of inOrder(machines)) {
    const of = made.subnets.get(subnet);
    const inputs = {
      size,
      ...(of && takes ? { subnet: of.id } : {}),
      ...(of ? { note: text`by ${of.gateway}` } : {}),
      ...(password > 0 ? { password: secret(`hunter${password}`) } : {}),
    };
    const machine = new Machine(
      `machine${n}`,
      inputs,
      trigger === undefined ? {} : { replacementTrigger: trigger },
    );
    outputs[`ip${n}`] = machine.ip;
  }
  if (kind === "none") return outputs;
  const cluster = new Cluster("cluster", { name: kind, nodes: 1 });
  for (const { id: n, count, zones } of inOrder(pools)) {
    new Pool(`pool${n}`, { cluster: cluster.id, name: `pool${n}`, count, zones: ["a", "b"].slice(0, zones) });
  }
  const object = (name: string, json: JsonObject): void =>
    void new KubernetesObject(name, json as never, { silence: ["BERTH3101", "BERTH3103"] });
  for (const { id: n, replicas, image, cpu } of inOrder(workloads)) {
    object(
      `web${n}`,
      workload(n === 3 ? "StatefulSet" : "Deployment", `web${n}`, {
        replicas,
        image: `v${image}`,
        cpu: `${cpu}m`,
      }),
    );
  }
  for (const { id: n, workload: of, headless } of inOrder(services)) {
    object(`service${n}`, {
      ...service(`web${of}`, headless ? { clusterIP: "None" } : {}),
      metadata: { name: `service${n}`, namespace: "default" },
    });
  }
  return outputs;
}
