import type { Service } from "@berth/objects";
import type { Held } from "./held.ts";

/** Services by one pair of their selector, so that a pod finds the services that select it. */
export class ServiceIndex {
  readonly #services = new Map<string, Map<string, Held<Service>>>();

  add(service: Held<Service>): void {
    const place = placeOf(service);
    if (place === undefined) return;
    const services = this.#services.get(place);
    if (services) services.set(service.key, service);
    else this.#services.set(place, new Map([[service.key, service]]));
  }

  remove(service: Held<Service>): void {
    const place = placeOf(service);
    if (place !== undefined) this.#services.get(place)?.delete(service.key);
  }

  *all(): Iterable<Held<Service>> {
    for (const services of this.#services.values()) yield* services.values();
  }

  /** Services that select a pod with these labels. */
  selecting(namespace: string, labels: Readonly<Record<string, string>>): Held<Service>[] {
    const found: Held<Service>[] = [];
    for (const [name, value] of Object.entries(labels)) {
      for (const service of this.#services.get(`${namespace} ${name} ${value}`)?.values() ?? []) {
        const selector = Object.entries(service.object.spec?.selector ?? {});
        if (selector.every(([key, wanted]) => labels[key] === wanted)) found.push(service);
      }
    }
    return found;
  }
}

function placeOf(service: Held<Service>): string | undefined {
  const pairs = Object.entries(service.object.spec?.selector ?? {});
  const [pair] = pairs.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return pair && `${service.ref.namespace ?? ""} ${pair[0]} ${pair[1]}`;
}
