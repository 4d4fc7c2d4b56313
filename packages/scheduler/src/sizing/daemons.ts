import { type DaemonSet, isKind, type Node, type Pod, type Toleration } from "@berth/objects";
import type { SizingProblem } from "./problem.ts";
import { coreOf } from "./start.ts";

/** What daemon pods tolerate besides what they say (scheduling.md §3.4). */
function toleratedBy(hostNetwork: boolean): Toleration[] {
  const effects: readonly (readonly [string, NonNullable<Toleration["effect"]>])[] = [
    ["not-ready", "NoExecute"],
    ["unreachable", "NoExecute"],
    ["disk-pressure", "NoSchedule"],
    ["memory-pressure", "NoSchedule"],
    ["pid-pressure", "NoSchedule"],
    ["unschedulable", "NoSchedule"],
    ...(hostNetwork ? ([["network-unavailable", "NoSchedule"]] as const) : []),
  ];
  return effects.map(([name, effect]) => ({
    key: `node.kubernetes.io/${name}`,
    operator: "Exists" as const,
    effect,
  }));
}

/**
 * The daemon pods of new nodes, for {@link NodeShape.daemons}: of each daemon set among the objects,
 * one where the node's filters admit it while nothing but other daemons runs there.
 *
 * @example const shape = { name: "user", node, daemons: daemonPods(cluster) };
 */
export function daemonPods(cluster: Omit<SizingProblem, "pending">): (node: Node) => readonly Pod[] {
  const templates = (cluster.objects ?? []).flatMap((each) =>
    isKind(each, "apps/v1 DaemonSet") ? [daemonPod(each)] : [],
  );
  const known = new Map<string, readonly Pod[]>();
  return (node) => {
    const { "kubernetes.io/hostname": _, ...labels } = node.metadata?.labels ?? {};
    const key = JSON.stringify([labels, node.spec, node.status]);
    let running = known.get(key);
    if (running === undefined) known.set(key, (running = admitted(templates, node, cluster)));
    const name = node.metadata?.name ?? "";
    return running.map((pod) => ({
      ...pod,
      metadata: { ...pod.metadata, name: `${pod.metadata?.name}-${name}` },
    }));
  };
}

function admitted(
  daemons: readonly Pod[],
  node: Node,
  cluster: Omit<SizingProblem, "pending">,
): readonly Pod[] {
  const core = coreOf({ ...cluster, nodes: [node], pods: [] });
  return daemons.filter((pod) => {
    if (core.decide(pod).kind !== "fits") return false;
    core.apply({ kind: "place", pod, node: node.metadata?.name ?? "" });
    return true;
  });
}

/** Named like its daemon set: who places it on many nodes names it anew. */
function daemonPod({ metadata, spec }: DaemonSet): Pod {
  const template = spec?.template;
  const own = template?.spec ?? { containers: [] };
  const name = metadata?.name ?? "";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...template?.metadata,
      namespace: metadata?.namespace ?? "default",
      name,
      ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name, uid: "", controller: true }],
    },
    spec: {
      ...own,
      tolerations: [...(own.tolerations ?? []), ...toleratedBy(own.hostNetwork === true)],
    },
  };
}
