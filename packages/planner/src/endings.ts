import type { GraphResource, ResourceRecord, Urn } from "@berth/core";
import type { Leaving } from "./leaving.ts";
import type { Standing } from "./resolve/standing.ts";

/** How what is recorded goes: by a deletion, unless one of these says otherwise. */
export interface Ending {
  /** It is only forgotten, and stays where it is. */
  readonly retained: boolean;
  /** It disappears with that resource: nobody is asked to delete it. */
  readonly deletedWith?: Urn;
  /** It is removed from the state after that resource was deleted, and not before: were that one not deleted, it would stay. */
  readonly after?: Urn;
}

const deletion: Ending = Object.freeze({ retained: false });
const retained: Ending = Object.freeze({ retained: true });

/** How all that goes in a plan goes. */
export class Endings {
  readonly #standings: ReadonlyMap<Urn, Standing>;
  readonly #records: ReadonlyMap<
    Urn,
    { readonly record: ResourceRecord; readonly declared: GraphResource | undefined }
  >;
  /** Clusters that go when others have taken their place: requests about what is on them would reach the new ones. */
  readonly #supersededClusters = new Set<Urn>();

  constructor(standings: readonly Standing[], leaving: readonly Leaving[]) {
    const replaced = standings.filter(({ action }) => action === "replace");
    this.#standings = new Map(replaced.map((each) => [each.resource.urn, each]));
    const records = new Map(leaving.map(({ record, declared }) => [record.urn, { record, declared }]));
    for (const { resource, recorded, replacement } of replaced) {
      if (recorded) records.set(resource.urn, { record: recorded, declared: resource });
      if (replacement === "create-first" && resource.definition.isCluster)
        this.#supersededClusters.add(resource.urn);
    }
    this.#records = records;
  }

  /** How what is recorded under a URN, and is deleted or replaced, goes. */
  of(urn: Urn): Ending {
    const going = this.#records.get(urn);
    return going ? this.ofRecord(going.record, going.declared) : deletion;
  }

  /** The same for a record of its own: what was superseded. */
  ofRecord(record: ResourceRecord, declared: GraphResource | undefined): Ending {
    if (isRetained(record, declared)) return retained;
    const { cluster } = record;
    // Whatever comes in between, the old cluster is there to be deleted, and what is on it goes along.
    if (cluster !== undefined && this.#supersededClusters.has(cluster))
      return { retained: false, deletedWith: cluster };
    const companion = companionOf(record, declared);
    if (companion === undefined || !this.#isDeleted(companion)) return deletion;
    return { retained: false, deletedWith: companion, after: companion };
  }

  /** Whether it is certain that what is recorded under a URN is deleted. */
  #isDeleted(urn: Urn): boolean {
    const going = this.#records.get(urn);
    return (
      going !== undefined &&
      this.#standings.get(urn)?.certainty !== "may" &&
      !isRetained(going.record, going.declared)
    );
  }
}

/**
 * With which resource it goes: as it was made, unless the program takes that back. What the program only says now is
 * about what is to come, and may be wrong about what is there; one deletion too many does no harm.
 */
function companionOf({ options }: ResourceRecord, declared: GraphResource | undefined): Urn | undefined {
  const companion = options?.deletedWith;
  return declared === undefined || declared.options.deletedWith === companion ? companion : undefined;
}

/** What the program says now counts as well as what is recorded: whoever asked for it, once, gets it. */
function isRetained({ options }: ResourceRecord, declared: GraphResource | undefined): boolean {
  return options?.retainOnDelete === true || declared?.options.retainOnDelete === true;
}
