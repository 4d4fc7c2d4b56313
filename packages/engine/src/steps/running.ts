import type { GraphResource, Provider, ResourceRecord, Urn, Value, ValueObject } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import {
  type Change,
  compareInputs,
  type Difference,
  type Plan,
  replaceOn,
  type SecretDigest,
} from "@berth/planner";
import { plainJson, type Secrets, type StateSession } from "@berth/state";
import { engineCodes } from "../codes.ts";
import type { Desired } from "../desired.ts";
import type { StepEvent } from "../events.ts";
import type { Operation } from "../operation.ts";
import type { ProviderRegistry } from "../providers.ts";
import type { Redactor } from "../redactor.ts";

/** What running the steps of a plan needs. */
export interface RunningPlan {
  readonly operation: Operation;
  readonly plan: Plan;
  readonly session: StateSession;
  readonly secrets: Secrets;
  readonly providers: ProviderRegistry;
  readonly redactor: Redactor;
  readonly desired: Desired;
  readonly emit: (event: StepEvent) => void;
}

/** `unchanged`: the change was only a `may`, and nothing had to be done. */
export type StepOutcome = "done" | "unchanged";

/** What is to become of each resource. What it superseded earlier has changes of its own, which are left out. */
export function changesByUrn({ changes }: Plan): ReadonlyMap<Urn, Change> {
  const own = changes.filter(({ reason }) => reason.kind !== "superseded");
  return new Map(own.map((change) => [change.urn, change]));
}

/** A plan that is being carried out, with what its steps look up. */
export class Running implements RunningPlan {
  readonly operation: Operation;
  readonly plan: Plan;
  readonly session: StateSession;
  readonly secrets: Secrets;
  readonly providers: ProviderRegistry;
  readonly redactor: Redactor;
  readonly desired: Desired;
  readonly emit: (event: StepEvent) => void;
  readonly #changes: ReadonlyMap<Urn, Change>;
  /** Of what was superseded by an earlier operation. */
  readonly #leftOver = new Map<Urn, Change[]>();
  readonly #deletedWith = new Map<Urn, Change[]>();

  constructor(running: RunningPlan) {
    this.operation = running.operation;
    this.plan = running.plan;
    this.session = running.session;
    this.secrets = running.secrets;
    this.providers = running.providers;
    this.redactor = running.redactor;
    this.desired = running.desired;
    this.emit = running.emit;
    this.#changes = changesByUrn(running.plan);
    for (const change of running.plan.changes) {
      const { urn, reason, deletedWith } = change;
      if (reason.kind === "superseded") addTo(this.#leftOver, urn, change);
      if (deletedWith !== undefined) addTo(this.#deletedWith, deletedWith, change);
    }
  }

  change(urn: Urn): Change {
    const change = this.#changes.get(urn);
    if (!change) throw new TypeError(`the plan has a step for ${urn}, but no change`);
    return change;
  }

  /** All that the plan says of a URN: what it superseded earlier has changes of its own. */
  changesOf(urn: Urn): readonly Change[] {
    const change = this.#changes.get(urn);
    return [...(this.#leftOver.get(urn) ?? []), ...(change ? [change] : [])];
  }

  /** Changes of what disappears with a resource by itself. */
  deletedWith(urn: Urn): readonly Change[] {
    return this.#deletedWith.get(urn) ?? [];
  }

  /** The resource as it is declared, where it still is. */
  declared(urn: Urn): GraphResource | undefined {
    const { graph } = this.operation;
    return graph.resources[graph.index.get(urn) ?? -1];
  }

  resource(urn: Urn): GraphResource {
    const resource = this.declared(urn);
    if (!resource) throw new TypeError(`the plan has a step for ${urn}, which is not declared`);
    return resource;
  }

  provider(name: string, urn: Urn): Provider {
    const provider = this.providers.get(name);
    if (provider) return provider;
    throw new BerthError([
      problem(engineCodes.BERTH6002, { message: `there is no provider "${name}"`, resource: urn }),
    ]);
  }

  /** What would have to change for the inputs, now that they are known, to be those that are recorded. */
  differences(
    { definition, options }: GraphResource,
    record: ResourceRecord,
    inputs: ValueObject,
  ): readonly Difference[] {
    const differences = compareInputs(definition, record.inputs, inputs, this.digest());
    return replaceOn(differences, options.replaceOnChanges);
  }

  digest(): SecretDigest {
    const { secrets } = this;
    if (secrets.digest("") === undefined) return undefined;
    return (plaintext: Value) => secrets.digest(plainJson(plaintext)) ?? "";
  }

  /** Whether the plan was not sure of this change, so that the inputs decide now. */
  isUncertain(urn: Urn): boolean {
    return this.change(urn).certainty === "may" && !this.session.pending(urn);
  }
}

function addTo(lists: Map<Urn, Change[]>, urn: Urn, change: Change): void {
  const list = lists.get(urn);
  if (list) list.push(change);
  else lists.set(urn, [change]);
}
