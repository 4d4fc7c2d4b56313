import type { Deployment, ReplicaSet } from "@berth/objects";
import type { Held } from "../held.ts";
import { rollingBounds } from "./revision.ts";

type DeploymentStatus = NonNullable<Deployment["status"]>;

/** `status` as its replica sets make it. Conditions carry no times: the cluster has no clock. */
export function deploymentStatus(
  deployment: Deployment,
  current: Held<ReplicaSet> | undefined,
  all: readonly Held<ReplicaSet>[],
): DeploymentStatus {
  const total = (field: "replicas" | "readyReplicas" | "availableReplicas") =>
    all.reduce((sum, { object }) => sum + (object.status?.[field] ?? 0), 0);
  const available = total("availableReplicas");
  const wanted = all.reduce((sum, { object }) => sum + (object.spec?.replicas ?? 1), 0);
  const { generation } = deployment.metadata ?? {};
  const counts = {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    replicas: total("replicas"),
    updatedReplicas: current?.object.status?.replicas ?? 0,
    readyReplicas: total("readyReplicas"),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
  };
  return {
    ...withoutZeros(counts),
    conditions: [availability(deployment, available), progress(deployment, current, counts)],
  };
}

/** The API server leaves counts of 0 out. */
function withoutZeros(counts: Readonly<Record<string, number>>): DeploymentStatus {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

function availability(deployment: Deployment, available: number) {
  const isMet = available >= rollingBounds(deployment).minAvailable;
  return {
    type: "Available",
    status: isMet ? "True" : "False",
    reason: isMet ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    message: `Deployment ${isMet ? "has" : "does not have"} minimum availability.`,
  };
}

function progress(
  deployment: Deployment,
  current: Held<ReplicaSet> | undefined,
  counts: { readonly replicas: number; readonly updatedReplicas: number; readonly availableReplicas: number },
) {
  const wanted = deployment.spec?.replicas ?? 1;
  const isComplete =
    counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas === wanted;
  const name = current ? `ReplicaSet "${current.ref.name}"` : "Deployment";
  return {
    type: "Progressing",
    status: "True",
    reason: isComplete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
    message: `${name} ${isComplete ? "has successfully progressed." : "is progressing."}`,
  };
}
