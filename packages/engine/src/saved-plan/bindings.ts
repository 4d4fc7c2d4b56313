import {
  encodeValue,
  Evaluation,
  Fingerprints,
  type Graph,
  type GraphResource,
  hasSecret,
  type Json,
  type JsonObject,
  SealedSecret,
  Secret,
  type StackState,
  Unknown,
  type Urn,
  type Value,
} from "@berth/core";
import { type ObservedCluster, stateDigest } from "@berth/planner";
import { canonicalJson, digestOf, plainJson, type Secrets } from "@berth/state";
import type {
  Bindings,
  ConfigurationBinding,
  ConfigurationValue,
  GraphBinding,
  ObservedBinding,
} from "./saved-plan.ts";
import type { ConfiguredPolicy } from "../policy/policy.ts";
import type { Surroundings } from "./surroundings.ts";

/** What bindings are made from: nothing of it is planned. */
export interface Bound {
  readonly graph: Graph;
  readonly state: StackState;
  readonly secrets: Secrets;
  readonly clusters: ReadonlyMap<Urn, ObservedCluster>;
  readonly surroundings: Surroundings;
  readonly policies: readonly ConfiguredPolicy[];
}

/** What a plan rests on. The same for the same program, configuration, state and world. */
export function bindingsOf({ graph, state, secrets, clusters, surroundings, policies }: Bound): Bindings {
  const seen = new SeenSecrets();
  const declared = graphBinding(graph, secrets, seen);
  const { berth, configuration, catalogue } = surroundings;
  return {
    berth,
    graph: declared,
    configuration: configurationBinding(configuration, secrets, seen),
    state: { serial: state.serial, digest: stateDigest(state) },
    observed: byKey([...clusters].map(([urn, each]) => [urn, observedBinding(each)] as const)),
    catalogue: byKey(Object.entries(catalogue)),
    policies: byKey(
      policies.map((each) => [each.policy.name, new Fingerprints().of(each).slice(0, 16)] as const),
    ),
  };
}

/** Fingerprints hold plaintexts, so they are keyed; where no key is at hand, they are made without what is secret. */
function graphBinding(graph: Graph, secrets: Secrets, seen: SeenSecrets): GraphBinding {
  const fingerprints = new Fingerprints((each) => seen.add(each));
  const evaluation = new Evaluation((urn, path) => new Unknown([{ urn, path: path.join(".") }]));
  const keyed = (given: unknown, values: () => Value): string => {
    const plain = fingerprints.of(given);
    const digest = secrets.digest(plain);
    if (digest !== undefined) return digest;
    const evaluated = values();
    return hasSecret(evaluated) ? fingerprints.of(encodeValue(evaluated)) : plain;
  };
  const resources = graph.resources.map((resource) => {
    const inputs = (): Value => evaluation.inputs(resource.inputs, resource.definition);
    return [resource.urn, keyed(declarationOf(resource), inputs).slice(0, 16)] as const;
  });
  const outputs = keyed(graph.outputs, () => evaluation.value(graph.outputs) ?? null);
  const digest = digestOf(canonicalJson([resources, outputs]));
  return { digest, resources: byKey(resources), outputs };
}

/** All of a resource but where it is declared. */
function declarationOf({
  type,
  inputs,
  read,
  options,
  parent,
  cluster,
  dependencies,
}: GraphResource): object {
  return { type, inputs, read, options, parent, cluster, dependencies };
}

function configurationBinding(
  { source, values }: Surroundings["configuration"],
  secrets: Secrets,
  seen: SeenSecrets,
): ConfigurationBinding {
  const bound = Object.entries(values).map(([key, value]): [string, ConfigurationValue] => {
    if (!hasSecret(value) && !seen.has(value)) return [key, { value: encodeValue(value) }];
    const digest = secretDigest(value, secrets);
    return [key, { secret: true, ...(digest !== undefined && { digest }) }];
  });
  return { source, values: byKey(bound) };
}

function secretDigest(value: Value, secrets: Secrets): string | undefined {
  if (value instanceof SealedSecret) return value.digest;
  if (value instanceof Unknown) return undefined;
  return secrets.digest(plainJson(value instanceof Secret ? value.reveal() : value));
}

function observedBinding({ snapshot, how }: ObservedCluster): ObservedBinding {
  const objects = snapshot.objects.map((object) => {
    const { namespace, name } = isObject(object["metadata"]) ? object["metadata"] : {};
    const place = namespace === undefined ? "" : `${textOf(namespace)}/`;
    return [
      `${textOf(object["apiVersion"])} ${textOf(object["kind"])} ${place}${textOf(name)}`,
      digestOf(steady(object)).slice(0, 16),
    ] as const;
  });
  return { how, objects: byKey(objects) };
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** What changes by itself while nothing happens: it does not make a plan stale. */
const restless: ReadonlySet<string> = new Set([
  "containerID",
  "creationTimestamp",
  "finishedAt",
  "generation",
  "lastHeartbeatTime",
  "lastProbeTime",
  "lastTransitionTime",
  "lastUpdateTime",
  "managedFields",
  "observedGeneration",
  "renewTime",
  "resourceVersion",
  "selfLink",
  "startedAt",
  "startTime",
  "uid",
]);

function steady(object: JsonObject): string {
  return JSON.stringify(object, (key, value: unknown) => {
    if (restless.has(key)) return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Texts that the program makes secret: a value of the configuration may be one of them, or a part. */
class SeenSecrets {
  readonly #texts = new Set<string>();

  add(secret: Secret): void {
    const plain = secret.reveal();
    this.#texts.add(typeof plain === "string" ? plain : JSON.stringify(plainJson(plain)));
  }

  has(value: Value): boolean {
    const text = typeof value === "string" ? value : JSON.stringify(encodeValue(value));
    if (this.#texts.has(text)) return true;
    // Shorter ones are in any text.
    return text.length >= 4 && [...this.#texts].some((each) => each.includes(text));
  }
}

function byKey<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
