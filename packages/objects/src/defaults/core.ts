import { type MutableJsonObject, objectAt, objectsAt } from "../json.ts";
import { absent, type Defaulter, type Defaulters, empty, setAbsent, setEmpty } from "./defaulter.ts";
import { imageTag } from "./image.ts";
import { defaultPodLevelResources } from "./pod-level-resources.ts";

const FILE_MODE = 0o644;

const container: Defaulter = (object) => {
  setEmpty(object, "imagePullPolicy", pullPolicy(object["image"]));
  setEmpty(object, "terminationMessagePath", "/dev/termination-log");
  setEmpty(object, "terminationMessagePolicy", "File");
};

/** Source: kubernetes v1.36 `pkg/apis/core/v1/defaults.go` and the `+default` markers of `k8s.io/api/core/v1`. */
export const core: Defaulters = {
  "core.v1.Container": container,
  "core.v1.EphemeralContainer": container,
  "core.v1.ContainerPort": empty({ protocol: "TCP" }),
  "core.v1.Probe": empty({ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  "core.v1.HTTPGetAction": empty({ path: "/", scheme: "HTTP" }),
  "core.v1.GRPCAction": absent({ service: "" }),
  "core.v1.ObjectFieldSelector": empty({ apiVersion: "v1" }),
  "core.v1.PodSpec": (spec) => {
    setEmpty(spec, "dnsPolicy", "ClusterFirst");
    setEmpty(spec, "restartPolicy", "Always");
    setAbsent(spec, "securityContext", {});
    setAbsent(spec, "terminationGracePeriodSeconds", 30);
    setEmpty(spec, "schedulerName", "default-scheduler");
  },
  "core.v1.Pod": (pod) => {
    const spec = objectAt(pod, "spec");
    if (!spec) return;
    for (const each of podContainers(spec)) requestsFromLimits(objectAt(each, "resources"));
    defaultPodLevelResources(spec);
    setAbsent(spec, "enableServiceLinks", true);
    if (spec["hostNetwork"] === true) for (const each of podContainers(spec)) hostPorts(each);
  },
  "core.v1.Volume": (volume) => {
    if (Object.keys(volume).every((name) => name === "name")) volume["emptyDir"] = {};
    const image = objectAt(volume, "image");
    if (image) setEmpty(image, "pullPolicy", pullPolicy(image["reference"]));
  },
  "core.v1.SecretVolumeSource": absent({ defaultMode: FILE_MODE }),
  "core.v1.ConfigMapVolumeSource": absent({ defaultMode: FILE_MODE }),
  "core.v1.DownwardAPIVolumeSource": absent({ defaultMode: FILE_MODE }),
  "core.v1.ProjectedVolumeSource": absent({ defaultMode: FILE_MODE }),
  "core.v1.ServiceAccountTokenProjection": absent({ expirationSeconds: 3600 }),
  "core.v1.HostPathVolumeSource": absent({ type: "" }),
  "core.v1.ISCSIVolumeSource": empty({ iscsiInterface: "default" }),
  "core.v1.ISCSIPersistentVolumeSource": empty({ iscsiInterface: "default" }),
  "core.v1.RBDVolumeSource": empty({ pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" }),
  "core.v1.RBDPersistentVolumeSource": empty({ pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" }),
  "core.v1.AzureDiskVolumeSource": absent({
    cachingMode: "ReadWrite",
    fsType: "ext4",
    readOnly: false,
    kind: "Shared",
  }),
  "core.v1.ScaleIOVolumeSource": empty({ storageMode: "ThinProvisioned", fsType: "xfs" }),
  "core.v1.ScaleIOPersistentVolumeSource": empty({ storageMode: "ThinProvisioned", fsType: "xfs" }),
  "core.v1.Secret": empty({ type: "Opaque" }),
  "core.v1.PersistentVolumeSpec": (spec) => {
    setEmpty(spec, "persistentVolumeReclaimPolicy", "Retain");
    setAbsent(spec, "volumeMode", "Filesystem");
  },
  "core.v1.PersistentVolumeStatus": empty({ phase: "Pending" }),
  "core.v1.PersistentVolumeClaimStatus": empty({ phase: "Pending" }),
  "core.v1.PersistentVolumeClaimSpec": absent({ volumeMode: "Filesystem" }),
  "core.v1.EndpointPort": empty({ protocol: "TCP" }),
  "core.v1.Namespace": (namespace) => {
    const metadata = objectAt(namespace, "metadata");
    if (!metadata?.["name"]) return;
    setAbsent(metadata, "labels", {});
    const labels = objectAt(metadata, "labels");
    if (labels) labels["kubernetes.io/metadata.name"] = metadata["name"];
  },
  "core.v1.NamespaceStatus": empty({ phase: "Active" }),
  "core.v1.NodeStatus": (status) => {
    const capacity = objectAt(status, "capacity");
    if (capacity) setAbsent(status, "allocatable", capacity);
  },
  "core.v1.ReplicationController": (controller) => {
    const spec = objectAt(controller, "spec");
    if (!spec) return;
    setAbsent(spec, "replicas", 1);
    const labels = objectAt(objectAt(objectAt(spec, "template"), "metadata"), "labels");
    if (!labels) return;
    setAbsent(spec, "selector", labels);
    const metadata = objectAt(controller, "metadata");
    if (metadata) setAbsent(metadata, "labels", labels);
  },
  "core.v1.LimitRangeItem": (item) => {
    if (item["type"] !== "Container") return;
    fillResources(item, "default", ["max"]);
    fillResources(item, "defaultRequest", ["default", "min"]);
  },
  "core.v1.Service": (service) => {
    const spec = objectAt(service, "spec");
    if (spec) serviceSpec(spec);
    if (spec?.["type"] !== "LoadBalancer") return;
    for (const ingress of objectsAt(objectAt(objectAt(service, "status"), "loadBalancer"), "ingress")) {
      if (ingress["ip"]) setAbsent(ingress, "ipMode", "VIP");
    }
  },
};

function serviceSpec(spec: MutableJsonObject): void {
  setEmpty(spec, "sessionAffinity", "None");
  if (spec["sessionAffinity"] === "None") delete spec["sessionAffinityConfig"];
  if (spec["sessionAffinity"] === "ClientIP") {
    const timeout = objectAt(objectAt(spec, "sessionAffinityConfig"), "clientIP")?.["timeoutSeconds"];
    if (timeout === undefined) spec["sessionAffinityConfig"] = { clientIP: { timeoutSeconds: 10800 } };
  }
  setEmpty(spec, "type", "ClusterIP");
  for (const port of objectsAt(spec, "ports")) {
    setEmpty(port, "protocol", "TCP");
    setEmpty(port, "targetPort", port["port"] ?? 0);
  }
  const type = spec["type"];
  const isExternal = type === "LoadBalancer" || type === "NodePort";
  const hasExternalAddress =
    type === "ClusterIP" && Array.isArray(spec["externalIPs"]) && spec["externalIPs"].length > 0;
  if (isExternal || hasExternalAddress) setEmpty(spec, "externalTrafficPolicy", "Cluster");
  if (isExternal || type === "ClusterIP") setAbsent(spec, "internalTrafficPolicy", "Cluster");
  if (type === "LoadBalancer") setAbsent(spec, "allocateLoadBalancerNodePorts", true);
}

function podContainers(spec: MutableJsonObject): MutableJsonObject[] {
  return [...objectsAt(spec, "containers"), ...objectsAt(spec, "initContainers")];
}

function requestsFromLimits(resources: MutableJsonObject | undefined): void {
  if (resources && objectAt(resources, "limits")) fillResources(resources, "requests", ["limits"]);
}

function fillResources(owner: MutableJsonObject, name: string, sources: readonly string[]): void {
  const target: MutableJsonObject = { ...objectAt(owner, name) };
  for (const source of sources) {
    for (const [resource, amount] of Object.entries(objectAt(owner, source) ?? {}))
      setAbsent(target, resource, amount);
  }
  if (Object.keys(target).length > 0) owner[name] = target;
}

function hostPorts(object: MutableJsonObject): void {
  for (const port of objectsAt(object, "ports")) setEmpty(port, "hostPort", port["containerPort"] ?? 0);
}

function pullPolicy(image: unknown): string {
  return typeof image === "string" && imageTag(image) === "latest" ? "Always" : "IfNotPresent";
}
