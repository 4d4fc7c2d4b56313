import { type Json, type KubernetesObjectFacet, type ServiceAddresses, Unknown, type Urn } from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { plannerCodes } from "../codes.ts";
import { type Facets, ofKind } from "../facets.ts";
import type { PlanRequest } from "../request.ts";
import type { Assignments } from "../resolve/resolve.ts";
import type { Standing } from "../resolve/standing.ts";
import { type AddressWish, assignClusterIps, takesClusterIp, writtenClusterIp } from "./cluster-ips.ts";

const path = "spec.clusterIP";

export interface Assigned {
  readonly assignments: Assignments;
  /** Whether any value is another one than the resources were resolved with. */
  readonly changed: boolean;
  readonly problems: readonly Problem[];
}

interface DeclaredService {
  readonly standing: Standing;
  readonly facet: KubernetesObjectFacet;
}

/**
 * Chooses the static cluster IP of each declared service that wants one, where its cluster's
 * service addresses are known. Services that ask for a written address get no other.
 */
export function assign(request: PlanRequest, standings: readonly Standing[], facets: Facets): Assigned {
  const addresses = new Map<Urn, ServiceAddresses>();
  const declared = new Map<Urn, DeclaredService[]>();
  for (const standing of standings) {
    for (const facet of facets.after(standing)) {
      if (facet.kind === "Cluster" && facet.services !== undefined && !(facet.services instanceof Unknown)) {
        addresses.set(facet.cluster, facet.services);
      } else if (facet.kind === "KubernetesObject" && takesClusterIp(facet.object)) {
        const list = declared.get(facet.cluster);
        if (list) list.push({ standing, facet });
        else declared.set(facet.cluster, [{ standing, facet }]);
      }
    }
  }
  const assignments = new Map<Urn, Readonly<Record<string, Json>>>();
  const problems: Problem[] = [];
  for (const [cluster, services] of declared) {
    problems.push(...clashes(services));
    const wishes: AddressWish[] = [];
    for (const { standing, facet } of services) {
      if (isWritten(standing, facet)) continue;
      const remembered = rememberedAddress(standing);
      if (remembered === undefined && hasAddressOfCluster(standing)) continue;
      wishes.push({ urn: standing.resource.urn, ...(remembered === undefined ? {} : { remembered }) });
    }
    const known = addresses.get(cluster);
    if (known === undefined) {
      for (const { urn, remembered } of wishes)
        if (remembered !== undefined) assignments.set(urn, { [path]: remembered });
      continue;
    }
    const wishing = new Set(wishes.map((each) => each.urn));
    const written = services
      .filter(({ standing }) => !wishing.has(standing.resource.urn))
      .flatMap(({ facet }) => [...addressesOf(facet.object)]);
    const chosen = assignClusterIps(wishes, known, written, () =>
      takenAddresses(request, facets, cluster, services, wishing),
    );
    for (const [urn, address] of chosen.addresses) assignments.set(urn, { [path]: address });
    for (const urn of chosen.unassigned) problems.push(bandExhausted(urn, known, services));
  }
  for (const standing of standings) {
    const { urn } = standing.resource;
    if (!assignments.has(urn) && Object.keys(standing.recorded?.assigned ?? {}).length > 0)
      assignments.set(urn, {});
  }
  const changed = standings.some(
    ({ resource, assigned }) => assigned[path] !== assignments.get(resource.urn)?.[path],
  );
  return { assignments, changed, problems };
}

/** The address that a service has: chosen for it before, or written in the program until now. */
function rememberedAddress({ recorded, action, assigned }: Standing): string | undefined {
  if (!recorded) {
    const found = action === "import" ? assigned[path] : undefined;
    return typeof found === "string" ? found : undefined;
  }
  const chosen = recorded.assigned[path];
  const address = typeof chosen === "string" ? chosen : writtenClusterIp(recorded.inputs);
  return address === "None" ? undefined : address;
}

/** Whether a service stands with an address that the cluster gave it: it keeps that, since another would replace it. */
function hasAddressOfCluster({ recorded, action }: Standing): boolean {
  if (action === "import" || action === "read") return true;
  if (!recorded || action === "replace" || action === "create") return false;
  return takesClusterIp(recorded.inputs) && writtenClusterIp(recorded.inputs) === undefined;
}

/** Whether the program says the address itself, be it one that is not known yet. */
function isWritten({ assigned }: Standing, { object, unknownPaths }: KubernetesObjectFacet): boolean {
  if (unknownPaths.includes(path) || unknownPaths.includes("spec")) return true;
  const written = writtenClusterIp(object);
  return written !== undefined && written !== assigned[path];
}

/** Addresses that new ones must avoid: those of services that are not among the ones to be assigned, recorded or observed. */
function* takenAddresses(
  request: PlanRequest,
  facets: Facets,
  cluster: Urn,
  declared: readonly DeclaredService[],
  wishing: ReadonlySet<Urn>,
): Generator<string> {
  const own = new Set<string>();
  for (const { standing, facet } of declared) {
    if (wishing.has(standing.resource.urn)) own.add(serviceName(facet.object));
  }
  for (const record of request.recorded.resources) {
    if (record.cluster !== cluster || wishing.has(record.urn)) continue;
    for (const { object } of ofKind(facets.before(record), "KubernetesObject")) yield* addressesOf(object);
  }
  for (const object of request.observed.get(cluster)?.snapshot.objects ?? []) {
    if (object["kind"] === "Service" && !own.has(serviceName(object))) yield* addressesOf(object);
  }
}

function* addressesOf(object: KubernetesObjectFacet["object"]): Generator<string> {
  if (object["kind"] !== "Service") return;
  const written = writtenClusterIp(object);
  if (written !== undefined) yield written;
}

function serviceName({ metadata }: KubernetesObjectFacet["object"]): string {
  if (typeof metadata !== "object" || metadata === null) return "";
  const { namespace, name } = metadata as Readonly<Record<string, Json>>;
  return `${typeof namespace === "string" ? namespace : "default"}/${typeof name === "string" ? name : ""}`;
}

function clashes(services: readonly DeclaredService[]): readonly Problem[] {
  const first = new Map<string, Standing>();
  const problems: Problem[] = [];
  for (const { standing, facet } of services) {
    const address = writtenClusterIp(facet.object);
    if (address === undefined || address === "None" || !isWritten(standing, facet)) continue;
    const other = first.get(address);
    if (!other) first.set(address, standing);
    else {
      const { urn, site, name } = standing.resource;
      const message = `${name} asks for ${address}, which ${other.resource.name} has`;
      problems.push(problem(plannerCodes.BERTH3104, { message, resource: urn, path, site }));
    }
  }
  return problems;
}

function bandExhausted(
  urn: Urn,
  { firstStatic, lastStatic }: ServiceAddresses,
  services: readonly DeclaredService[],
): Problem {
  const resource = services.find(({ standing }) => standing.resource.urn === urn)?.standing.resource;
  return problem(plannerCodes.BERTH3004, {
    severity: "warning",
    message: `no address from ${firstStatic} to ${lastStatic} is free for ${resource?.name ?? urn}; the cluster will choose one`,
    resource: urn,
    ...(resource ? { site: resource.site } : {}),
  });
}
