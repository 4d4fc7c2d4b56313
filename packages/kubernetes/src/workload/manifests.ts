import type { PodSpec } from "@berth/objects";
import type { DeploymentInputs } from "../resources/deployment.ts";
import type { ServiceInputs } from "../resources/service.ts";
import type { ContainerPort, ExposeOptions, WorkloadInputs } from "./inputs.ts";

/** The label by which a workload's service and deployment find its pods. */
export function selectorOf(name: string): { readonly app: string } {
  return { app: name };
}

/** The plain deployment that a workload stands for; what was not said is not in it. */
export function deploymentOf(name: string, inputs: WorkloadInputs): DeploymentInputs {
  const {
    image,
    replicas = 1,
    namespace,
    ports,
    env,
    initContainers,
    nodeSelector,
    tolerations,
    ...rest
  } = inputs;
  const { command, args, resources, startupProbe, readinessProbe, livenessProbe } = rest;
  const labels = selectorOf(name);
  const container = present({ command, args, ports, resources, startupProbe, readinessProbe, livenessProbe });
  const variables = env && { env: Object.entries(env).map(([key, value]) => ({ name: key, value })) };
  return {
    ...(namespace !== undefined && { metadata: { namespace } }),
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name, image, ...container, ...variables }],
          ...present({ initContainers, nodeSelector, tolerations }),
        },
      },
    },
  };
}

/** The plain service in front of a workload. */
export function serviceOf(
  name: string,
  type: "ClusterIP" | "LoadBalancer",
  {
    port,
    name: portName,
    targetPort,
  }: Required<Pick<ExposeOptions, "port" | "targetPort">> & Pick<ExposeOptions, "name">,
  namespace: WorkloadInputs["namespace"],
): ServiceInputs {
  return {
    ...(namespace !== undefined && { metadata: { namespace } }),
    spec: {
      type,
      selector: selectorOf(name),
      ports: [{ ...(portName !== undefined && { name: portName }), port, targetPort }],
    },
  };
}

/** The container port that is meant where nobody says: the only one. */
export function onlyPort(ports: readonly ContainerPort[] | undefined): number | undefined {
  return ports?.length === 1 ? ports[0]?.containerPort : undefined;
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Members that were given. */
function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}

const topologyKeys: ReadonlyMap<string, string> = new Map([
  ["zone", "topology.kubernetes.io/zone"],
  ["node", "kubernetes.io/hostname"],
]);

/** The label's key for a place: `zone` and `node` are the words that people use for the usual ones. */
export function topologyKeyOf(place: string): string {
  return topologyKeys.get(place) ?? place;
}

type Spread = NonNullable<PodSpec["topologySpreadConstraints"]>[number];

/** At most one pod more in one place than in another, counted per revision, so that a rollout ends spread too. */
export function spreadOf(name: string, topologyKey: string, strict: boolean): Spread {
  return {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: strict ? "DoNotSchedule" : "ScheduleAnyway",
    labelSelector: { matchLabels: { ...selectorOf(name) } },
    matchLabelKeys: ["pod-template-hash"],
  };
}
