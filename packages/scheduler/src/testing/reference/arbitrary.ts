import type {
  KubernetesObject,
  LabelSelector,
  Node,
  Pod,
  PodAffinityTerm,
  PodSpec,
  Taint,
  TopologySpreadConstraint,
} from "@berth/objects";
import fc from "fast-check";

/** Small vocabularies, so that things meet: most of what is drawn matters to something else drawn. */
const namespaces = ["a", "b", "c"];
const topologyKeys = ["kubernetes.io/hostname", "topology.kubernetes.io/zone", "disk"];
const nodeNames = Array.from({ length: 8 }, (_, i) => `n${i}`);

/** Something, or with odds 1 to `odds` nothing. */
const maybe = <T>(of: fc.Arbitrary<T>, odds = 2): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { weight: Math.round(10 * odds), arbitrary: of },
    { weight: 10, arbitrary: fc.constant(undefined) },
  );

/** A JSON object without the members that are undefined. */
const record = <T extends object>(of: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<T> =>
  fc.record(of).map((each): T => JSON.parse(JSON.stringify(each)));

const podLabels = record<Record<string, string>>({
  app: maybe(fc.constantFrom("web", "db"), 8),
  tier: maybe(fc.constantFrom("front", "back")),
  rev: maybe(fc.constantFrom("1", "2")),
});

const selector = record<LabelSelector>({
  matchLabels: maybe(record<Record<string, string>>({ app: maybe(fc.constantFrom("web", "db"), 8) }), 5),
  matchExpressions: maybe(
    fc.array(
      fc.oneof(
        fc.record({
          key: fc.constantFrom("tier", "rev"),
          operator: fc.constantFrom("In" as const, "NotIn" as const),
          values: fc.constantFrom(["front"], ["1", "back"]),
        }),
        fc.record({
          key: fc.constantFrom("tier", "app"),
          operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const),
        }),
      ),
      { maxLength: 1 },
    ),
    1,
  ),
});

const effect = fc.constantFrom("NoSchedule" as const, "NoExecute" as const, "PreferNoSchedule" as const);
const taint: fc.Arbitrary<Taint> = fc.record({
  key: fc.constantFrom("gpu", "spot"),
  value: fc.constantFrom("", "a"),
  effect,
});

const node: (name: string) => fc.Arbitrary<Node> = (name) =>
  fc
    .record({
      labels: record<Record<string, string>>({
        "kubernetes.io/hostname": maybe(fc.constant(name), 15),
        "topology.kubernetes.io/zone": maybe(fc.constantFrom("1", "2", "3"), 5),
        disk: maybe(fc.constantFrom("ssd", "hdd")),
        cores: maybe(fc.constantFrom("2", "8", "many")),
      }),
      taints: fc.oneof({ weight: 3, arbitrary: fc.constant<Taint[]>([]) }, fc.array(taint, { maxLength: 2 })),
      unschedulable: fc.constantFrom(false, false, false, false, true),
      cpu: fc.constantFrom("1", "2", "3900m", "0"),
      memory: fc.constantFrom("1Gi", "4Gi", "16Gi"),
      pods: fc.constantFrom("2", "5", "110"),
      gpu: maybe(fc.constantFrom("1", "2"), 1),
      images: fc.subarray([
        { names: ["app:1", "app:latest"], sizeBytes: 900_000_000 },
        { names: ["registry:5000/db:2"], sizeBytes: 300_000_000 },
      ]),
    })
    .map(({ labels, taints, unschedulable, cpu, memory, pods, gpu, images }) => ({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels },
      spec: { taints, unschedulable },
      status: { allocatable: { cpu, memory, pods, ...(gpu && { "nvidia.com/gpu": gpu }) }, images },
    }));

const requests = record<Record<string, string>>({
  cpu: maybe(fc.constantFrom("100m", "500m", "1", "0"), 4),
  memory: maybe(fc.constantFrom("128Mi", "1Gi", "0"), 4),
  "nvidia.com/gpu": maybe(fc.constant("1"), 0.2),
});

const container = (name: string) =>
  record<PodSpec["containers"][number]>({
    name: fc.constant(name),
    image: fc.constantFrom("app", "app:1", "registry:5000/db:2", "other"),
    resources: requests.map((each) => ({ requests: each })),
    ports: maybe(
      fc.array(
        record<object>({
          containerPort: fc.constant(80),
          hostPort: maybe(fc.constantFrom(80, 443), 3),
          hostIP: maybe(fc.constantFrom("0.0.0.0", "10.0.0.1", "10.0.0.2"), 1),
          protocol: maybe(fc.constantFrom("TCP" as const, "UDP" as const), 1),
        }),
        { maxLength: 2 },
      ),
      0.3,
    ),
  });

const affinityTerm = record<PodAffinityTerm>({
  topologyKey: fc.constantFrom(...topologyKeys),
  labelSelector: maybe(selector, 15),
  namespaces: maybe(fc.subarray(namespaces), 0.5),
  namespaceSelector: maybe(
    fc.constantFrom(
      {},
      { matchLabels: { team: "x" } },
      { matchExpressions: [{ key: "team", operator: "NotIn" as const, values: ["x"] }] },
    ),
    0.5,
  ),
});

const podAffinity = record<object>({
  requiredDuringSchedulingIgnoredDuringExecution: maybe(fc.array(affinityTerm, { maxLength: 2 }), 1),
  preferredDuringSchedulingIgnoredDuringExecution: maybe(
    fc.array(fc.record({ weight: fc.integer({ min: 1, max: 100 }), podAffinityTerm: affinityTerm }), {
      maxLength: 2,
    }),
    1,
  ),
});

const nodeTerm = fc.oneof(
  fc.record({
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({
          key: fc.constantFrom("disk", "topology.kubernetes.io/zone"),
          operator: fc.constantFrom("In" as const, "NotIn" as const),
          values: fc.constantFrom(["ssd"], ["1", "2"]),
        }),
        fc.record({
          key: fc.constantFrom("disk", "cores"),
          operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const),
        }),
        fc.record({
          key: fc.constant("cores"),
          operator: fc.constantFrom("Gt" as const, "Lt" as const),
          values: fc.constant(["4"]),
        }),
      ),
      { maxLength: 2 },
    ),
  }),
  fc.record({
    matchFields: fc.array(
      fc.record({
        key: fc.constant("metadata.name"),
        operator: fc.constantFrom("In" as const, "In" as const, "NotIn" as const),
        values: fc.constantFrom(...nodeNames).map((name) => [name]),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);

const nodeAffinity = record<object>({
  requiredDuringSchedulingIgnoredDuringExecution: maybe(
    fc.array(nodeTerm, { minLength: 1, maxLength: 2 }).map((nodeSelectorTerms) => ({ nodeSelectorTerms })),
    1,
  ),
  preferredDuringSchedulingIgnoredDuringExecution: maybe(
    fc.array(fc.record({ weight: fc.integer({ min: 1, max: 100 }), preference: nodeTerm }), { maxLength: 2 }),
    1,
  ),
});

const constraint = record<TopologySpreadConstraint>({
  maxSkew: fc.integer({ min: 1, max: 2 }),
  topologyKey: fc.constantFrom(...topologyKeys),
  whenUnsatisfiable: fc.constantFrom("DoNotSchedule", "ScheduleAnyway"),
  labelSelector: maybe(selector, 15),
  nodeAffinityPolicy: maybe(fc.constantFrom("Honor", "Ignore"), 1),
  nodeTaintsPolicy: maybe(fc.constantFrom("Honor", "Ignore"), 1),
  matchLabelKeys: maybe(fc.constant(["rev"]), 0.3),
  minDomains: maybe(fc.constantFrom(1, 2, 3), 1),
}).map(accepted);

/** Without what the API server refuses. */
function accepted(drawn: TopologySpreadConstraint): TopologySpreadConstraint {
  const { minDomains, matchLabelKeys, ...rest } = drawn;
  return {
    ...rest,
    ...(minDomains && rest.whenUnsatisfiable === "DoNotSchedule" && { minDomains }),
    ...(matchLabelKeys && rest.labelSelector && { matchLabelKeys }),
  };
}

const toleration = record<object>({
  key: maybe(fc.constantFrom("gpu", "spot", "node.kubernetes.io/unschedulable"), 8),
  operator: fc.constantFrom("Exists", "Equal"),
  value: maybe(fc.constantFrom("", "a"), 1),
  effect: maybe(effect, 1),
}).filter((each) => "key" in each || ("operator" in each && each.operator === "Exists"));

const spec = record<PodSpec>({
  containers: fc
    .tuple(container("one"), fc.boolean(), container("two"))
    .map(([one, both, two]) => (both ? [one, two] : [one])),
  initContainers: maybe(
    fc.array(fc.tuple(container("init"), fc.boolean()), { maxLength: 3 }).map((list) =>
      list.map(([each, sidecar], i) => ({
        ...each,
        name: `init-${i}`,
        ...(sidecar && { restartPolicy: "Always" }),
      })),
    ),
    0.4,
  ),
  overhead: maybe(fc.constantFrom({ cpu: "250m" }, { memory: "120Mi", cpu: "50m" }), 0.2),
  nodeSelector: maybe(fc.constantFrom({ disk: "ssd" }, {}), 0.3),
  affinity: maybe(
    record<object>({
      nodeAffinity: maybe(nodeAffinity, 0.5),
      podAffinity: maybe(podAffinity, 1),
      podAntiAffinity: maybe(podAffinity, 1),
    }),
    1,
  ),
  tolerations: maybe(fc.array(toleration, { maxLength: 2 }), 1),
  topologySpreadConstraints: maybe(fc.array(constraint, { minLength: 1, maxLength: 2 }), 1),
  priority: fc.constantFrom(0, 0, 0, 10, 20),
  preemptionPolicy: maybe(fc.constantFrom("Never", "PreemptLowerPriority"), 0.2),
});

const pod: (name: string) => fc.Arbitrary<Pod> = (name) =>
  fc
    .record({
      namespace: fc.constantFrom(...namespaces),
      labels: podLabels,
      owner: maybe(fc.constantFrom("ReplicaSet", "StatefulSet", "DaemonSet"), 1),
      deleted: fc.constantFrom(false, false, false, false, true),
      started: maybe(fc.integer({ min: 0, max: 5 }), 3),
      spec,
    })
    .map(({ namespace, labels, owner, deleted, started, spec: drawn }) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name,
        namespace,
        labels,
        ...(deleted && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
        ...(owner && {
          ownerReferences: [
            { apiVersion: "apps/v1", kind: owner, name: "owner", uid: "1", controller: true },
          ],
        }),
      },
      spec: drawn,
      ...(started !== undefined && { status: { startTime: `2026-01-01T00:00:0${started}Z` } }),
    }));

const object = (
  kind: string,
  apiVersion: string,
  body: fc.Arbitrary<object>,
): fc.Arbitrary<KubernetesObject> =>
  fc
    .tuple(fc.constantFrom(...namespaces), fc.constantFrom("owner", "other"), body)
    .map(([namespace, name, rest]) => ({
      apiVersion,
      kind,
      metadata: { namespace, name },
      ...rest,
    }));

const anyObject: fc.Arbitrary<KubernetesObject> = fc.oneof(
  object(
    "Service",
    "v1",
    podLabels.map((labels) => ({ spec: { selector: labels } })),
  ),
  object(
    "ReplicaSet",
    "apps/v1",
    selector.map((each) => ({ spec: { selector: each } })),
  ),
  object(
    "StatefulSet",
    "apps/v1",
    selector.map((each) => ({ spec: { selector: each } })),
  ),
  object(
    "PodDisruptionBudget",
    "policy/v1",
    fc.tuple(selector, fc.integer({ min: 0, max: 2 })).map(([each, disruptionsAllowed]) => ({
      spec: { selector: each },
      status: { disruptionsAllowed },
    })),
  ),
  fc.tuple(fc.constantFrom(...namespaces), fc.constantFrom("x", "y")).map(([name, team]) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { team } },
  })),
);

/** Something that happens to a cluster. */
export type Event =
  | { readonly kind: "pod"; readonly pod: Pod }
  | { readonly kind: "remove-pod"; readonly which: number }
  | { readonly kind: "node"; readonly node: Node }
  | { readonly kind: "remove-node"; readonly name: string }
  | { readonly kind: "object"; readonly object: KubernetesObject }
  | { readonly kind: "remove-object"; readonly object: KubernetesObject };

const event = (index: number): fc.Arbitrary<Event> => {
  const pods = fc.record({ kind: fc.constant("pod" as const), pod: pod(`p${index}`) });
  return fc.oneof(
    { weight: 36, arbitrary: pods },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("remove-pod" as const), which: fc.nat(20) }) },
    {
      weight: 3,
      arbitrary: fc
        .constantFrom(...nodeNames)
        .chain(node)
        .map((each) => ({ kind: "node" as const, node: each })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...nodeNames).map((name) => ({ kind: "remove-node" as const, name })),
    },
    { weight: 3, arbitrary: anyObject.map((each) => ({ kind: "object" as const, object: each })) },
    { weight: 2, arbitrary: anyObject.map((each) => ({ kind: "remove-object" as const, object: each })) },
  );
};

/** The first nodes and objects, then what happens. Pods come several times each, as replicas do. */
export const history: fc.Arbitrary<{
  readonly nodes: readonly Node[];
  readonly objects: readonly KubernetesObject[];
  readonly events: readonly Event[];
}> = fc.record({
  nodes: fc
    .tuple(...nodeNames.map((name) => maybe(node(name), 3)))
    .map((drawn) => drawn.filter((each) => each !== undefined)),
  objects: fc.array(anyObject, { maxLength: 6 }),
  events: fc
    .tuple(...Array.from({ length: 14 }, (_, i) => fc.tuple(event(i), fc.integer({ min: 1, max: 4 }))))
    .map((drawn) =>
      drawn.flatMap(([each, times]): Event[] =>
        each.kind === "pod"
          ? Array.from({ length: times }, (_, i) => ({ kind: "pod" as const, pod: replica(each.pod, i) }))
          : [each],
      ),
    ),
});

function replica(of: Pod, index: number): Pod {
  return { ...of, metadata: { ...of.metadata, name: `${of.metadata?.name}-${index}` } };
}
