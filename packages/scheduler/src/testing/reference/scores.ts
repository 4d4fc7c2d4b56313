import { matchesNodeSelector, type Node, type Pod, type PodAffinityTerm } from "@berth/objects";
import { asksForNothing, constraintSelects, countOn, isIncluded } from "./filters.ts";
import {
  allocatableOf,
  defaultSelectors,
  isTolerated,
  labelOf,
  nameOf,
  ownTermMeans,
  podsOn,
  requestOf,
  termMeans,
  type World,
} from "./world.ts";

type Scores = readonly number[];

/** Weighted scores of the feasible nodes by plugin; plugins that skip are absent. */
export function scores(world: World, pod: Pod, feasible: readonly Node[]): ReadonlyMap<string, Scores> {
  const all: [string, number, Scores | undefined][] = [
    ["TaintToleration", 3, taints(pod, feasible)],
    ["NodeAffinity", 2, nodeAffinity(pod, feasible)],
    ["NodeResourcesFit", 1, feasible.map((node) => leastAllocated(world, pod, node))],
    ["PodTopologySpread", 2, spread(world, pod, feasible)],
    ["InterPodAffinity", 2, interPodAffinity(world, pod, feasible)],
    ["DynamicResources", 2, world.minor >= 36 ? feasible.map(() => 0) : undefined],
    ["NodeResourcesBalancedAllocation", 1, balanced(world, pod, feasible)],
    ["ImageLocality", 1, feasible.map((node) => images(world, pod, node))],
  ];
  return new Map(
    all.flatMap(([plugin, weight, values]) =>
      values ? [[plugin, values.map((each) => weight * each)] as const] : [],
    ),
  );
}

function taints(pod: Pod, nodes: readonly Node[]): Scores {
  const soft = (pod.spec?.tolerations ?? []).filter(
    (each) => !each.effect || each.effect === "PreferNoSchedule",
  );
  const raw = nodes.map(
    (node) =>
      (node.spec?.taints ?? []).filter(
        (each) => each.effect === "PreferNoSchedule" && !isTolerated(each, soft),
      ).length,
  );
  const most = Math.max(...raw);
  return raw.map((each) => (most === 0 ? 100 : 100 - Math.trunc((100 * each) / most)));
}

function nodeAffinity(pod: Pod, nodes: readonly Node[]): Scores | undefined {
  const preferred = pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  if (preferred.length === 0) return undefined;
  const raw = nodes.map((node) =>
    preferred
      .filter((each) => matchesNodeSelector({ nodeSelectorTerms: [each.preference] }, node))
      .reduce((sum, each) => sum + each.weight, 0),
  );
  const most = Math.max(...raw);
  return raw.map((each) => (most === 0 ? 0 : Math.trunc((100 * each) / most)));
}

const littleCpu = 100;
const littleMemory = 200 * 1024 * 1024;

function leastAllocated(world: World, pod: Pod, node: Node): number {
  const shares = [["cpu", littleCpu] as const, ["memory", littleMemory] as const]
    .filter(([resource]) => allocatableOf(node, resource) > 0)
    .map(([resource, little]) => {
      const capacity = allocatableOf(node, resource);
      const used = [...podsOn(world, node), pod].reduce(
        (sum, each) => sum + requestOf(each, resource, little),
        0,
      );
      return used > capacity ? 0 : Math.trunc(((capacity - used) * 100) / capacity);
    });
  return shares.length === 0 ? 0 : Math.trunc(shares.reduce((a, b) => a + b) / shares.length);
}

function balanced(world: World, pod: Pod, nodes: readonly Node[]): Scores | undefined {
  if (requestOf(pod, "cpu") === 0 && requestOf(pod, "memory") === 0) return undefined;
  return nodes.map((node) => {
    const balance = (pods: readonly Pod[]) => {
      const shares = ["cpu", "memory"]
        .filter((resource) => allocatableOf(node, resource) > 0)
        .map((resource) => {
          const used = pods.reduce((sum, each) => sum + requestOf(each, resource), 0);
          return Math.min(1, used / allocatableOf(node, resource));
        });
      const deviation = shares.length === 2 ? Math.abs((shares[0]! - shares[1]!) / 2) : 0;
      return Math.trunc((1 - deviation) * 100);
    };
    const running = podsOn(world, node);
    const after = balance([...running, pod]);
    return world.minor >= 36 ? 50 + Math.trunc((50 + after - balance(running)) / 2) : after;
  });
}

function images(world: World, pod: Pod, node: Node): number {
  const mebibyte = 1024 * 1024;
  const full = (image: string) => (/:[^/]*$/.test(image) ? image : `${image}:latest`);
  const sizeOn = (on: Node, image: string) =>
    on.status?.images?.find((each) => each.names?.includes(image))?.sizeBytes;
  const wanted = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map((each) =>
    full(each.image ?? ""),
  );
  let sum = 0;
  for (const image of wanted) {
    if (sizeOn(node, image) === undefined) continue;
    const having = world.nodes.filter((each) => sizeOn(each, image) !== undefined);
    sum += Math.trunc(sizeOn(having[0]!, image)! * (having.length / world.nodes.length));
  }
  const [least, most] = [23 * mebibyte, 1000 * mebibyte * wanted.length];
  return Math.trunc((100 * (Math.min(Math.max(sum, least), most) - least)) / (most - least));
}

function spread(world: World, pod: Pod, nodes: readonly Node[]): Scores | undefined {
  const own = pod.spec?.topologySpreadConstraints ?? [];
  const zoneSkew = world.flavour === "aks" ? 1 : 5;
  const anyway = "ScheduleAnyway" as const;
  const defaults = [
    { topologyKey: "kubernetes.io/hostname", maxSkew: 3, whenUnsatisfiable: anyway },
    { topologyKey: "topology.kubernetes.io/zone", maxSkew: zoneSkew, whenUnsatisfiable: anyway },
  ];
  const joined = defaultSelectors(world, pod);
  const constraints =
    own.length > 0
      ? own.filter((each) => each.whenUnsatisfiable === anyway)
      : joined.length > 0
        ? defaults
        : [];
  if (constraints.length === 0) return undefined;
  const selects = (constraint: (typeof constraints)[number]) =>
    own.length > 0
      ? asksForNothing(constraint, pod)
        ? () => false
        : constraintSelects(constraint, pod)
      : (other: Pod) => joined.every((selector) => selector(other.metadata?.labels));
  const hasAllKeys = (node: Node) =>
    constraints.every(({ topologyKey }) => labelOf(node, topologyKey) !== undefined);
  const takesPart = (node: Node) => own.length === 0 || hasAllKeys(node);
  const counted = nodes.filter(takesPart);
  const raw = nodes.map((node) => {
    let score = 0;
    for (const constraint of constraints) {
      const { topologyKey, maxSkew } = constraint;
      const value = labelOf(node, topologyKey);
      if (value === undefined) continue;
      const perNode = topologyKey === "kubernetes.io/hostname";
      const size = perNode ? counted.length : new Set(counted.map((each) => labelOf(each, topologyKey))).size;
      const there = perNode
        ? [node]
        : world.nodes.filter(
            (each) =>
              takesPart(each) && isIncluded(constraint, pod, each) && labelOf(each, topologyKey) === value,
          );
      const count = there.reduce((sum, each) => sum + countOn(world, pod, each, selects(constraint)), 0);
      score += count * Math.log(size + 2) + (maxSkew - 1);
    }
    return Math.round(score);
  });
  const among = raw.filter((_, i) => takesPart(nodes[i]!));
  const [least, most] = [Math.min(...among), Math.max(0, ...among)];
  return raw.map((each, i) => {
    if (!takesPart(nodes[i]!)) return 0;
    return most === 0 ? 100 : Math.trunc((100 * (most + least - each)) / most);
  });
}

function interPodAffinity(world: World, pod: Pod, nodes: readonly Node[]): Scores | undefined {
  const sums = new Map<string, number>();
  const add = (on: string, term: PodAffinityTerm, weight: number) => {
    const value = labelOf(
      world.nodes.find((each) => nameOf(each) === on)!,
      term.topologyKey,
    );
    if (value === undefined) return;
    const pair = JSON.stringify([term.topologyKey, value]);
    sums.set(pair, (sums.get(pair) ?? 0) + weight);
  };
  const preferences = (of: Pod) => {
    const { podAffinity, podAntiAffinity } = of.spec?.affinity ?? {};
    return [
      ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((each) => ({
        ...each,
        sign: 1,
      })),
      ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((each) => ({
        ...each,
        sign: -1,
      })),
    ];
  };
  for (const other of world.pods) {
    for (const { podAffinityTerm: term, weight, sign } of preferences(pod)) {
      if (ownTermMeans(world, term, pod, other.pod)) add(other.node, term, sign * weight);
    }
    for (const { podAffinityTerm: term, weight, sign } of preferences(other.pod)) {
      if (termMeans(world, term, other.pod, pod)) add(other.node, term, sign * weight);
    }
    for (const term of other.pod.spec?.affinity?.podAffinity
      ?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
      if (termMeans(world, term, other.pod, pod)) add(other.node, term, 1);
    }
  }
  if (sums.size === 0) return undefined;
  const raw = nodes.map((node) => {
    let sum = 0;
    for (const [pair, weight] of sums) {
      const [key, value] = JSON.parse(pair) as [string, string];
      if (labelOf(node, key) === value) sum += weight;
    }
    return sum;
  });
  const [least, most] = [Math.min(...raw), Math.max(...raw)];
  return raw.map((each) => (most === least ? 0 : Math.trunc(100 * ((each - least) / (most - least)))));
}
