import type { Facet, ResourceDefinition, ResourceRecord, Urn } from "@berth/core";
import type { PlanRequest } from "./request.ts";
import { RecordedValues } from "./resolve/recorded-values.ts";
import type { Standing } from "./resolve/standing.ts";

/** What resources mean for clusters, as recorded and as desired. Made once for each, when it is asked for. */
export class Facets {
  readonly #definition: PlanRequest["definition"];
  readonly #values: RecordedValues;
  readonly #before = new Map<Urn, readonly Facet[]>();
  readonly #after = new Map<Standing, readonly Facet[]>();

  constructor(request: PlanRequest) {
    this.#definition = request.definition;
    this.#values = new RecordedValues(request.secrets);
  }

  before(record: ResourceRecord): readonly Facet[] {
    const definition: ResourceDefinition | undefined = this.#definition(record.type);
    if (!definition?.facets) return none;
    const known = this.#before.get(record.urn);
    if (known) return known;
    const facets = definition.facets(this.#values.view(record));
    this.#before.set(record.urn, facets);
    return facets;
  }

  /** The same of what was superseded, whose URN is another's now. */
  superseded(record: ResourceRecord): readonly Facet[] {
    return this.#definition(record.type)?.facets?.(this.#values.view(record)) ?? none;
  }

  /** Before the plan: what is imported or read was there, as it will be. */
  had(standing: Standing): readonly Facet[] {
    const { action, recorded } = standing;
    if (action === "no-op" || action === "import" || action === "read") return this.after(standing);
    return recorded ? this.before(recorded) : none;
  }

  after(standing: Standing): readonly Facet[] {
    const { definition } = standing.resource;
    if (!definition.facets) return none;
    const known = this.#after.get(standing);
    if (known) return known;
    const facets = definition.facets(standing.view);
    this.#after.set(standing, facets);
    return facets;
  }
}

const none: readonly Facet[] = [];

/** The facets of one kind. */
export function ofKind<K extends Facet["kind"]>(
  facets: readonly Facet[],
  kind: K,
): readonly Extract<Facet, { kind: K }>[] {
  return facets.filter((each): each is Extract<Facet, { kind: K }> => each.kind === kind);
}
