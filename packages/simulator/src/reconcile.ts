import type { DaemonSet, Deployment, ReplicaSet, Service, StatefulSet } from "@berth/objects";
import type { Action } from "./controllers/action.ts";
import { reconcileDaemonSet } from "./controllers/daemon-set.ts";
import { reconcileDeployment } from "./controllers/deployment.ts";
import { reconcileEndpoints } from "./controllers/endpoints.ts";
import type { History } from "./controllers/history.ts";
import { reconcileReplicaSet } from "./controllers/replica-set.ts";
import { reconcileStatefulSet } from "./controllers/stateful-set.ts";
import type { Held } from "./held.ts";
import { isHeldKind } from "./kinds.ts";
import type { Naming } from "./naming.ts";
import { isActive } from "./pod.ts";
import type { ObjectTable } from "./table.ts";

/** Shows each controller what it may see of the table, and returns what it wants done. */
export function reconcile(held: Held, table: ObjectTable, naming: Naming): Action[] {
  const { object } = held;
  if (object.metadata?.deletionTimestamp !== undefined) return [];
  if (isHeldKind(object, "apps/v1 Deployment")) return deployment({ ...held, object }, table, naming);
  if (isHeldKind(object, "apps/v1 ReplicaSet")) return replicaSet({ ...held, object }, table);
  if (isHeldKind(object, "apps/v1 StatefulSet")) return statefulSet({ ...held, object }, table, naming);
  if (isHeldKind(object, "apps/v1 DaemonSet")) return daemonSet({ ...held, object }, table, naming);
  if (isHeldKind(object, "v1 Service")) return endpoints({ ...held, object }, table, naming);
  return [];
}

function deployment(held: Held<Deployment>, table: ObjectTable, naming: Naming): Action[] {
  return reconcileDeployment({
    deployment: held,
    replicaSets: table.dependents(held.uid, "apps/v1 ReplicaSet"),
    podsOf: (replicaSet) => table.dependents(replicaSet.uid, "v1 Pod").length,
    isTaken: (name) => table.get({ ...held.ref, kind: "ReplicaSet", name }) !== undefined,
    templateHash: (digest) => naming.templateHash(held.object, digest),
  });
}

function replicaSet(held: Held<ReplicaSet>, table: ObjectTable): Action[] {
  const owner = held.object.metadata?.ownerReferences?.find((each) => each.controller);
  const related = owner
    ? table.dependents(owner.uid, "apps/v1 ReplicaSet").map((each) => each.uid)
    : [held.uid];
  return reconcileReplicaSet({
    replicaSet: held,
    pods: table.dependents(held.uid, "v1 Pod"),
    relatedPodsOn: (node) => {
      const pods = table.podsOn(node).filter((pod) => isActive(pod.object));
      return pods.filter((pod) =>
        pod.object.metadata?.ownerReferences?.some((each) => related.includes(each.uid)),
      ).length;
    },
  });
}

function statefulSet(held: Held<StatefulSet>, table: ObjectTable, naming: Naming): Action[] {
  return reconcileStatefulSet({
    ...history(held, table, naming),
    set: held,
    pods: table.dependents(held.uid, "v1 Pod"),
    hasClaim: (name) =>
      table.get({ ...held.ref, apiVersion: "v1", kind: "PersistentVolumeClaim", name }) !== undefined,
  });
}

function daemonSet(held: Held<DaemonSet>, table: ObjectTable, naming: Naming): Action[] {
  return reconcileDaemonSet({
    ...history(held, table, naming),
    set: held,
    pods: table.dependents(held.uid, "v1 Pod"),
    nodes: [...table.ofKind("v1 Node")],
  });
}

function history(held: Held, table: ObjectTable, naming: Naming): Omit<History, "set"> {
  return {
    revisions: table.dependents(held.uid, "apps/v1 ControllerRevision"),
    isTaken: (name) => table.get({ ...held.ref, kind: "ControllerRevision", name }) !== undefined,
    templateHash: (digest) => naming.templateHash(held.object, digest),
  };
}

function endpoints(held: Held<Service>, table: ObjectTable, naming: Naming): Action[] {
  const { selector } = held.object.spec ?? {};
  if (!selector || Object.keys(selector).length === 0 || held.object.spec?.type === "ExternalName") return [];
  return reconcileEndpoints({
    service: held,
    pods: table.podsWith(held.ref.namespace ?? "", selector),
    slices: table.dependents(held.uid, "discovery.k8s.io/v1 EndpointSlice"),
    node: (name) => {
      const node = table.get({ apiVersion: "v1", kind: "Node", name })?.object;
      return node && isHeldKind(node, "v1 Node") ? node : undefined;
    },
    sliceName: () => naming.endpointSlice(held.object),
  });
}
