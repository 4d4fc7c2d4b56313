const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;
const flag = { type: "boolean" } as const;
const number = { type: "number" } as const;
const count = { type: "integer", minimum: 0 } as const;
const json = { $ref: "#/$defs/json" } as const;
const site = { $ref: "#/$defs/site" } as const;
const podCounts = { $ref: "#/$defs/podCounts" } as const;
const certainty = { enum: ["will", "may"] } as const;
const propertyKind = { enum: ["add", "remove", "change"] } as const;

/** An object that has these properties and no others; those with a name in `optional` may be absent. */
function closed<const P extends Readonly<Record<string, unknown>>, const O extends keyof P = never>(
  properties: P,
  optional: readonly O[] = [],
) {
  const names = Object.keys(properties) as (keyof P)[];
  const may: ReadonlySet<keyof P> = new Set(optional);
  const required = names.filter((each): each is Exclude<keyof P, O> => !may.has(each));
  return { type: "object", properties, required, additionalProperties: false } as const;
}

function list<const I>(items: I) {
  return { type: "array", items } as const;
}

function ref<const N extends string>(name: N) {
  return { $ref: `#/$defs/${name}` } as const;
}

/** Parts of the Plan by name. */
export const planDefinitions = {
  json: {
    description:
      "Any JSON. What is not known yet is { $berth: unknown, producers, type? }, a secret is { $berth: secret }.",
  },
  jsonObject: { type: "object" },
  code: { type: "string", pattern: "^BERTH\\d{4}$" },
  site: closed({ file: text, line: count, column: count }),
  problem: closed(
    {
      code: { $ref: "#/$defs/code" },
      severity: { enum: ["error", "warning"] },
      message: text,
      hint: text,
      resource: text,
      path: text,
      policy: text,
      site,
    },
    ["hint", "resource", "path", "policy", "site"],
  ),
  podCounts: closed({ new: count, moved: count, gone: count, staying: count, unplaced: count }),
  action: { enum: ["create", "update", "replace", "delete", "read", "import", "forget", "move", "no-op"] },
  cause: closed(
    {
      urn: text,
      type: text,
      name: text,
      action: ref("action"),
      certainty,
      path: text,
      rule: text,
      site,
      skipped: count,
    },
    ["path", "rule", "site", "skipped"],
  ),
  reason: {
    anyOf: [
      closed({ kind: { const: "not-recorded" } }),
      closed({ kind: { const: "not-declared" } }),
      closed({ kind: { const: "inputs-changed" } }),
      closed({ kind: { const: "cannot-update" }, paths: texts, rule: text }),
      closed({ kind: { const: "upstream-replaced" }, upstream: texts, paths: texts }),
      closed({ kind: { const: "cluster-replaced" }, cluster: text }),
      closed({ kind: { const: "provider-replaced" }, provider: text, rule: text }),
      closed({ kind: { const: "interrupted" }, text }),
      closed({ kind: { const: "replace-on-changes" }, paths: texts }),
      closed({ kind: { const: "replacement-trigger" } }),
      closed({ kind: { const: "requested" } }),
      closed({ kind: { const: "gone" } }),
      closed({ kind: { const: "reads" }, id: text }, ["id"]),
      closed({ kind: { const: "imported" }, id: text }),
      closed({ kind: { const: "moved" }, from: text, by: { enum: ["alias", "content"] } }),
      closed({ kind: { const: "superseded" }, id: text }),
      closed({ kind: { const: "destroy" } }),
    ],
  },
  property: closed(
    {
      path: text,
      kind: propertyKind,
      before: json,
      after: json,
      certainty,
      forcesReplacement: text,
      upstream: texts,
    },
    ["before", "after", "forcesReplacement", "upstream"],
  ),
  change: closed(
    {
      urn: text,
      type: text,
      name: text,
      parent: text,
      cluster: text,
      action: ref("action"),
      certainty,
      because: texts,
      reason: ref("reason"),
      causes: list(ref("cause")),
      replacement: { enum: ["delete-first", "create-first"] },
      generation: count,
      adopts: { const: true },
      retained: { const: true },
      deletedWith: text,
      movedFrom: text,
      properties: list(ref("property")),
      before: { $ref: "#/$defs/jsonObject" },
      after: { $ref: "#/$defs/jsonObject" },
      assigned: { type: "object", additionalProperties: json },
      site,
    },
    [
      "parent",
      "cluster",
      "because",
      "causes",
      "replacement",
      "generation",
      "adopts",
      "retained",
      "deletedWith",
      "movedFrom",
      "before",
      "after",
      "site",
    ],
  ),
  scope: closed({ targets: texts, excludes: texts, replaces: texts, outside: count }),
  drift: closed({
    urn: text,
    type: text,
    name: text,
    kind: { enum: ["changed", "gone"] },
    properties: list(ref("property")),
  }),
  step: closed(
    {
      id: { type: "integer", minimum: 1 },
      urn: text,
      action: { enum: ["create", "update", "delete", "read", "import", "forget"] },
      superseded: { const: true },
      after: list(count),
      needs: list(count),
    },
    ["superseded", "needs"],
  ),
  resourceUse: closed({ resource: text, requestedBefore: number, requested: number, allocatable: number }),
  node: closed(
    {
      name: text,
      pool: text,
      shape: text,
      zone: text,
      change: { enum: ["stays", "new", "gone"] },
      resources: list(ref("resourceUse")),
      limiting: text,
      pods: closed({ before: count, after: count }),
    },
    ["zone"],
  ),
  placement: closed(
    {
      workload: text,
      system: flag,
      resource: text,
      node: text,
      zone: text,
      change: { enum: ["stays", "new", "moved", "gone"] },
      from: text,
      pods: texts,
      why: text,
      certainty: { enum: ["forced", "unique", "tied", "order-sensitive", "image-sensitive"] },
      tied: count,
      best: texts,
    },
    ["resource", "zone", "from", "why", "certainty", "tied", "best"],
  ),
  shortage: closed({ resource: text, requested: number, used: number, capacity: number, shortBy: number }),
  refusal: closed({ node: text, plugin: text, reasons: texts, shortages: list(ref("shortage")) }, ["plugin"]),
  remedy: {
    anyOf: [
      closed({ kind: { const: "more-nodes" }, pool: text, nodes: count, pods: count, monthly: number }, [
        "monthly",
      ]),
      closed(
        {
          kind: { const: "smaller-request" },
          node: text,
          pool: text,
          monthly: number,
          less: list(closed({ resource: text, amount: number })),
          pods: count,
        },
        ["pool", "monthly"],
      ),
      closed({ kind: { const: "refused" }, reasons: texts }),
    ],
  },
  unplaced: closed(
    {
      workload: text,
      system: flag,
      resource: text,
      pods: texts,
      message: text,
      nodes: list(ref("refusal")),
      remedy: ref("remedy"),
    },
    ["resource", "remedy"],
  ),
  stuck: closed(
    {
      workload: text,
      system: flag,
      resource: text,
      desired: count,
      updated: count,
      ready: count,
      unplaced: texts,
    },
    ["resource"],
  ),
  servicePort: closed(
    {
      name: text,
      protocol: text,
      port: count,
      targetPort: { anyOf: [count, text] },
      resolved: list(count),
      nodePort: { anyOf: [count, { const: "allocated" }] },
    },
    ["name", "nodePort"],
  ),
  endpoint: closed(
    { pod: text, node: text, zone: text, address: text, change: { enum: ["stays", "new", "gone"] } },
    ["zone", "address"],
  ),
  service: closed(
    {
      service: text,
      resource: text,
      change: { enum: ["stays", "new", "changed", "gone"] },
      type: text,
      clusterIP: text,
      selector: text,
      external: text,
      ports: list(ref("servicePort")),
      endpoints: list(ref("endpoint")),
      endpointsBefore: count,
    },
    ["resource", "clusterIP", "selector", "external"],
  ),
  cluster: closed(
    {
      cluster: text,
      name: text,
      kubernetes: text,
      flavour: { enum: ["upstream", "aks"] },
      observed: { enum: ["live", "saved", "synthesised"] },
      change: { enum: ["stays", "new", "replaced", "gone"] },
      unknown: texts,
      nodes: list(ref("node")),
      placement: list(ref("placement")),
      unplaced: list(ref("unplaced")),
      stuck: list(ref("stuck")),
      services: list(ref("service")),
    },
    ["kubernetes"],
  ),
  policies: closed({
    ran: list(
      closed({
        name: text,
        kind: { enum: ["resource", "graph", "plan"] },
        level: { enum: ["advisory", "mandatory", "remediating"] },
      }),
    ),
    remediations: list(
      closed({ policy: text, urn: text, path: text, before: json, after: json }, ["before", "after"]),
    ),
  }),
  costItem: closed({ urn: text, what: text, before: number, after: number }, ["before", "after"]),
  outputChange: closed(
    { name: text, action: { enum: ["create", "update", "delete", "no-op"] }, before: json, after: json },
    ["before", "after"],
  ),
} as const;

/** JSON Schema (draft 2020-12) of the Plan, closed at every depth; `docs/plan.schema.json` is this. The compiler holds it to {@link Plan}. */
export const planSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "berth plan",
  description:
    "What berth will do, and what follows from it: changes, steps, placement, wiring, cost, problems.",
  ...closed(
    {
      format: { const: "berth.plan" },
      version: { const: 1 },
      project: text,
      stack: text,
      operation: { enum: ["up", "destroy", "refresh"] },
      base: closed({ serial: count, stateDigest: text, graphDigest: text }),
      scope: ref("scope"),
      drift: list(ref("drift")),
      summary: closed(
        {
          create: count,
          update: count,
          replace: count,
          delete: count,
          unchanged: count,
          import: count,
          move: count,
          forget: count,
          pods: podCounts,
          systemPods: podCounts,
          predictedFailures: count,
        },
        ["import", "move", "forget"],
      ),
      changes: list(ref("change")),
      steps: list(ref("step")),
      clusters: list(ref("cluster")),
      cost: closed(
        { before: number, after: number, items: list(ref("costItem")), unpriced: texts, sources: texts },
        ["before", "after"],
      ),
      outputs: list(ref("outputChange")),
      problems: list(ref("problem")),
      policies: ref("policies"),
    },
    ["scope", "drift", "policies"],
  ),
  $defs: planDefinitions,
} as const;
