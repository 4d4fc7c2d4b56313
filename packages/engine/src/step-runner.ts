import {
  checkInputs,
  encodeValue,
  type GraphResource,
  isKnown,
  type JsonObject,
  type Ownership,
  type PendingOperation,
  producersOf,
  formatProducer,
  type Provider,
  type ProviderResult,
  type ResourceRecord,
  type Urn,
  type Value,
  type ValueObject,
} from "@berth/core";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import {
  accountDifferences,
  type Change,
  compareInputs,
  type Difference,
  type Plan,
  type SecretDigest,
  type Step,
} from "@berth/planner";
import { plainJson, seal, type Secrets, type StateSession } from "@berth/state";
import { randomUUID } from "node:crypto";
import { disagreementsOfCreate, disagreementsOfUpdate } from "./agreement.ts";
import { engineCodes } from "./codes.ts";
import { configurationFor } from "./configuration.ts";
import type { Desired } from "./desired.ts";
import type { StepEvent } from "./events.ts";
import type { Operation } from "./operation.ts";
import { markOutputs } from "./outputs.ts";
import type { ProviderRegistry } from "./providers.ts";
import type { Redactor } from "./redactor.ts";

/** What running steps needs. */
export interface Running {
  readonly operation: Operation;
  readonly plan: Plan;
  readonly session: StateSession;
  readonly secrets: Secrets;
  readonly providers: ProviderRegistry;
  readonly redactor: Redactor;
  readonly desired: Desired;
  readonly emit: (event: StepEvent) => void;
}

type Differences = readonly Difference[];

/**
 * Runs single steps: evaluates, checks that it is what the plan showed, announces it in the journal,
 * asks the provider, records the answer.
 */
export class StepRunner {
  readonly #running: Running;
  readonly #changes: ReadonlyMap<Urn, Change>;

  constructor(running: Running) {
    this.#running = running;
    this.#changes = new Map(running.plan.changes.map((change) => [change.urn, change]));
  }

  /** `unchanged`: the change was only a `may`, and nothing had to be done. @throws what went wrong; the journal says how far it got */
  async run(step: Step): Promise<"done" | "unchanged"> {
    if (step.action === "read") throw new TypeError("reads are resolved before planning");
    if (step.action === "delete") return this.#delete(step);
    const resource = this.#resource(step.urn);
    const record = this.#running.session.record(step.urn);
    const inputs = this.#inputs(resource);
    if (resource.definition.isProvider) return this.#configure(resource, record, inputs);
    const differences = record && this.#differences(resource, record, inputs);
    const isUncertain =
      this.#change(step.urn).certainty === "may" && !this.#running.session.pending(step.urn);
    if (isUncertain && record && differences?.length === 0) {
      await this.#move(resource, record);
      return "unchanged";
    }
    this.#refuseDisagreement(resource, record, inputs, differences ?? []);
    await (record ? this.#update(step, resource, record, inputs) : this.#create(step, resource, inputs));
    return "done";
  }

  /** A provider resource is only recorded: nobody is asked to make it. */
  async #configure(
    resource: GraphResource,
    record: ResourceRecord | undefined,
    inputs: ValueObject,
  ): Promise<"done" | "unchanged"> {
    const { session } = this.#running;
    const { urn, type, definition, references } = resource;
    const change = this.#change(urn);
    const isUncertain = change.certainty === "may" && !session.pending(urn);
    const differences = record ? this.#differences(resource, record, inputs) : [];
    if (isUncertain && record && differences.length === 0) return "unchanged";
    this.#refuseDisagreement(resource, change.action === "replace" ? undefined : record, inputs, differences);
    const operationKey = record?.operationKey ?? randomUUID();
    const outputs = definition.predict?.({ urn, type, inputs, outputs: {}, references }) ?? {};
    const intended = this.#intended(resource, operationKey);
    const sealed = await this.#seal(inputs, [record?.inputs ?? {}]);
    const pending: PendingOperation = {
      urn,
      type,
      action: record ? "update" : "create",
      operationKey,
      inputs: sealed,
      intended,
    };
    await session.begin(pending);
    await this.#record(pending, intended, sealed, { id: urn, outputs });
    return "done";
  }

  /** What turned out to be in the same account is from now on the other provider's. */
  async #move({ options }: GraphResource, record: ResourceRecord): Promise<void> {
    const { providerResource, ...others } = record;
    if (options.provider === providerResource) return;
    const { dependencies } = record;
    const { provider } = options;
    await this.#running.session.amend({
      ...others,
      ...(provider !== undefined && {
        providerResource: provider,
        dependencies: [...new Set([...dependencies, provider])].toSorted(),
      }),
    });
  }

  #configuration(of: Pick<ResourceRecord, "urn" | "providerResource">) {
    const { session, secrets, redactor } = this.#running;
    return configurationFor(of, { records: (urn) => session.record(urn), secrets, redactor });
  }

  async #create(step: Step, resource: GraphResource, inputs: ValueObject): Promise<void> {
    const { session } = this.#running;
    const operationKey = randomUUID();
    const intended = this.#intended(resource, operationKey);
    const sealed = await this.#seal(inputs, []);
    const pending: PendingOperation = {
      urn: step.urn,
      type: resource.type,
      action: "create",
      operationKey,
      inputs: sealed,
      intended,
    };
    const provider = this.#provider(intended.provider, step.urn);
    const configuration = this.#configuration(intended);
    await session.begin(pending);
    const request = {
      ...this.#request(step, resource, inputs),
      ...configuration,
      ownership: this.#ownership(step.urn, operationKey),
    };
    let result: ProviderResult;
    try {
      result = await provider.create(request);
    } catch (thrown) {
      await this.#settleFailedCreate(pending, provider, request, thrown);
      throw thrown;
    }
    await this.#record(pending, intended, sealed, result);
  }

  async #update(
    step: Step,
    resource: GraphResource,
    record: ResourceRecord,
    inputs: ValueObject,
  ): Promise<void> {
    const intended = this.#intended(resource, record.operationKey);
    const sealed = await this.#seal(inputs, [record.inputs, record.outputs]);
    const pending: PendingOperation = {
      urn: step.urn,
      type: resource.type,
      action: "update",
      operationKey: randomUUID(),
      inputs: sealed,
      intended,
    };
    const provider = this.#provider(record.provider, step.urn);
    const configuration = this.#configuration(intended);
    await this.#running.session.begin(pending);
    // Where this throws, nobody knows how much of it was done: it stays pending, and the next plan repeats it.
    const result = await provider.update({
      ...this.#request(step, resource, inputs),
      ...configuration,
      ownership: this.#ownership(step.urn, record.operationKey),
      id: record.id,
      recorded: record,
    });
    await this.#record(pending, intended, sealed, result);
  }

  async #delete(step: Step): Promise<"done" | "unchanged"> {
    const { session } = this.#running;
    const record = session.record(step.urn);
    if (!record || this.#isKept(step.urn, record)) return "unchanged";
    // Forgotten when the plan is done: until then what was made with it is to be found in its account.
    if (this.#running.operation.definition(record.type)?.isProvider) return "done";
    const { urn, type, id, cluster } = record;
    const pending: PendingOperation = { urn, type, action: "delete", operationKey: randomUUID() };
    const provider = this.#provider(record.provider, urn);
    const shared = {
      urn,
      type,
      id,
      ...this.#configuration(record),
      ...(cluster !== undefined && { cluster }),
    };
    const interrupted = session.pending(urn);
    await session.begin(pending);
    try {
      await provider.delete({ ...shared, recorded: record });
    } catch (thrown) {
      const inputs = this.#running.desired.recorded(record, record.inputs);
      const found = await provider
        .read({ ...shared, inputs, ownership: this.#ownership(urn, record.operationKey) })
        .catch(() => "unknown" as const);
      if (found === undefined) await session.succeed(pending, { kind: "removed" });
      else if (found !== "unknown") await this.#undelete(pending, interrupted, thrown);
      if (found !== undefined) throw thrown;
      return "done";
    }
    await session.succeed(pending, { kind: "removed" });
    return "done";
  }

  /** It is still there: as it was before, interrupted or not. */
  async #undelete(
    pending: PendingOperation,
    interrupted: PendingOperation | undefined,
    thrown: unknown,
  ): Promise<void> {
    const { session } = this.#running;
    if (interrupted) await session.begin(interrupted);
    else await session.fail(pending, this.#reason(thrown));
  }

  /** The first half of a replacement that was only a `may`, and for which, now that inputs are known, there is no reason. */
  #isKept(urn: Urn, record: ResourceRecord): boolean {
    const change = this.#change(urn);
    if (change.action !== "replace" || change.certainty !== "may") return false;
    const resource = this.#resource(urn);
    const inputs = this.#running.desired.inputs(urn);
    if (!isKnown(inputs) || this.#isElsewhere(resource, record)) return false;
    return this.#differences(resource, record, inputs).every((each) => each.forcesReplacement === undefined);
  }

  /** Whether its provider resource, as the program has it now, names another account, as far as is known. */
  #isElsewhere({ options }: GraphResource, { providerResource }: ResourceRecord): boolean {
    const { operation, session, desired } = this.#running;
    const before = providerResource === undefined ? undefined : session.record(providerResource);
    const type = options.provider === undefined ? before?.type : this.#resource(options.provider).type;
    const definition = type === undefined ? undefined : operation.definition(type);
    if (!definition) return false;
    const next = options.provider === undefined ? {} : desired.inputs(options.provider);
    return accountDifferences(definition, before?.inputs ?? {}, next, this.#digest()).length > 0;
  }

  /**
   * After a create that threw: what is there with our key was made all the same. It is recorded, and an
   * update stays pending, since the error may mean that it is not as it should be. Where nothing is, and
   * the provider had a definite answer, nothing happened. In every other case the next run finds out.
   */
  async #settleFailedCreate(
    pending: PendingOperation,
    provider: Provider,
    request: Parameters<Provider["create"]>[0],
    thrown: unknown,
  ): Promise<void> {
    const { session } = this.#running;
    const found = await provider.read(request).catch(() => "unknown" as const);
    if (found === "unknown") return;
    if (found?.ours && pending.intended && pending.inputs) {
      await this.#record(pending, pending.intended, pending.inputs, found);
      await session.begin({ ...pending, action: "update", operationKey: randomUUID() });
    } else if (found || BerthError.is(thrown)) {
      await session.fail(pending, this.#reason(thrown));
    }
  }

  async #record(
    pending: PendingOperation,
    intended: NonNullable<PendingOperation["intended"]>,
    inputs: JsonObject,
    { id, outputs }: ProviderResult,
  ): Promise<void> {
    const { session, operation, redactor } = this.#running;
    const answered = markOutputs(operation.definition(pending.type), outputs);
    redactor.learn(answered);
    const before = session.record(pending.urn);
    const sealed = await this.#seal(answered, [inputs, before?.outputs ?? {}]);
    await session.succeed(pending, {
      kind: "recorded",
      record: { ...intended, id, inputs, outputs: sealed },
    });
  }

  /** Evaluated, known, and valid. */
  #inputs(resource: GraphResource): ValueObject {
    const { desired, redactor } = this.#running;
    const inputs = desired.inputs(resource.urn);
    redactor.learn(inputs);
    const about = { resource: resource.urn, site: resource.site };
    if (!isKnown(inputs)) {
      const missing = producersOf(inputs).map(formatProducer).join(", ") || "a part of its inputs";
      throw new BerthError([
        problem(engineCodes.BERTH6004, {
          ...about,
          message: `not known, although everything it depends on is done: ${missing}`,
        }),
      ]);
    }
    const problems = checkInputs(resource.definition, inputs).filter((each) => each.severity === "error");
    if (problems.length > 0) throw new BerthError(problems.map((each) => ({ ...about, ...each })));
    return inputs;
  }

  #refuseDisagreement(
    resource: GraphResource,
    record: ResourceRecord | undefined,
    inputs: ValueObject,
    differences: Differences,
  ): void {
    const change = this.#change(resource.urn);
    const encoded = encodeValue(inputs);
    const paths = record
      ? disagreementsOfUpdate(change, differences)
      : disagreementsOfCreate(change, isJsonObject(encoded) ? encoded : {});
    if (paths.length === 0) return;
    const about = { resource: resource.urn, site: resource.site };
    throw new BerthError(
      paths.map((path) =>
        problem(engineCodes.BERTH6005, {
          ...about,
          path,
          message: "the value is not the one that the plan showed",
        }),
      ),
    );
  }

  #differences({ definition }: GraphResource, record: ResourceRecord, inputs: ValueObject): Differences {
    return compareInputs(definition, record.inputs, inputs, this.#digest());
  }

  #digest(): SecretDigest {
    const { secrets } = this.#running;
    if (secrets.digest("") === undefined) return undefined;
    return (plaintext: Value) => secrets.digest(plainJson(plaintext)) ?? "";
  }

  /** Ciphertext for secrets; the key they are encrypted with is recorded before the first of them. */
  async #seal(values: ValueObject, previous: readonly JsonObject[]): Promise<JsonObject> {
    const { secrets, session } = this.#running;
    const sealed = seal(values, secrets, previous);
    if (secrets.key) await session.setSecretsKey(secrets.key);
    return sealed;
  }

  #request(step: Step, resource: GraphResource, inputs: ValueObject) {
    const { redactor, emit } = this.#running;
    const { urn, type, name, cluster } = resource;
    const progress = (message: string): void =>
      emit({
        kind: "step-progress",
        step: step.id,
        urn,
        type,
        name,
        action: step.action,
        message: redactor.text(message),
      });
    return {
      urn,
      type,
      inputs,
      progress,
      ...(cluster !== undefined && { cluster }),
    };
  }

  #intended(
    { urn, type, definition, dependencies, references, parent, cluster, options }: GraphResource,
    operationKey: string,
  ) {
    const { assigned } = this.#change(urn);
    const { provider } = definition;
    const base = {
      urn,
      type,
      provider,
      assigned,
      dependencies,
      references,
      protect: options.protect,
      operationKey,
    };
    return {
      ...base,
      ...(parent !== undefined && { parent }),
      ...(cluster !== undefined && { cluster }),
      ...(options.provider !== undefined && { providerResource: options.provider }),
    };
  }

  #ownership(urn: Urn, operationKey: string): Ownership {
    const { project, stack } = this.#running.operation.graph;
    return { project, stack, urn, operationKey };
  }

  #provider(name: string, urn: Urn): Provider {
    const provider = this.#running.providers.get(name);
    if (provider) return provider;
    throw new BerthError([
      problem(engineCodes.BERTH6002, { message: `there is no provider "${name}"`, resource: urn }),
    ]);
  }

  #change(urn: Urn): Change {
    const change = this.#changes.get(urn);
    if (!change) throw new TypeError(`the plan has a step for ${urn}, but no change`);
    return change;
  }

  #resource(urn: Urn): GraphResource {
    const { graph } = this.#running.operation;
    const resource = graph.resources[graph.index.get(urn) ?? -1];
    if (!resource) throw new TypeError(`the plan has a step for ${urn}, which is not declared`);
    return resource;
  }

  #reason(thrown: unknown): string {
    const problems: readonly Problem[] = this.#running.redactor.problems(thrown, {});
    return problems.map((each) => each.message).join("; ");
  }
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
