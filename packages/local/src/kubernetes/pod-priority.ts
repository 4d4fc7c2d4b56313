import type { KubernetesObject, Pod, PriorityClass } from "@berth/objects";
import type { CloudTransaction } from "../cloud.ts";
import type { ClusterRecord } from "../cluster/cluster-spec.ts";

/** Priority classes that every cluster has: their numbers are known without looking. */
const BUILT_IN = new Set(["system-cluster-critical", "system-node-critical"]);

/** A new pod with the priority of the class that it names, or of the cluster's default class. */
export function withPriorityOfClass(
  object: KubernetesObject,
  cluster: ClusterRecord,
  transaction: CloudTransaction,
): KubernetesObject {
  if (!isPod(object) || !object.spec) return object;
  const { priorityClassName } = object.spec;
  if (priorityClassName !== undefined && BUILT_IN.has(priorityClassName)) return object;
  const found = classesOf(cluster, transaction).find((each) =>
    priorityClassName === undefined ? each.globalDefault === true : each.metadata?.name === priorityClassName,
  );
  if (!found) return object;
  const { value: priority = 0, preemptionPolicy = "PreemptLowerPriority", metadata } = found;
  const named = metadata?.name === undefined ? {} : { priorityClassName: metadata.name };
  const pod: Pod = { ...object, spec: { ...object.spec, ...named, priority, preemptionPolicy } };
  return pod;
}

function classesOf(cluster: ClusterRecord, transaction: CloudTransaction): PriorityClass[] {
  const classes: PriorityClass[] = [];
  for (const [, value] of transaction.store.entries(`clusters/${cluster.number}/objects`)) {
    if (isPriorityClass(value)) classes.push(value);
  }
  return classes;
}

function isPriorityClass(value: unknown): value is PriorityClass {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "PriorityClass";
}

function isPod(object: KubernetesObject): object is Pod {
  return object.apiVersion === "v1" && object.kind === "Pod";
}
