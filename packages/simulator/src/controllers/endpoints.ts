import type { Endpoint, EndpointPort, EndpointSlice, Node, Pod, Service, ServicePort } from "@berth/objects";
import { canonical, sameValue } from "../canonical.ts";
import type { Held } from "../held.ts";
import { zoneOf } from "../node.ts";
import { controllerReference, isFinished, isReady } from "../pod.ts";
import type { Action } from "./action.ts";

/** The EndpointSlice controller puts at most so many endpoints into one slice. */
const SLICE_SIZE = 100;
export const SERVICE_LABEL = "kubernetes.io/service-name";
const MANAGED_BY = { "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io" };

export interface EndpointsView {
  readonly service: Held<Service>;
  /** Pods that the service's selector selects, in order of creation. */
  readonly pods: readonly Held<Pod>[];
  /** The slices of the service, in order of creation. */
  readonly slices: readonly Held<EndpointSlice>[];
  node(name: string): Node | undefined;
  /** Name of a new slice, see `Naming.endpointSlice`. */
  sliceName(): string;
}

/** Endpoints that go into slices together, because their ports have the same numbers. */
interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Map<string, Endpoint>;
}

/** Pods that serve a service: selected, on a node, not finished. */
export function servingPods({ pods }: Pick<EndpointsView, "pods">): readonly Held<Pod>[] {
  return pods.filter((pod) => pod.object.spec?.nodeName && !isFinished(pod.object));
}

/**
 * Keeps a service's endpoint slices (`k8s.io/endpointslice`): one set of slices for each way in
 * which its ports resolve; endpoints stay where they are, slices that change anyway are filled first.
 */
export function reconcileEndpoints(view: EndpointsView): Action[] {
  const groups = groupByPorts(view);
  const actions: Action[] = [];
  for (const slice of view.slices) {
    if (!groups.has(portsKey(slice.object.ports ?? []))) actions.push(remove(slice));
  }
  for (const [key, group] of groups) {
    const own = view.slices.filter((slice) => portsKey(slice.object.ports ?? []) === key);
    actions.push(...reconcileGroup(view, group, own));
  }
  return actions;
}

function groupByPorts(view: EndpointsView): Map<string, PortGroup> {
  const groups = new Map<string, PortGroup>();
  for (const pod of servingPods(view)) {
    const ports = resolvedPorts(view.service.object, pod.object);
    const key = portsKey(ports);
    const group = groups.get(key) ?? { ports, endpoints: new Map() };
    groups.set(key, group);
    group.endpoints.set(pod.uid, endpointOf(view, pod));
  }
  // A service without endpoints keeps one empty slice.
  if (groups.size === 0) groups.set(portsKey([]), { ports: [], endpoints: new Map() });
  return groups;
}

function reconcileGroup(
  view: EndpointsView,
  group: PortGroup,
  slices: readonly Held<EndpointSlice>[],
): Action[] {
  const missing = new Map(group.endpoints);
  const kept = slices.map((slice) => {
    const endpoints = (slice.object.endpoints ?? []).flatMap((each) => {
      const uid = each.targetRef?.uid ?? "";
      const now = missing.get(uid);
      missing.delete(uid);
      return now ?? [];
    });
    return { slice, endpoints, isChanged: !sameValue(endpoints, slice.object.endpoints ?? []) };
  });
  const waiting = [...missing.values()];
  const fullestFirst = kept
    .filter((each) => each.isChanged)
    .toSorted((a, b) => b.endpoints.length - a.endpoints.length);
  for (const { endpoints } of fullestFirst)
    endpoints.push(...waiting.splice(0, SLICE_SIZE - endpoints.length));
  const roomy = waiting.length < SLICE_SIZE ? slotFor(waiting.length, kept) : undefined;
  if (roomy) {
    roomy.endpoints.push(...waiting.splice(0));
    roomy.isChanged = true;
  }
  const isLastOne = kept.every((each) => each.endpoints.length === 0) && waiting.length === 0;
  const changes = kept.flatMap(({ slice, endpoints, isChanged }, index): Action[] => {
    if (endpoints.length === 0 && !(isLastOne && index === 0)) return [remove(slice)];
    return isChanged ? [{ do: "write", object: withEndpoints(slice.object, endpoints) }] : [];
  });
  const created: Action[] = [];
  while (waiting.length > 0) created.push(create(view, group.ports, waiting.splice(0, SLICE_SIZE)));
  if (slices.length === 0 && created.length === 0) created.push(create(view, group.ports, []));
  return [...changes, ...created];
}

/** The fullest slice that takes so many more whole. */
function slotFor<T extends { readonly endpoints: Endpoint[] }>(
  count: number,
  kept: readonly T[],
): T | undefined {
  const fitting = count === 0 ? [] : kept.filter((each) => each.endpoints.length + count <= SLICE_SIZE);
  return fitting.reduce<T | undefined>(
    (best, each) => (best && best.endpoints.length >= each.endpoints.length ? best : each),
    undefined,
  );
}

function endpointOf({ service, node }: EndpointsView, pod: Held<Pod>): Endpoint {
  const { object, ref } = pod;
  const nodeName = object.spec?.nodeName ?? "";
  const zone = zoneOf(node(nodeName));
  const terminating = object.metadata?.deletionTimestamp !== undefined;
  const serving = isReady(object) || service.object.spec?.publishNotReadyAddresses === true;
  const address = object.status?.podIP;
  return {
    addresses: address === undefined ? [] : [address],
    conditions: { ready: serving && !terminating, serving, terminating },
    ...(object.spec?.hostname !== undefined && object.spec.subdomain === service.ref.name
      ? { hostname: object.spec.hostname }
      : {}),
    targetRef: {
      kind: "Pod",
      ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
      name: ref.name,
      uid: pod.uid,
    },
    nodeName,
    ...(zone === undefined ? {} : { zone }),
  };
}

/** The service's ports as numbers of this pod; a named port that no container has is left out. */
export function resolvedPorts(service: Service, pod: Pod): readonly EndpointPort[] {
  return (service.spec?.ports ?? []).flatMap((port) => {
    const number = resolvePort(port, pod);
    if (number === undefined) return [];
    const { appProtocol } = port;
    return [
      {
        name: port.name ?? "",
        protocol: port.protocol ?? "TCP",
        port: number,
        ...(appProtocol === undefined ? {} : { appProtocol }),
      },
    ];
  });
}

function resolvePort(port: ServicePort, pod: Pod): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target === 0 ? port.port : target;
  const containers = [
    ...(pod.spec?.containers ?? []),
    ...(pod.spec?.initContainers ?? []).filter((each) => each.restartPolicy === "Always"),
  ];
  const ports = containers.flatMap((each) => each.ports ?? []);
  return ports.find((each) => each.name === target && (each.protocol ?? "TCP") === (port.protocol ?? "TCP"))
    ?.containerPort;
}

function portsKey(ports: readonly EndpointPort[]): string {
  return ports.map(canonical).toSorted().join(" ");
}

function create(view: EndpointsView, ports: readonly EndpointPort[], endpoints: Endpoint[]): Action {
  const { service } = view;
  const isHeadless = service.object.spec?.clusterIP === "None";
  const object: EndpointSlice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: view.sliceName(),
      generateName: `${service.ref.name}-`,
      ...(service.ref.namespace === undefined ? {} : { namespace: service.ref.namespace }),
      labels: {
        ...service.object.metadata?.labels,
        ...MANAGED_BY,
        [SERVICE_LABEL]: service.ref.name,
        ...(isHeadless ? { "service.kubernetes.io/headless": "" } : {}),
      },
      ownerReferences: [controllerReference(service)],
    },
    addressType: "IPv4",
    endpoints,
    ports: [...ports],
  };
  return { do: "create", object };
}

function withEndpoints(slice: EndpointSlice, endpoints: Endpoint[]): EndpointSlice {
  return { ...slice, endpoints };
}

function remove(slice: Held<EndpointSlice>): Action {
  return { do: "delete", ref: slice.ref, cause: "owner-deleted" };
}
