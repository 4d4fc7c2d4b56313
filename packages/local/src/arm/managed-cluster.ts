import {
  aksSystemPods,
  aksSystemWorkloads,
  clusterRangeProblems,
  defaultDnsAddress,
  nodeNameHash,
  overrideSystemPods,
  parseRange,
  type SystemPodOverride,
} from "@berth/machines";
import { applyDefaults, type KubernetesObject } from "@berth/objects";
import type { JsonObject } from "../store/json.ts";
import { agentPools, networkOf, poolBody, profileOf, putPool, refuse } from "./agent-pool.ts";
import { type ArmResource, groupNameOf, keyOf, type Resources } from "./arm-resource.ts";
import { stored, closed, isObject, objectIn, present, requiredText, textIn } from "./body.ts";
import { compareVersions, refuseUpgrade, resolveVersion } from "./kubernetes-version.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import { ArmRefusal, cannotChange, invalidParameter } from "./refusal.ts";
import type { ActionRequest, DeleteRequest, PutRequest, ResourceType } from "./resource-type.ts";

const type = "Microsoft.ContainerService/managedClusters";

/** Managed clusters (AKS): each is a cluster of the local cloud, with its pools' machines as nodes. */
export const managedClusters: ResourceType = {
  type,
  tracked: true,
  working: { creating: "Creating", updating: "Updating" },
  etag: "eTag",
  put: (request) => (request.existing ? update(request, request.existing) : create(request)),
  delete({ resource, resources, transaction }: DeleteRequest): void {
    for (const pool of resources.below(resource.id)) {
      agentPools.delete({ resource: pool, resources, transaction, scope: resource.id });
    }
    transaction.removeCluster(keyOf(resource.id));
    resources.delete(nodeGroupId(resource));
    resources.delete(resource.id);
  },
  show(resource: ArmResource, resources: Resources): JsonObject {
    const pools = resources.below(resource.id);
    return { ...resource.properties, agentPoolProfiles: pools.map(profileOf) };
  },
  actions: { listclusterusercredential: credentials, listclusteradmincredential: credentials },
};

const known: ReadonlySet<string> = new Set([
  "provisioningState",
  "powerState",
  "kubernetesVersion",
  "currentKubernetesVersion",
  "dnsPrefix",
  "fqdn",
  "agentPoolProfiles",
  "networkProfile",
  "nodeResourceGroup",
  "enableRBAC",
  "maxAgentPools",
]);

const knownNetwork: ReadonlySet<string> = new Set([
  "networkPlugin",
  "networkPluginMode",
  "networkDataplane",
  "podCidr",
  "serviceCidr",
  "dnsServiceIP",
  "loadBalancerSku",
  "outboundType",
]);

function create(request: PutRequest): ArmResource {
  const { id, name, subscription, resources, transaction, tracked, headers } = request;
  const given = propertiesOf(request);
  const profiles = profilesIn(given);
  if (!profiles.some(({ body }) => objectIn(body, "properties")["mode"] === "System")) {
    const message = "Must define at least one system pool.";
    throw new ArmRefusal(400, "InvalidParameter", message, "properties.agentPoolProfiles");
  }
  const networkProfile = networkOfBody(objectIn(given, "networkProfile"));
  const serviceRange = stored(networkProfile, "serviceCidr");
  const version = requiredText(given, "kubernetesVersion", "properties.kubernetesVersion");
  const kubernetes = resolveVersion(version, "properties.kubernetesVersion");
  const dnsPrefix = requiredText(given, "dnsPrefix", "properties.dnsPrefix");
  const location = tracked.location ?? "";
  const fqdn = `${dnsPrefix}-${nodeNameHash(keyOf(id))}.hcp.${location}.azmk8s.io`.toLowerCase();
  const group = groupNameOf(id);
  const cluster = resources.put({
    id,
    name,
    type,
    ...tracked,
    ...(isObject(request.body["sku"]) && { sku: request.body["sku"] }),
    ...(isObject(request.body["identity"]) && { identity: request.body["identity"] }),
    properties: present({
      provisioningState: "Succeeded",
      powerState: { code: "Running" },
      kubernetesVersion: version,
      currentKubernetesVersion: kubernetes,
      dnsPrefix,
      fqdn,
      enableRBAC: given["enableRBAC"] ?? true,
      networkProfile,
      nodeResourceGroup: textIn(given, "nodeResourceGroup") ?? `MC_${group}_${name}_${location}`.slice(0, 80),
      maxAgentPools: 100,
    }),
  });
  const { podCidr, dnsServiceIP } = networkProfile;
  transaction.createCluster({
    id: keyOf(id),
    host: fqdn,
    kubernetes,
    flavour: "aks",
    ...(typeof podCidr === "string" && { podRange: podCidr }),
    serviceRange,
    ...(typeof dnsServiceIP === "string" && { dnsAddress: dnsServiceIP }),
    systemObjects: systemObjects(networkProfile, headers),
  });
  resources.put({
    id: nodeGroupId(cluster),
    name: stored(cluster.properties, "nodeResourceGroup"),
    type: "Microsoft.Resources/resourceGroups",
    location,
    managedBy: id,
    properties: { provisioningState: "Succeeded" },
  });
  for (const { name: pool, body } of profiles) putProfile(request, cluster, pool, body, subscription);
  return cluster;
}

function update(request: PutRequest, existing: ArmResource): ArmResource {
  const { resources, transaction, tracked, subscription } = request;
  const given = propertiesOf(request);
  const { properties } = existing;
  for (const key of ["dnsPrefix", "nodeResourceGroup", "fqdn"]) {
    const value = given[key] ?? undefined;
    if (value !== undefined && value !== properties[key]) throw cannotChange(`properties.${key}`);
  }
  const network = objectIn(properties, "networkProfile");
  for (const [key, value] of Object.entries(objectIn(given, "networkProfile"))) {
    if (value !== null && value !== network[key]) throw cannotChange(`properties.networkProfile.${key}`);
  }
  const before = stored(properties, "currentKubernetesVersion");
  const version =
    textIn(given, "kubernetesVersion", "properties.kubernetesVersion") ??
    stored(properties, "kubernetesVersion");
  // A minor version that runs already, in whatever patch, is no change.
  const kubernetes = before.startsWith(`${version}.`)
    ? before
    : resolveVersion(version, "properties.kubernetesVersion");
  refuseUpgrade(before, kubernetes);
  const cluster = resources.put({
    ...existing,
    ...tracked,
    properties: { ...properties, kubernetesVersion: version, currentKubernetesVersion: kubernetes },
  });
  if (compareVersions(before, kubernetes) !== 0) transaction.upgradeCluster(keyOf(existing.id), kubernetes);
  for (const { name, body } of profilesIn(given)) putProfile(request, cluster, name, body, subscription);
  return cluster;
}

function propertiesOf({ body }: PutRequest): JsonObject {
  const properties = objectIn(body, "properties");
  closed(properties, known);
  closed(objectIn(properties, "networkProfile"), knownNetwork);
  return properties;
}

function profilesIn(properties: JsonObject): readonly { readonly name: string; readonly body: JsonObject }[] {
  const profiles = properties["agentPoolProfiles"] ?? [];
  if (!Array.isArray(profiles) || !profiles.every(isObject)) {
    throw invalidParameter("properties.agentPoolProfiles", "it must be a list of pools");
  }
  return profiles.map((each: JsonObject) => poolBody(each));
}

function putProfile(
  { headers, resources, transaction }: PutRequest,
  cluster: ArmResource,
  name: string,
  body: JsonObject,
  subscription: string,
): void {
  const id = `${cluster.id}/agentPools/${name}`;
  const existing = resources.get(id);
  putPool({ id, name, subscription, body, headers, existing, tracked: {}, resources, transaction });
}

/** What AKS takes for the network where nothing is said, and what it refuses. */
function networkOfBody(given: JsonObject): JsonObject {
  const networkPlugin = textIn(given, "networkPlugin") ?? "azure";
  const networkPluginMode = textIn(given, "networkPluginMode");
  const mode = networkOf({ properties: { networkProfile: present({ networkPlugin, networkPluginMode }) } });
  const hasPodRange = mode === "overlay" || mode === "kubenet";
  const podCidr = textIn(given, "podCidr") ?? (hasPodRange ? "10.244.0.0/16" : undefined);
  const serviceCidr = textIn(given, "serviceCidr") ?? "10.0.0.0/16";
  const range = parseRange(serviceCidr);
  const dnsServiceIP = textIn(given, "dnsServiceIP") ?? (range && defaultDnsAddress(range));
  const path = (key: string): string => `properties.networkProfile.${key}`;
  const problems = clusterRangeProblems({
    services: { range: serviceCidr, path: path("serviceCidr") },
    ...(dnsServiceIP !== undefined && { dns: { address: dnsServiceIP, path: path("dnsServiceIP") } }),
    ...(podCidr !== undefined && { pods: { range: podCidr, path: path("podCidr") } }),
    subnets: [],
  });
  refuse(problems, "");
  return present({
    networkPlugin,
    networkPluginMode,
    networkDataplane: "azure",
    podCidr,
    serviceCidr,
    dnsServiceIP,
    loadBalancerSku: textIn(given, "loadBalancerSku") ?? "standard",
    outboundType: textIn(given, "outboundType") ?? "loadBalancer",
  });
}

/** What AKS runs by itself, in the form in which the API server stores it; as far as the client knows better, as it says. */
function systemObjects({ networkPlugin }: JsonObject, headers: Headers): readonly KubernetesObject[] {
  const plugin = networkPlugin === "kubenet" || networkPlugin === "none" ? networkPlugin : "azure";
  const pods = overrideSystemPods(aksSystemPods, overridesIn(headers));
  return aksSystemWorkloads({ networkPlugin: plugin, pods }).map((each) => applyDefaults({ ...each }));
}

/** Real AKS runs what it runs; this one is told, so that it does what a preview said. */
function overridesIn(headers: Headers): Readonly<Record<string, SystemPodOverride>> {
  const text = headers.get("berth-system-pods");
  if (text === null) return {};
  try {
    const parsed: unknown = JSON.parse(decodeURIComponent(text));
    if (typeof parsed === "object" && parsed !== null) return parsed as Record<string, SystemPodOverride>;
  } catch {
    // Refused below.
  }
  throw new ArmRefusal(400, "BadRequest", "The header berth-system-pods is no JSON object.");
}

function nodeGroupId({ id, properties }: ArmResource): string {
  return `${id.split("/").slice(0, 4).join("/")}/${stored(properties, "nodeResourceGroup")}`;
}

function credentials(cluster: ArmResource, { token }: ActionRequest): JsonObject {
  const kubeconfig = kubeconfigOf(cluster, token(cluster) ?? "");
  return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(kubeconfig).toString("base64") }] };
}
