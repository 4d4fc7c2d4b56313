import { createHash } from "node:crypto";
import {
  type ClusterSnapshot,
  declare,
  type EncryptedValue,
  Evaluation,
  type Graph,
  type GraphResource,
  type Json,
  type JsonObject,
  type KnownResource,
  lookupIn,
  mapSecrets,
  markSecrets,
  recordedOptions,
  producersOf,
  type ResourceRecord,
  type StackState,
  type Urn,
  type Value,
  type ValueObject,
  isEncryptedValue,
} from "@berth/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Move } from "../moves/move.ts";
import { moved } from "../moves/rename.ts";
import type { Plan } from "../plan.ts";
import { planStack } from "../plan-stack.ts";
import { planSchema } from "../schema/plan-schema.ts";
import type { ObservedCluster, PlanRequest, PlanResult, PlanScope } from "../request.ts";
import { RecordedValues } from "../resolve/recorded-values.ts";
import { completeInputs } from "../resolve/complete-inputs.ts";
import { answer, definition } from "./cloud.ts";

const isPlan = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(planSchema);

/** Plans, and holds what comes of it to the schema. */
export function planned(request: PlanRequest): PlanResult {
  const result = planStack(request);
  if (!isPlan(result.plan))
    throw new Error(`not as the schema says: ${JSON.stringify(isPlan.errors, undefined, 1)}`);
  return result;
}

/** Reads what {@link seal} wrote. Not a cipher: the tests look for plaintext elsewhere. */
export const secrets = {
  digest: (plaintext: Value): string => createHash("sha256").update(JSON.stringify(plaintext)).digest("hex"),
  decrypt: ({ ciphertext }: EncryptedValue): Value =>
    JSON.parse(Buffer.from(ciphertext, "base64").toString()),
};

function seal(value: Value): EncryptedValue & JsonObject {
  return {
    $berth: "secret",
    ciphertext: Buffer.from(JSON.stringify(value)).toString("base64"),
    digest: secrets.digest(value),
  };
}

export const emptyState: StackState = {
  project: "shop",
  stack: "dev",
  serial: 0,
  resources: [],
  outputs: {},
  pending: [],
};

export function graphOf(program: () => unknown): Promise<Graph> {
  return declare(
    {
      project: "shop",
      stack: "dev",
      mapSite: ({ line, column }) => ({ file: "/home/shop/shop.ts", line, column }),
    },
    program,
  );
}

/** A stack in memory: plans, and applies plans as the engine does, without a world. */
export class TestStack {
  state: StackState = emptyState;
  readonly observed = new Map<Urn, ObservedCluster>();
  #generation = 0;

  observe(snapshot: ClusterSnapshot): void {
    this.observed.set(snapshot.cluster, { snapshot, how: "live" });
  }

  request(graph: Graph, operation: PlanRequest["operation"] = "up", scope?: PlanScope): PlanRequest {
    return {
      operation,
      ...(scope && { scope }),
      graph,
      recorded: this.state,
      observed: this.observed,
      definition,
      secrets,
      projectFolder: "/home/shop",
    };
  }

  async preview(program: () => unknown): Promise<Plan> {
    return planned(this.request(await graphOf(program))).plan;
  }

  /** @param until - the last step that is done before the process is killed; all of them where absent */
  async up(program: () => unknown, until?: number): Promise<Plan> {
    const graph = await graphOf(program);
    const result = planned(this.request(graph));
    this.apply(graph, result, until);
    return result.plan;
  }

  destroy(graph: Graph): Plan {
    const result = planned(this.request(graph, "destroy"));
    this.apply(graph, result);
    return result.plan;
  }

  /** Steps in their order, each with inputs evaluated from what is recorded by then. */
  apply(
    graph: Graph,
    { plan, bookkeeping }: Pick<PlanResult, "plan" | "bookkeeping">,
    until = Infinity,
  ): void {
    const moves = plan.changes.flatMap(({ urn, movedFrom }): readonly Move[] =>
      movedFrom === undefined ? [] : [{ from: movedFrom, to: urn, by: "alias" }],
    );
    this.state = moved(this.request(graph), moves).recorded;
    const records = new Map<Urn, ResourceRecord>(this.state.resources.map((each) => [each.urn, each]));
    const values = new RecordedValues(secrets);
    const known = (urn: Urn): KnownResource | undefined => {
      const record = records.get(urn);
      const own = record && definition(record.type);
      return (
        record &&
        own && { definition: own, inputs: values.view(record).inputs, outputs: values.outputs(record) }
      );
    };
    const done = new Set<number>();
    let superseded = [...(this.state.superseded ?? [])];
    for (const { id, urn, action, after, superseded: isSuperseded } of plan.steps) {
      if (after.some((each) => !done.has(each)))
        throw new Error(`step ${id} runs before one that it waits for`);
      done.add(id);
      if (id > until) break;
      if (isSuperseded) {
        superseded = superseded.filter((each) => each.urn !== urn);
        continue;
      }
      if (action === "delete" || action === "forget") {
        records.delete(urn);
        continue;
      }
      const resource = graph.resources[graph.index.get(urn) ?? -1];
      const change = plan.changes.find((each) => each.urn === urn && each.reason.kind !== "superseded");
      if (!resource || !change) throw new Error(`no resource for step ${id}`);
      const before = records.get(urn);
      const supersedes = change.replacement === "create-first";
      if (supersedes && before) superseded.push(before);
      else if ((action === "create") !== (before === undefined))
        throw new Error(`${action} of ${urn}, which ${before ? "exists" : "does not exist"}`);
      const evaluated = new Evaluation(lookupIn(known)).inputs(resource.inputs);
      const { inputs } = completeInputs(resource.definition, evaluated, change.assigned, change.generation);
      const view = { urn, type: resource.type, inputs, outputs: {}, references: resource.references };
      const answered = answer(resource.definition, view, ++this.#generation);
      const outputs =
        action === "update" && before
          ? { ...answered, ...stable(resource.definition.outputs, values.outputs(before)) }
          : answered;
      records.set(urn, {
        urn,
        type: resource.type,
        provider: resource.definition.provider,
        id: urn.split("::").at(-1) ?? urn,
        inputs: sealed(inputs),
        outputs: sealed(markSecrets({ properties: resource.definition.outputs }, outputs) as ValueObject),
        assigned: change.assigned,
        dependencies: resource.dependencies,
        references: resource.references,
        ...(resource.parent === undefined ? {} : { parent: resource.parent }),
        ...(resource.cluster === undefined ? {} : { cluster: resource.cluster }),
        ...(resource.options.provider === undefined ? {} : { providerResource: resource.options.provider }),
        protect: resource.options.protect,
        operationKey: `key ${id}`,
        ...(change.generation === undefined ? {} : { generation: change.generation }),
        ...optionsOf(resource, action === "update" ? before : undefined, new Evaluation(lookupIn(known))),
      });
    }
    for (const { urn, inputs, hasNewTrigger, ...rest } of until === Infinity ? bookkeeping : []) {
      const before = records.get(urn);
      const resource = graph.resources[graph.index.get(urn) ?? -1];
      if (!before || !resource) continue;
      const { providerResource: _, options: __, ...kept } = before;
      if (hasNewTrigger) Object.assign(rest, optionsOf(resource, before, new Evaluation(lookupIn(known))));
      records.set(urn, { ...kept, ...rest, inputs: inputs ? sealed(inputs) : before.inputs });
    }
    const outputs = new Evaluation(lookupIn(known));
    const exported = plan.outputs.flatMap(({ name, action }): [string, Json][] => {
      const had = this.state.outputs[name];
      if (action === "delete") return [];
      // What waits for what is outside of a scope stays.
      const value = plan.operation === "destroy" ? undefined : outputs.value(graph.outputs[name]);
      if (value === undefined || producersOf(value).length > 0) return had === undefined ? [] : [[name, had]];
      return [[name, sealed({ value })["value"]!]];
    });
    this.state = {
      ...this.state,
      serial: this.state.serial + plan.steps.length,
      superseded,
      resources: inOrder([...records.values()]),
      outputs: Object.fromEntries(exported),
    };
  }
}

/** Options as they are recorded. */
function optionsOf(
  { options }: GraphResource,
  before: ResourceRecord | undefined,
  evaluation: Evaluation,
): Pick<ResourceRecord, "options"> {
  const { replacementTrigger } = options;
  const value = replacementTrigger === undefined ? undefined : evaluation.value(replacementTrigger);
  const trigger =
    before?.options?.replacementTrigger ?? (value === undefined ? undefined : sealed({ value })["value"]);
  const recorded = recordedOptions(options, value === undefined ? undefined : trigger);
  return recorded ? { options: recorded } : {};
}

function stable(
  schemas: Readonly<Record<string, { readonly immutable?: string }>>,
  outputs: ValueObject,
): ValueObject {
  return Object.fromEntries(
    Object.entries(outputs).filter(([name]) => schemas[name]?.immutable !== undefined),
  );
}

function sealed(value: ValueObject): JsonObject {
  return mapSecrets(value, (secret) =>
    isEncryptedValue(secret.reveal()) ? secret : seal(secret.reveal()),
  ) as JsonObject;
}

/** Each record after those that it depends on. */
function inOrder(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  const byUrn = new Map(records.map((each) => [each.urn, each]));
  const ordered = new Set<ResourceRecord>();
  const visit = (record: ResourceRecord | undefined): void => {
    if (!record || ordered.has(record)) return;
    record.dependencies.forEach((urn) => visit(byUrn.get(urn)));
    ordered.add(record);
  };
  records.forEach(visit);
  return [...ordered];
}

/** A change in a line: action, name, and what differs. */
export function changeLines(plan: Plan): readonly string[] {
  return plan.changes.map(({ action, certainty, name, because, reason, properties }) => {
    const details = properties.map(
      (each) =>
        `${each.certainty === "may" ? "~" : ""}${each.path}${each.forcesReplacement === undefined ? "" : "!"}`,
    );
    const why = because ? ` because of ${because.join(", ")}` : "";
    const cause =
      reason.kind === "upstream-replaced"
        ? " (upstream)"
        : reason.kind === "cluster-replaced"
          ? " (cluster)"
          : reason.kind === "provider-replaced"
            ? " (provider)"
            : "";
    return `${certainty} ${action} ${name}${why}${cause}${details.length > 0 ? `: ${details.join(", ")}` : ""}`;
  });
}

export function stepLines(plan: Plan): readonly string[] {
  return plan.steps.map(
    ({ id, action, urn, superseded, after }) =>
      `${id} ${action} ${superseded ? "old " : ""}${urn.split("::").at(-1)}${after.length > 0 ? ` after ${after.join(" ")}` : ""}`,
  );
}
