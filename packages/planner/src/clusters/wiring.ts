import { type FrontendFacet, Unknown } from "@berth/core";
import {
  compareText,
  type EndpointSlice,
  formatLabelSelector,
  type KubernetesObject,
  refKey,
  refOf,
  type Service,
} from "@berth/objects";
import type { EndpointWiring, ServicePortWiring, ServiceWiring } from "../plan.ts";
import { ofKindIn, qualifiedName } from "./kinds.ts";
import type { Owners } from "./owners.ts";
import type { Played } from "./play.ts";

type Endpoint = Omit<EndpointWiring, "change">;

/** A service with what it reaches, at one time. */
interface Wired {
  readonly service: Service & KubernetesObject;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** Numbers by the name of the service's port. */
  readonly resolved: ReadonlyMap<string, readonly number[]>;
}

/** Every service of a cluster but its own, and where its traffic goes before and after. */
export function wireServices(
  played: Played,
  owners: Owners,
  frontends: readonly FrontendFacet[],
): readonly ServiceWiring[] {
  const [before, after] = [wired(played.rest), wired(played.after)];
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted(compareText);
  return names.flatMap((name): readonly ServiceWiring[] => {
    const [had, has] = [before.get(name), after.get(name)];
    const now = has ?? had;
    if (!now) return [];
    const ref = refOf(now.service);
    const resource = owners.resource(ref);
    if (resource === undefined && (owners.isSystem(ref) || name === "default/kubernetes")) return [];
    return [wiringOf(name, now, had, has, played, resource === undefined ? {} : { resource }, frontends)];
  });
}

function wiringOf(
  name: string,
  { service, resolved }: Wired,
  had: Wired | undefined,
  has: Wired | undefined,
  played: Played,
  owner: Pick<ServiceWiring, "resource">,
  frontends: readonly FrontendFacet[],
): ServiceWiring {
  const spec = service.spec ?? {};
  const clusterIP = spec.clusterIP === "None" || spec.clusterIP === "" ? undefined : spec.clusterIP;
  const external = externalAddress(name, service, frontends);
  const endpoints = endpointsOf(had, has, played);
  const wiring = {
    service: name,
    ...owner,
    type: spec.type ?? "ClusterIP",
    ...(clusterIP === undefined ? {} : { clusterIP }),
    ...(spec.selector === undefined ? {} : { selector: formatLabelSelector({ matchLabels: spec.selector }) }),
    ...(external === undefined ? {} : { external }),
    ports: (spec.ports ?? []).map((port) => portOf(port, spec.type, resolved.get(port.name ?? "") ?? [])),
  };
  const { service: _, ...rest } = wiring;
  const change = !has ? "gone" : !had ? "new" : isSame(had, has, endpoints) ? "stays" : "changed";
  return { service: name, change, ...rest, endpoints, endpointsBefore: had?.endpoints.size ?? 0 };
}

function isSame(had: Wired, has: Wired, endpoints: readonly EndpointWiring[]): boolean {
  const shape = ({ service: { spec } }: Wired): string =>
    JSON.stringify([spec?.type, spec?.clusterIP, spec?.selector, spec?.ports]);
  return endpoints.every((each) => each.change === "stays") && shape(had) === shape(has);
}

/** Addresses are told of pods that run only: nobody knows those of pods to come. */
function endpointsOf(
  had: Wired | undefined,
  has: Wired | undefined,
  { verdicts }: Played,
): readonly EndpointWiring[] {
  const now = has?.endpoints ?? new Map<string, Endpoint>();
  const endpoints: EndpointWiring[] = [];
  for (const [key, { address, ...endpoint }] of now) {
    const stays = had?.endpoints.has(key) === true && !verdicts.has(key);
    const runs = !verdicts.has(key) && address !== undefined;
    endpoints.push({ ...endpoint, ...(runs ? { address } : {}), change: stays ? "stays" : "new" });
  }
  for (const [key, endpoint] of had?.endpoints ?? []) {
    if (!now.has(key) || verdicts.has(key)) endpoints.push({ ...endpoint, change: "gone" });
  }
  return endpoints.toSorted((a, b) => compareText(a.pod, b.pod) || compareText(a.change, b.change));
}

type Port = NonNullable<NonNullable<Service["spec"]>["ports"]>[number];

function portOf(port: Port, type: string | undefined, resolved: readonly number[]): ServicePortWiring {
  const hasNodePort = type === "NodePort" || type === "LoadBalancer";
  return {
    ...(port.name === undefined ? {} : { name: port.name }),
    protocol: port.protocol ?? "TCP",
    port: port.port,
    targetPort: port.targetPort ?? port.port,
    resolved,
    ...(hasNodePort ? { nodePort: port.nodePort ?? ("allocated" as const) } : {}),
  };
}

function externalAddress(
  name: string,
  { spec, status }: Service,
  frontends: readonly FrontendFacet[],
): string | undefined {
  const own = frontends.find((each) => each.service === name)?.address;
  if (own !== undefined && !(own instanceof Unknown)) return own;
  if (spec?.type === "ExternalName") return spec.externalName;
  if (spec?.type !== "LoadBalancer") return undefined;
  const [ingress] = status?.loadBalancer?.ingress ?? [];
  return ingress?.ip ?? ingress?.hostname ?? "pending";
}

/** Services with the endpoints that their slices hold. */
function wired(objects: readonly KubernetesObject[]): ReadonlyMap<string, Wired> {
  const slices = new Map<string, EndpointSlice[]>();
  for (const slice of ofKindIn(objects, "discovery.k8s.io/v1 EndpointSlice")) {
    const name = `${slice.metadata?.namespace ?? "default"}/${slice.metadata?.labels?.["kubernetes.io/service-name"] ?? ""}`;
    const own = slices.get(name);
    if (own) own.push(slice);
    else slices.set(name, [slice]);
  }
  return new Map(
    ofKindIn(objects, "v1 Service").map((service) => {
      const name = qualifiedName(service);
      const own = slices.get(name) ?? [];
      return [
        name,
        {
          service,
          endpoints: readyEndpoints(own, service.metadata?.namespace),
          resolved: resolvedPorts(own),
        },
      ];
    }),
  );
}

/** Ready endpoints by the key of their pod. */
function readyEndpoints(
  slices: readonly EndpointSlice[],
  namespace: string | undefined,
): ReadonlyMap<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  for (const { addresses, conditions, nodeName, targetRef, zone } of slices.flatMap(
    (each) => each.endpoints ?? [],
  )) {
    const pod = targetRef?.name;
    if (pod === undefined || conditions?.ready === false) continue;
    const ref = {
      apiVersion: "v1",
      kind: "Pod",
      namespace: namespace ?? "default",
      name: pod,
    } satisfies Parameters<typeof refKey>[0];
    const [address] = addresses;
    endpoints.set(refKey(ref), {
      pod,
      node: nodeName ?? "",
      ...(zone === undefined ? {} : { zone }),
      ...(address === undefined ? {} : { address }),
    });
  }
  return endpoints;
}

/** The numbers that each port comes to, by the name of the service's port. */
function resolvedPorts(slices: readonly EndpointSlice[]): ReadonlyMap<string, readonly number[]> {
  const numbers = new Map<string, Set<number>>();
  for (const { name = "", port } of slices.flatMap((each) => each.ports ?? [])) {
    if (port === undefined) continue;
    const own = numbers.get(name) ?? new Set();
    numbers.set(name, own.add(port));
  }
  return new Map([...numbers].map(([name, own]) => [name, [...own].toSorted((a, b) => a - b)]));
}
