import { type Container, milliUnits, type Pod, wholeUnits } from "@berth/objects";

export type ResourceList = Readonly<Record<string, string | number>>;

type ContainerStatus = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

/** Amounts by resource: cpu in millicores, all others in whole units (bytes for memory). */
export type Amounts = ReadonlyMap<string, number>;

/** What a pod asks of its node, in the views that kube-scheduler keeps (scheduling.md §1.3). */
export interface PodRequests {
  /** What filters and BalancedAllocation count. */
  readonly real: Amounts;
  /** cpu and memory as a node's LeastAllocated total counts them: what is not requested counts as a little. */
  readonly nonZeroCpu: number;
  readonly nonZeroMemory: number;
  /** The same for the incoming pod while it is scored, where pod-level requests are not seen. */
  readonly scoredCpu: number;
  readonly scoredMemory: number;
}

/** Counted for a container that requests no cpu: 100 millicores. */
const defaultCpu = 100;
/** Counted for a container that requests no memory: 200 MiB. */
const defaultMemory = 200 * 1024 * 1024;

/** `podLevel`: whether this version honours `spec.resources` (on since 1.34). */
export function requestsOf(pod: Pod, podLevel: boolean): PodRequests {
  const bare = aggregate(pod, undefined);
  const scored = aggregate(
    pod,
    new Map([
      ["cpu", defaultCpu],
      ["memory", defaultMemory],
    ]),
  );
  const overhead = amounts(pod.spec?.overhead);
  const levels = podLevel ? podLevelRequests(pod) : undefined;
  const real = plus(levels === undefined ? bare : new Map([...bare, ...levels]), overhead);
  const nonZero = levels === undefined ? scored : nonZeroWithPodLevel(pod, real, levels);
  return {
    real,
    nonZeroCpu: total("cpu", nonZero, overhead),
    nonZeroMemory: total("memory", nonZero, overhead),
    scoredCpu: total("cpu", scored, overhead),
    scoredMemory: total("memory", scored, overhead),
  };
}

function total(resource: string, base: Amounts, overhead: Amounts): number {
  return (base.get(resource) ?? 0) + (overhead.get(resource) ?? 0);
}

/** The defaults count only for what is requested neither at pod nor at container level. */
function nonZeroWithPodLevel(pod: Pod, real: Amounts, levels: Amounts): Amounts {
  const defaults = new Map<string, number>();
  if (!real.has("cpu")) defaults.set("cpu", defaultCpu);
  if (!real.has("memory")) defaults.set("memory", defaultMemory);
  return new Map([...aggregate(pod, defaults), ...levels]);
}

/** cpu, memory and huge pages that `spec.resources` names, or nothing where it names none. */
function podLevelRequests(pod: Pod): Amounts | undefined {
  const supported = [...amounts(withDefaults(pod.spec?.resources))].filter(
    ([name]) => name === "cpu" || name === "memory" || name.startsWith("hugepages-"),
  );
  return supported.length === 0 ? undefined : new Map(supported);
}

/** The larger of what the containers need together and what the init containers need at their peak. */
function aggregate(pod: Pod, defaults: Amounts | undefined): Amounts {
  const sum = new Map<string, number>();
  for (const container of pod.spec?.containers ?? []) {
    add(sum, containerRequests(container, pod.status?.containerStatuses, pod, defaults));
  }
  const sidecars = new Map<string, number>();
  const peak = new Map<string, number>();
  for (const container of pod.spec?.initContainers ?? []) {
    const requests = containerRequests(container, pod.status?.initContainerStatuses, pod, defaults);
    if (container.restartPolicy === "Always") {
      add(sum, requests);
      add(sidecars, requests);
      raise(peak, sidecars);
    } else {
      raise(peak, plus(sidecars, requests));
    }
  }
  raise(sum, peak);
  return sum;
}

function containerRequests(
  container: Container,
  statuses: readonly ContainerStatus[] | undefined,
  pod: Pod,
  defaults: Amounts | undefined,
): Map<string, number> {
  const requests = new Map(amounts(withDefaults(container.resources)));
  const status = statuses?.find((each) => each.name === container.name);
  if (status !== undefined) applyResize(requests, status, pod);
  for (const [name, amount] of defaults ?? []) if (!requests.has(name)) requests.set(name, amount);
  return requests;
}

/** While a running pod is resized in place, the larger of what it has and what it asks for counts. */
function applyResize(requests: Map<string, number>, status: ContainerStatus, pod: Pod): void {
  const actual = amounts(status.resources?.requests);
  const allocated = amounts(status.allocatedResources);
  if (actual.size === 0 && allocated.size === 0) return;
  const infeasible = pod.status?.conditions?.some(
    (each) => each.type === "PodResizePending" && each.status === "True" && each.reason === "Infeasible",
  );
  if (infeasible === true) requests.clear();
  raise(requests, actual);
  raise(requests, allocated);
}

/** As the API server stores it: a limit without a request is the request too. */
function withDefaults(resources: Container["resources"]): ResourceList | undefined {
  return resources?.limits === undefined
    ? resources?.requests
    : { ...resources.limits, ...resources.requests };
}

export function amounts(list: ResourceList | undefined): Amounts {
  const result = new Map<string, number>();
  for (const name in list)
    result.set(name, name === "cpu" ? milliUnits(list[name] ?? 0) : wholeUnits(list[name] ?? 0));
  return result;
}

function plus(a: Amounts, b: Amounts): Map<string, number> {
  const sum = new Map(a);
  add(sum, b);
  return sum;
}

function add(sum: Map<string, number>, more: Amounts): void {
  for (const [name, amount] of more) sum.set(name, (sum.get(name) ?? 0) + amount);
}

function raise(floor: Map<string, number>, to: Amounts): void {
  for (const [name, amount] of to) floor.set(name, Math.max(floor.get(name) ?? 0, amount));
}
