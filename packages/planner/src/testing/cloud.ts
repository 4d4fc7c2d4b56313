import {
  Component,
  ComponentType,
  defineResource,
  type Facet,
  type JsonObject,
  type ResourceDefinition,
  type ResourceView,
  Secret,
  standInFor,
  Unknown,
  type ValueObject,
  definitionOf,
  isValueObject,
  type Value,
} from "@berth/core";

const text = { type: "string" } as const;
const labels = { type: "object", additionalProperties: text } as const;

/** A component that is nothing but a name around its children. */
@ComponentType("acme:Group")
export class Group extends Component {}

/** A network: its id follows from its name, its address does not. */
export const Network = defineResource<
  { name: string; range?: string; zone?: string },
  { id: string; address: string }
>({
  type: "acme:Network",
  provider: "acme",
  inputs: {
    name: { ...text, immutable: "a network cannot be renamed", generation: true },
    range: { schema: text, optional: true },
    zone: { schema: { ...text, immutable: "a network stays in its zone" }, optional: true },
  },
  outputs: { id: { ...text, immutable: "an id is for life" }, address: text },
  predict: ({ inputs }) => ({
    id: inputs["name"] instanceof Unknown ? inputs["name"] : `networks/${String(inputs["name"])}`,
  }),
  identity: ({ name }) => (typeof name === "string" ? `network ${name}` : undefined),
});

/** An account in which things are made. Its key may change, its number says which it is. */
export const Account = defineResource<{ number: string; key?: string }>({
  type: "acme:Account",
  provider: "acme",
  isProvider: true,
  inputs: {
    number: { ...text, immutable: "nothing moves from one account to another" },
    key: { schema: text, optional: true },
  },
});

/** A subnet cannot move to another network. Its id is known once it exists. */
export const Subnet = defineResource<{ network: string; size?: number }, { id: string; gateway: string }>({
  type: "acme:Subnet",
  provider: "acme",
  inputs: {
    network: { ...text, immutable: "a subnet stays in its network" },
    size: { schema: { type: "integer" }, optional: true },
  },
  outputs: { id: { ...text, immutable: "an id is for life" }, gateway: text },
});

interface MachineInputs {
  size: number;
  subnet?: string;
  note?: string;
  password?: string;
  tags?: Record<string, string>;
  zones?: string[];
}

export const Machine = defineResource<MachineInputs, { id: string; ip: string; token: string }>({
  type: "acme:Machine",
  provider: "acme",
  inputs: {
    size: { type: "integer" },
    subnet: { schema: { ...text, immutable: "a machine stays in its subnet" }, optional: true },
    note: { schema: text, optional: true },
    password: { schema: { ...text, secret: true }, optional: true },
    tags: { schema: labels, optional: true },
    zones: { schema: { type: "array", items: text, compare: "set" }, optional: true },
  },
  outputs: { id: text, ip: text, token: { ...text, secret: true } },
  facets: ({ inputs }): readonly Facet[] => {
    const { size } = inputs;
    if (size === 13)
      return [
        { kind: "Cost", what: "a machine of 13", reason: "no price is known", source: "the list of 2026" },
      ];
    return [
      {
        kind: "Cost",
        what: `a machine of ${String(size)}`,
        monthly: typeof size === "number" ? size * 10.1 : new Unknown([]),
        source: "the list of 2026",
      },
    ];
  },
});

/** A cluster with a pool of its own, named `system`. */
export const Cluster = defineResource<{ name: string; nodes?: number; range?: string }, { id: string }>({
  type: "acme:Cluster",
  provider: "acme",
  isCluster: true,
  inputs: {
    name: { ...text, immutable: "a cluster cannot be renamed", generation: true },
    nodes: { type: "integer", default: 1 },
    range: { ...text, default: "10.0.0.0/16", immutable: "a cluster keeps its range of service addresses" },
  },
  outputs: { id: { ...text, immutable: "an id is for life" } },
  identity: ({ name }) => (typeof name === "string" ? `cluster ${name}` : undefined),
  facets: ({ urn, inputs }) => {
    const range = String(inputs["range"]);
    const address = (last: string): string => range.replace(/\.\d+\.\d+\/.*$/, last);
    return [
      {
        kind: "Cluster",
        cluster: urn,
        kubernetes: "1.36",
        flavour: "upstream",
        services: {
          range,
          firstStatic: address(".0.1"),
          lastStatic: address(".1.0"),
          reserved: [address(".0.1"), address(".0.10")],
        },
        systemObjects: [workload("DaemonSet", "agent", { namespace: "kube-system", cpu: "100m" })],
      },
      supply(urn, "system", inputs["nodes"], "2", ["a"]),
    ];
  },
});

export const Pool = defineResource<
  { cluster: string; name: string; count: number; cpu?: string; zones?: string[]; price?: number },
  { id: string }
>({
  type: "acme:Pool",
  provider: "acme",
  inputs: {
    cluster: { ...text, immutable: "a pool stays in its cluster" },
    name: { ...text, immutable: "a pool cannot be renamed", generation: true },
    count: { type: "integer" },
    cpu: { ...text, default: "4", immutable: "a pool keeps its machines" },
    zones: { type: "array", items: text, default: [] },
    price: { schema: { type: "number" }, optional: true },
  },
  outputs: { id: { ...text, immutable: "an id is for life" } },
  identity: ({ cluster, name }) =>
    typeof name === "string" && typeof cluster === "string" ? `pool ${cluster} ${name}` : undefined,
  facets: ({ references, inputs }): readonly Facet[] => {
    const [cluster] = references["cluster"] ?? [];
    if (cluster === undefined) return [];
    const { zones, price, count } = inputs;
    const monthly = typeof price === "number" && typeof count === "number" ? price * count : undefined;
    return [
      ...(monthly === undefined
        ? []
        : [{ kind: "Cost" as const, what: `${String(count)} nodes`, monthly, source: "the list of 2026" }]),
      supply(
        cluster,
        String(inputs["name"]),
        inputs["count"],
        String(inputs["cpu"]),
        Array.isArray(zones) ? zones.map(String) : [],
      ),
    ];
  },
});

function supply(
  cluster: string,
  pool: string,
  count: Value | undefined,
  cpu: string,
  zones: readonly string[],
): Facet {
  const template = (zone?: string): JsonObject => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      labels: {
        pool,
        "kubernetes.io/os": "linux",
        ...(zone === undefined ? {} : { "topology.kubernetes.io/zone": zone }),
      },
    },
    status: { capacity: { cpu, memory: "8Gi", pods: "30" }, allocatable: { cpu, memory: "8Gi", pods: "30" } },
  });
  return {
    kind: "NodeSupply",
    cluster,
    pool,
    poolLabel: ["pool", pool],
    count: typeof count === "number" || count instanceof Unknown ? count : 0,
    shape: `vm-${cpu}`,
    templates: zones.length > 0 ? zones.map(template) : [template()],
    ...(zones.length > 0 ? { zoneLabel: "topology.kubernetes.io/zone" } : {}),
  };
}

interface KubernetesInputs {
  apiVersion: string;
  kind: string;
  metadata: object;
  spec?: object;
}

/** Any object of a cluster, as plain JSON. */
export const KubernetesObject = defineResource<KubernetesInputs, { uid: string }>({
  type: "acme:KubernetesObject",
  provider: "acme",
  onCluster: true,
  inputs: {
    apiVersion: { ...text, immutable: "an object is of one kind" },
    kind: { ...text, immutable: "an object is of one kind" },
    metadata: {
      type: "object",
      properties: { name: { ...text, immutable: "an object keeps its name" } },
      additionalProperties: true,
    },
    spec: { schema: { type: "object", additionalProperties: true }, optional: true },
  },
  outputs: { uid: text },
  facets: ({ cluster, inputs }) => {
    if (cluster === undefined) return [];
    const unknownPaths: string[] = [];
    return [
      {
        kind: "KubernetesObject",
        cluster,
        object: known(inputs, "", unknownPaths) as JsonObject,
        unknownPaths,
      },
    ];
  },
  identity: (inputs) => `${String(inputs["kind"])} ${JSON.stringify(inputs["metadata"])}`,
});

function known(value: Value, path: string, unknown: string[]): Value | undefined {
  if (value instanceof Unknown) unknown.push(path);
  if (value instanceof Secret) return standInFor(value);
  if (typeof value !== "object" || value === null || !(Array.isArray(value) || isValueObject(value)))
    return value instanceof Unknown ? undefined : value;
  if (Array.isArray(value))
    return value.flatMap((each: Value, index) => known(each, `${path}[${index}]`, unknown) ?? []);
  const entries = Object.entries(value).map(
    ([key, each]) => [key, known(each, path === "" ? key : `${path}.${key}`, unknown)] as const,
  );
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, Value] => entry[1] !== undefined),
  );
}

/** A workload as JSON: one container, labels `app`. */
export function workload(
  kind: "Deployment" | "StatefulSet" | "DaemonSet",
  name: string,
  {
    namespace = "default",
    replicas = 1,
    cpu = "500m",
    image = "v1",
    spec = {},
    pod = {},
  }: WorkloadShape = {},
): JsonObject {
  const container = {
    name,
    image: `${name}:${image}`,
    ports: [{ name: "http", containerPort: 8080 }],
    resources: { requests: { cpu, memory: "64Mi" } },
  };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace },
    spec: {
      ...(kind === "DaemonSet" ? {} : { replicas }),
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [container], ...pod } },
      ...spec,
    },
  };
}

export interface WorkloadShape {
  readonly namespace?: string;
  readonly replicas?: number;
  readonly cpu?: string;
  readonly image?: string;
  readonly spec?: JsonObject;
  readonly pod?: JsonObject;
}

export function service(name: string, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: "http" }], ...spec },
  };
}

const definitions: ReadonlyMap<string, ResourceDefinition> = new Map(
  [Account, Network, Subnet, Machine, Cluster, Pool, KubernetesObject].map((each) => {
    const definition = definitionOf(each);
    return [definition.type, definition];
  }),
);

export function definition(type: string): ResourceDefinition | undefined {
  return definitions.get(type);
}

/** What the provider of these types answers: what is predicted, and for the rest something that nobody could know. */
export function answer(of: ResourceDefinition, view: ResourceView, generation: number): ValueObject {
  const predicted = of.predict?.(view) ?? {};
  const made = Object.keys(of.outputs).map((name) => [
    name,
    `${name} ${generation} of ${view.urn.split("::").at(-1)}`,
  ]);
  return { ...Object.fromEntries(made), ...predicted };
}
