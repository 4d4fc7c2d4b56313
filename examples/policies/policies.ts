import type { PlanPolicy, Policy, ResourcePolicy } from "@berth/engine";

/** A pod that is evicted comes up elsewhere, and until it has, the service has one endpoint less. */
const fewEvictions: PlanPolicy<{ most: number }> = {
  kind: "plan",
  name: "few-evictions",
  description: "No plan evicts more than so many pods of a service.",
  level: "mandatory",
  configuration: { most: 1 },
  check: ({ plan }, { most }) =>
    plan.clusters.flatMap(({ placement, services }) => {
      const moved = new Set(
        placement.filter(({ change, system }) => change === "moved" && !system).flatMap(({ pods }) => pods),
      );
      return services.flatMap(({ service, resource, endpoints }) => {
        const evicted = endpoints.filter(({ pod, change }) => change !== "gone" && moved.has(pod)).length;
        if (evicted <= most) return [];
        return {
          message: `${evicted} pods of ${service} would be evicted, and ${most} may be`,
          hint: "take nodes away one at a time, or add new ones first",
          ...(resource !== undefined && { resource }),
        };
      });
    }),
};

/** Two replicas on one node are lost together. */
const spreadReplicas: PlanPolicy<{ except: string[] }> = {
  kind: "plan",
  name: "spread-replicas",
  description: "No two replicas of a workload share a node.",
  level: "mandatory",
  configuration: { except: [] },
  check: ({ plan }, { except }) =>
    plan.clusters.flatMap(({ placement }) => {
      const together = new Map<
        string,
        { count: number; workload: string; node: string; resource: string | undefined }
      >();
      for (const { workload, node, change, pods, system, resource } of placement) {
        if (change === "gone" || system || except.includes(workload)) continue;
        const key = `${workload} ${node}`;
        const count = (together.get(key)?.count ?? 0) + pods.length;
        together.set(key, { count, workload, node, resource });
      }
      return [...together.values()].flatMap(({ count, workload, node, resource }) =>
        count < 2
          ? []
          : {
              message: `${count} replicas of ${workload} would run on ${node}`,
              hint: 'spread them: .spreadAcross("node"), or an anti-affinity',
              ...(resource !== undefined && { resource }),
            },
      );
    }),
};

const monthlyBudget: PlanPolicy<{ most: number }> = {
  kind: "plan",
  name: "monthly-budget",
  description: "The stack costs no more than so many USD a month.",
  level: "mandatory",
  configuration: { most: 1000 },
  check: ({ plan: { cost } }, { most }) => {
    if (cost.after === undefined) return `what the stack costs is not known: ${cost.unpriced.join(", ")}`;
    if (cost.after <= most) return undefined;
    return `the stack would cost $${cost.after.toFixed(2)} a month, and $${most.toFixed(2)} are granted`;
  },
};

/** `image: nginx` is another image each day. */
const pinnedImages: ResourcePolicy = {
  kind: "resource",
  name: "pinned-images",
  description: "Images have a version that is not latest.",
  level: "advisory",
  types: ["kubernetes:Deployment", "kubernetes:StatefulSet"],
  check: ({ inputs }) =>
    [...JSON.stringify(inputs).matchAll(/"image":"([^"]*)"/g)].flatMap(([, image = ""]) => {
      const [, tag] = /:([^/:@]+)(?:@|$)/.exec(image) ?? [];
      return image.includes("@sha256:") || (tag !== undefined && tag !== "latest")
        ? []
        : { message: `the image ${image} has no version`, hint: `${image.split(":")[0]}:1.2.3` };
    }),
};

/** Who is asked when it costs too much. */
const teamTag: ResourcePolicy<{ team: string }> = {
  kind: "resource",
  name: "team-tag",
  description: "Everything on Azure says whose it is.",
  level: "remediating",
  types: ["azure:ResourceGroup", "azure:ManagedCluster"],
  configuration: { team: "platform" },
  remediate: ({ inputs }, { team }) => {
    const { tags = {} } = inputs;
    if (typeof tags !== "object" || tags === null || Array.isArray(tags) || "team" in tags) return undefined;
    return { ...inputs, tags: { ...tags, team } };
  },
};

export const policies: readonly Policy[] = [
  fewEvictions,
  spreadReplicas,
  monthlyBudget,
  pinnedImages,
  teamTag,
];
