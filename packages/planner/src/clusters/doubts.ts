import { formatProducer, type KubernetesObjectFacet, type Unknown } from "@berth/core";
import { kubernetesObject } from "./kinds.ts";

/**
 * Paths in an object that decide where pods run and what services reach, whole parts of it included.
 * Other values may stay open without a doubt about the picture.
 */
const decisive = [
  /^(metadata|metadata\.name|metadata\.namespace|spec)$/,
  /^spec\.(replicas|selector|ports|type|clusterIP)\b/,
  /^spec\.template(\.metadata|\.spec(\.containers(\[\d+\])?)?)?$/,
  /\b(nodeSelector|affinity|tolerations|topologySpreadConstraints|resources|priorityClassName|nodeName|labels)\b/,
];

/** What could not be played because it is not known, in words. */
export class Doubts {
  readonly #texts = new Set<string>();

  get texts(): readonly string[] {
    return [...this.#texts].toSorted();
  }

  about(what: string, value: Unknown): void {
    const producers = value.producers.map(formatProducer).join(", ");
    this.#texts.add(producers === "" ? what : `${what}: depends on ${producers}`);
  }

  aboutChange(name: string, because: readonly string[]): void {
    if (because.length > 0) this.#texts.add(`whether ${name} changes: depends on ${because.join(", ")}`);
  }

  aboutObject({ object, unknownPaths }: KubernetesObjectFacet): void {
    const wanted = kubernetesObject(object);
    const name = wanted ? `${wanted.kind} ${wanted.metadata?.name ?? ""}` : "an object";
    for (const path of unknownPaths) {
      if (decisive.some((each) => each.test(path))) this.#texts.add(`${path} of ${name}`);
    }
  }
}
