import type { PendingOperation, RecordedOptions, ResourceRecord, StackState, Urn } from "@berth/core";
import type { PlanRequest } from "../request.ts";
import type { Move } from "./move.ts";

/** The request as it would be made once these moves are recorded: the same things under other URNs, everywhere. */
export function moved(request: PlanRequest, moves: readonly Move[]): PlanRequest {
  if (moves.length === 0) return request;
  const names = new Map(moves.map(({ from, to }) => [from, to]));
  const renaming = new Renaming(names);
  const { observed, live } = request;
  return {
    ...request,
    recorded: renaming.state(request.recorded),
    observed: new Map(
      [...observed].map(([urn, { snapshot, how }]) => {
        const cluster = renaming.urn(urn);
        return [cluster, { snapshot: { ...snapshot, cluster }, how }];
      }),
    ),
    ...(live && { live: new Map([...live].map(([urn, each]) => [renaming.urn(urn), each])) }),
  };
}

class Renaming {
  readonly #names: ReadonlyMap<Urn, Urn>;

  constructor(names: ReadonlyMap<Urn, Urn>) {
    this.#names = names;
  }

  urn(urn: Urn): Urn {
    return this.#names.get(urn) ?? urn;
  }

  state({ superseded, ...state }: StackState): StackState {
    return {
      ...state,
      resources: state.resources.map((each) => this.#record(each)),
      ...(superseded && { superseded: superseded.map((each) => this.#record(each)) }),
      pending: state.pending.map((each) => this.#pending(each)),
    };
  }

  #pending({ intended, ...operation }: PendingOperation): PendingOperation {
    const urn = this.urn(operation.urn);
    return { ...operation, urn, ...(intended && { intended: this.#surroundings(intended) }) };
  }

  #record(record: ResourceRecord): ResourceRecord {
    return this.#isNamed(record) ? this.#surroundings(record) : record;
  }

  /** Most records say nothing of what is moved, and stay the very same. */
  #isNamed({
    urn,
    dependencies,
    references,
    parent,
    cluster,
    providerResource,
    options,
  }: ResourceRecord): boolean {
    const names = this.#names;
    const has = (each: Urn | undefined): boolean => each !== undefined && names.has(each);
    return (
      has(urn) ||
      has(parent) ||
      has(cluster) ||
      has(providerResource) ||
      has(options?.deletedWith) ||
      dependencies.some(has) ||
      Object.values(references).some((urns) => urns.some(has))
    );
  }

  #surroundings<R extends Omit<ResourceRecord, "id" | "inputs" | "outputs">>(record: R): R {
    const { urn, dependencies, references, parent, cluster, providerResource, options } = record;
    return {
      ...record,
      urn: this.urn(urn),
      dependencies: this.#urns(dependencies),
      references: Object.fromEntries(
        Object.entries(references).map(([name, urns]) => [name, this.#urns(urns)]),
      ),
      ...(parent !== undefined && { parent: this.urn(parent) }),
      ...(cluster !== undefined && { cluster: this.urn(cluster) }),
      ...(providerResource !== undefined && { providerResource: this.urn(providerResource) }),
      ...(options && { options: this.#options(options) }),
    };
  }

  #options({ deletedWith, ...options }: RecordedOptions): RecordedOptions {
    return deletedWith === undefined ? options : { ...options, deletedWith: this.urn(deletedWith) };
  }

  #urns(urns: readonly Urn[]): readonly Urn[] {
    return [...new Set(urns.map((each) => this.urn(each)))].toSorted();
  }
}
