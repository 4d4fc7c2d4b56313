import type { ProjectFolder } from "./harness.ts";

/** JSON as it is read. */
export interface JsonObject {
  readonly [key: string]: unknown;
}

/** An object of a cluster, as far as tests look at it. */
export interface ClusterObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly controller?: boolean;
    }[];
    readonly managedFields?: readonly {
      readonly manager: string;
      readonly operation: string;
      readonly fieldsV1: JsonObject;
    }[];
  };
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

/**
 * What the local cloud holds, read from its log by other code than its own: collections of values by
 * key. Counters, which only say what was drawn so far, are left out.
 */
export function collectionsOf(project: ProjectFolder): ReadonlyMap<string, ReadonlyMap<string, JsonObject>> {
  const collections = new Map<string, Map<string, JsonObject>>();
  if (!project.has(".berth/local/cloud.log")) return collections;
  const [header, ...lines] = project.read(".berth/local/cloud.log").trimEnd().split("\n");
  if (header !== "berth-local 1") throw new Error(`not a log of the local cloud: ${header}`);
  for (const line of lines) {
    const changes = JSON.parse(line.slice(line.indexOf(" ") + 1)) as [string, string, JsonObject | null][];
    for (const [name, key, value] of changes) {
      const collection = collections.get(name) ?? new Map<string, JsonObject>();
      collections.set(name, collection);
      if (value === null) collection.delete(key);
      else collection.set(key, value);
    }
  }
  return new Map([...collections].filter(([name, { size }]) => size > 0 && name !== "counters"));
}

/** Objects of the only cluster, in order of creation. */
export function clusterObjects(project: ProjectFolder): readonly ClusterObject[] {
  const found = [...collectionsOf(project)].filter(([name]) => /^clusters\/\d+\/objects$/.test(name));
  if (found.length !== 1) throw new Error(`${found.length} clusters, not one`);
  return found.flatMap(([, objects]) => [...objects.values()] as unknown as ClusterObject[]);
}
