import type { Json, JsonObject } from "../store/json.ts";
import type { Transaction } from "../store/store.ts";

/** A resource as the local cloud keeps it. */
export interface ArmResource {
  /** As it was written first: names keep their case, and are compared without it. */
  readonly id: string;
  readonly name: string;
  /** `Microsoft.Network/virtualNetworks` */
  readonly type: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly managedBy?: string;
  readonly sku?: JsonObject;
  readonly identity?: JsonObject;
  readonly properties: JsonObject;
  /** Grows with every write; what etags are made of. */
  readonly version: number;
  /** What no answer shows: the machines of a pool. */
  readonly machines?: readonly JsonObject[];
  /** Machines that a pool ever had: their numbers are not given again. */
  readonly machinesMade?: number;
}

/** Collection of all {@link ArmResource}s by their ids in lower case. */
export const RESOURCES = "arm/resources";

/** What can be read of the resources, inside a transaction or outside. */
export interface ResourceReader {
  get(key: string): Json | undefined;
  entries(): Iterable<readonly [string, Json]>;
}

/** All resources of the local cloud. */
export class Resources {
  readonly #reader: ResourceReader;

  constructor(reader: ResourceReader) {
    this.#reader = reader;
  }

  get(id: string): ArmResource | undefined {
    return this.#reader.get(keyOf(id)) as ArmResource | undefined;
  }

  /** What is below an id, in order of creation: the resources of a group, the pools of a cluster. */
  below(id: string): readonly ArmResource[] {
    return this.#where((key) => key.startsWith(`${keyOf(id)}/`));
  }

  /** The resources of a type, in order of creation. */
  ofType(type: string): readonly ArmResource[] {
    return this.#where(() => true).filter((each) => each.type === type);
  }

  #where(accept: (key: string) => boolean): readonly ArmResource[] {
    const found: ArmResource[] = [];
    for (const [key, value] of this.#reader.entries())
      if (accept(key)) found.push(value as JsonObject & ArmResource);
    return found;
  }
}

/** Resources in a transaction. */
export class WritableResources extends Resources {
  readonly #store: Transaction;

  constructor(store: Transaction) {
    super({ get: (key) => store.get(RESOURCES, key), entries: () => store.entries(RESOURCES) });
    this.#store = store;
  }

  /** Stores a resource under its next version, and answers it as it is stored. */
  put(resource: Omit<ArmResource, "version">): ArmResource {
    const versioned = { ...resource, version: this.#store.next("arm/versions") };
    this.#store.put(RESOURCES, keyOf(resource.id), versioned);
    return versioned;
  }

  delete(id: string): void {
    this.#store.delete(RESOURCES, keyOf(id));
  }
}

/** An id as ids are compared. */
export function keyOf(id: string): string {
  return id.toLowerCase();
}

/** The id of what a resource is part of. */
export function parentOf(id: string): string {
  return id.split("/").slice(0, -2).join("/");
}

/** The name of the group that a resource is in. */
export function groupNameOf(id: string): string {
  return id.split("/")[4] ?? "";
}
