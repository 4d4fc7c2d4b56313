import { milliUnits, type Node, type Pod, type PodSpec, wholeUnits } from "@berth/objects";
import type { NodeRefusal, ResourceFit } from "../decision.ts";
import type { Scheduler } from "../scheduler.ts";
import { daemonsOf, type NodeShape } from "./problem.ts";

/** A change that places a pod which fits nowhere: tried on the cluster, and found to work. */
export type WayOut =
  /** Request less of one resource. cpu in millicores, memory and storage in bytes, else in units. */
  | {
      readonly kind: "request-less";
      readonly resource: string;
      readonly from: number;
      readonly to: number;
      readonly node: string;
    }
  /** Make a requirement a preference, or leave it out. */
  | { readonly kind: "relax"; readonly path: string; readonly node: string }
  /** Tolerate the taints of a node. */
  | { readonly kind: "tolerate"; readonly taints: readonly string[]; readonly node: string }
  /** One more node of a shape. */
  | { readonly kind: "add-node"; readonly shape: string; readonly price?: number; readonly node: string };

/**
 * What would place a pod that is unschedulable, the smallest change first: a request that is lowered by
 * no more than half, a requirement that is relaxed, a toleration, one more node (cheapest first), and at
 * last a request that is lowered by more. Each is tried by scheduling; the cluster is left as it was.
 *
 * @example const [smallest] = waysOut(scheduler, pod, shapes);
 */
export function waysOut(
  scheduler: Scheduler,
  pod: Pod,
  shapes: readonly NodeShape[] = [],
): readonly WayOut[] {
  const decision = scheduler.decide(pod);
  if (decision.kind !== "unschedulable") return [];
  const less = lowerRequests(scheduler, pod, decision.reasons);
  const little = less.filter(({ from, to }) => to * 2 >= from);
  return [
    ...little,
    ...relaxations(scheduler, pod),
    ...tolerations(scheduler, pod),
    ...moreNodes(scheduler, pod, shapes),
    ...less.filter((each) => !little.includes(each)),
  ];
}

type LowerRequest = Extract<WayOut, { kind: "request-less" }>;

/** For each resource that is short, the least that must go, wherever only that resource is short. */
function lowerRequests(scheduler: Scheduler, pod: Pod, reasons: readonly NodeRefusal[]): LowerRequest[] {
  const found = new Map<string, LowerRequest>();
  for (const { shortages } of reasons) {
    const [short, ...others] = shortages;
    if (short === undefined || others.length > 0 || short.requested <= short.shortBy) continue;
    const to = short.requested - short.shortBy;
    if (to <= (found.get(short.resource)?.to ?? 0)) continue;
    const node = placeOf(scheduler, requestLess(pod, short));
    if (node !== undefined)
      found.set(short.resource, {
        kind: "request-less",
        resource: short.resource,
        from: short.requested,
        to,
        node,
      });
  }
  return [...found.values()];
}

/** The pod with what is too much taken from the container that requests most. */
function requestLess(pod: Pod, { resource, shortBy }: ResourceFit): Pod {
  const amount = (container: PodSpec["containers"][number]) => {
    const quantity = container.resources?.requests?.[resource] ?? 0;
    return resource === "cpu" ? milliUnits(quantity) : wholeUnits(quantity);
  };
  const { containers = [] } = pod.spec ?? {};
  const largest = containers.reduce((a, b) => (amount(b) > amount(a) ? b : a), containers[0]!);
  const left = amount(largest) - shortBy;
  const requests = {
    ...largest.resources?.requests,
    [resource]: resource === "cpu" ? `${left}m` : `${left}`,
  };
  const lowered = { ...largest, resources: { ...largest.resources, requests } };
  return withSpec(pod, { containers: containers.map((each) => (each === largest ? lowered : each)) });
}

/** Requirements of the pod that keep it away by themselves. */
function relaxations(scheduler: Scheduler, pod: Pod): WayOut[] {
  const spec = pod.spec ?? { containers: [] };
  const { affinity = {}, nodeSelector, topologySpreadConstraints = [], containers } = spec;
  const changes: [string, Partial<PodSpec>][] = [];
  topologySpreadConstraints.forEach((each, i) => {
    if (each.whenUnsatisfiable !== "DoNotSchedule") return;
    const { minDomains: _, ...rest } = each;
    const relaxed = topologySpreadConstraints.with(i, { ...rest, whenUnsatisfiable: "ScheduleAnyway" });
    changes.push([
      `spec.topologySpreadConstraints[${i}].whenUnsatisfiable`,
      { topologySpreadConstraints: relaxed },
    ]);
  });
  for (const kind of ["podAntiAffinity", "podAffinity", "nodeAffinity"] as const) {
    const { requiredDuringSchedulingIgnoredDuringExecution: required, ...rest } = affinity[kind] ?? {};
    if (required === undefined) continue;
    changes.push([
      `spec.affinity.${kind}.requiredDuringSchedulingIgnoredDuringExecution`,
      { affinity: { ...affinity, [kind]: rest } },
    ]);
  }
  if (nodeSelector !== undefined) changes.push(["spec.nodeSelector", { nodeSelector: {} }]);
  if (containers.some(({ ports = [] }) => ports.some(({ hostPort }) => hostPort))) {
    const free = containers.map(({ ports = [], ...rest }) => ({
      ...rest,
      ports: ports.map(({ hostPort: _, ...port }) => port),
    }));
    changes.push(["spec.containers[*].ports[*].hostPort", { containers: free }]);
  }
  return changes.flatMap(([path, change]) => {
    const node = placeOf(scheduler, withSpec(pod, change));
    return node === undefined ? [] : [{ kind: "relax" as const, path, node }];
  });
}

/** Nodes that only their taints keep closed: each set of taints once. */
function tolerations(scheduler: Scheduler, pod: Pod): WayOut[] {
  const { tolerations: own = [] } = pod.spec ?? {};
  const everything = withSpec(pod, { tolerations: [...own, { operator: "Exists" }] });
  const found = new Map<string, WayOut>();
  for (const { node, feasible } of scheduler.explain(everything)) {
    const taints = scheduler.taintsOf(node).filter(({ effect }) => effect !== "PreferNoSchedule");
    const texts = taints.map(({ key, value = "", effect }) => `${key}=${value}:${effect}`);
    if (!feasible || taints.length === 0 || found.has(texts.join())) continue;
    const tolerating = withSpec(pod, {
      tolerations: [
        ...own,
        ...taints.map(({ key, effect }) => ({ key, effect, operator: "Exists" as const })),
      ],
    });
    const place = placeOf(scheduler, tolerating);
    if (place !== undefined) found.set(texts.join(), { kind: "tolerate", taints: texts, node: place });
  }
  return [...found.values()];
}

/** Shapes of which one more node takes the pod, cheapest first. */
function moreNodes(scheduler: Scheduler, pod: Pod, shapes: readonly NodeShape[]): WayOut[] {
  const found = shapes.flatMap((shape): Extract<WayOut, { kind: "add-node" }>[] => {
    const node = firstNew(scheduler, shape);
    if (node === undefined) return [];
    const name = node.metadata?.name ?? "";
    const daemons = daemonsOf(shape, node);
    scheduler.addNode(node);
    for (const daemon of daemons) scheduler.assume(daemon, name);
    const place = placeOf(scheduler, pod);
    for (const daemon of daemons) scheduler.remove(daemon);
    scheduler.removeNode(name);
    if (place === undefined) return [];
    return [
      {
        kind: "add-node",
        shape: shape.name,
        node: place,
        ...(shape.price !== undefined && { price: shape.price }),
      },
    ];
  });
  return found.toSorted((a, b) => (a.price ?? 0) - (b.price ?? 0));
}

/** The first node of a shape that the cluster does not have. */
function firstNew(scheduler: Scheduler, shape: NodeShape): Node | undefined {
  for (let index = 0; index < (shape.limit ?? Number.POSITIVE_INFINITY); index++) {
    const node = shape.node(index);
    if (!scheduler.hasNode(node.metadata?.name ?? "")) return node;
  }
  return undefined;
}

function placeOf(scheduler: Scheduler, pod: Pod): string | undefined {
  const decision = scheduler.decide(pod);
  return decision.kind === "placed" ? decision.node : undefined;
}

function withSpec(pod: Pod, change: Partial<PodSpec>): Pod {
  return { ...pod, spec: { containers: [], ...pod.spec, ...change } };
}
