import type { JsonObject, Urn, ValueObject } from "./json.ts";
import type { ClusterSnapshot, ResourceRecord } from "./record.ts";
import type { Connection } from "./transport.ts";

/** Who owns what is created: written on it as tag or annotation. */
export interface Ownership {
  readonly project: string;
  readonly stack: string;
  readonly urn: Urn;
  /** Made when the create is journalled; finds a create again whose answer was lost. */
  readonly operationKey: string;
}

export interface ProviderRequest {
  readonly urn: Urn;
  readonly type: string;
  /** Fully known; secrets are still wrapped. */
  readonly inputs: ValueObject;
  readonly ownership: Ownership;
  /** Inputs of the provider resource that the program names for it (`{ provider }`), fully known, secrets still wrapped; absent: the provider's defaults. */
  readonly configuration?: ValueObject;
  readonly cluster?: Urn;
  /** Seconds after which it has failed (`customTimeouts`); absent: the provider's own. */
  readonly timeout?: number;
  /** Aborted when nobody waits for the answer any more. `up` gives none: a step that runs is finished, also after Ctrl-C. */
  readonly signal?: AbortSignal;
  /** Tells people what is being waited for: `3 of 5 nodes ready`. No secrets. */
  readonly progress?: (message: string) => void;
}

export interface CreateRequest extends ProviderRequest {
  /** Takes over what exists already under the same identity, instead of refusing. */
  readonly adopt?: true;
}

export interface UpdateRequest extends ProviderRequest {
  readonly id: string;
  readonly recorded: ResourceRecord;
  /** Takes it over from whoever it is marked for, as an import does. Otherwise what carries another's mark is refused. */
  readonly adopt?: true;
}

/** Only what carries the mark of {@link recorded}'s operation key is deleted: what took its place since is refused. */
export interface DeleteRequest {
  readonly urn: Urn;
  readonly type: string;
  readonly id: string;
  readonly recorded: ResourceRecord;
  /** Inputs of the provider resource with which it was made; absent: the provider's defaults. */
  readonly configuration?: ValueObject;
  readonly cluster?: Urn;
  /** Seconds after which it has failed (`customTimeouts`); absent: the provider's own. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Finds a resource: by its recorded id, or, after a create whose answer was lost, by identity and operation key. */
export interface ReadRequest {
  readonly urn: Urn;
  readonly type: string;
  readonly id?: string;
  readonly inputs: ValueObject;
  readonly ownership: Ownership;
  /** Inputs of the provider resource that the program names for it (`{ provider }`), fully known, secrets still wrapped; absent: the provider's defaults. */
  readonly configuration?: ValueObject;
  readonly cluster?: Urn;
  readonly signal?: AbortSignal;
}

export interface ProviderResult {
  readonly id: string;
  readonly outputs: ValueObject;
}

export interface ReadResult extends ProviderResult {
  /** Project and stack in the mark that it carries, `shop/prod`; absent where it carries none. */
  readonly markedFor?: string;
  /** Whether it carries this very operation key. The rest of the mark is for people, and may be older than a move. */
  readonly ours: boolean;
  /**
   * Live inputs, secrets in plaintext: as the definition's `project` reads them; where it has none, a property that is
   * absent is one that the API does not tell, and `null` says that there is none.
   */
  readonly inputs: JsonObject;
}

/** A resource that exists. */
export interface DiscoveredResource {
  readonly type: string;
  readonly id: string;
}

/**
 * What talks to an API. Asynchronous and impure; everything that can be decided without the
 * network is in {@link ResourceDefinition} instead. A provider never diffs and never touches state.
 */
export interface Provider {
  readonly name: string;
  /** Create-only: something that exists already and is not ours is a coded error, not an update. */
  create(request: CreateRequest): Promise<ProviderResult>;
  /**
   * What is gone is a coded error, never created: no plan has shown that. An error that is a refusal
   * (`BerthError.isRefusal`) says that nothing was changed; after any other the update is repeated.
   */
  update(request: UpdateRequest): Promise<ProviderResult>;
  /** Deleting what is gone already succeeds. */
  delete(request: DeleteRequest): Promise<void>;
  /** `undefined`: it does not exist. What is being deleted does not exist any more; what is still being created does. */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  /**
   * What a container holds of types that it can be declared with, itself included where it is one of them; what others
   * made and own (replica sets, the system's own) is left out. `undefined`: it is no container of this provider's.
   *
   * @param container - as it is recorded, or with an empty id and the inputs that name it
   */
  discover?(
    container: ResourceRecord,
    signal?: AbortSignal,
  ): Promise<readonly DiscoveredResource[] | undefined>;
  /** What the cluster holds now. `undefined`: this provider does not observe this cluster. */
  observe?(cluster: ResourceRecord, signal?: AbortSignal): Promise<ClusterSnapshot | undefined>;
  /** Server and credentials of a cluster that this provider made. Called when a step runs, never recorded. */
  connect?(cluster: ResourceRecord, signal?: AbortSignal): Promise<Connection | undefined>;
}
