import type { Pod, Service } from "@berth/objects";
import { servingPods } from "./controllers/endpoints.ts";
import type { EndpointsChanged } from "./events.ts";
import type { Held } from "./held.ts";
import { isReady } from "./pod.ts";

/** Remembers who served each service, to tell when that changes. */
export class EndpointsWatch {
  readonly #known = new Map<string, string>();

  follow(service: Held<Service>, selected: readonly Held<Pod>[]): EndpointsChanged | undefined {
    const pods = servingPods({ pods: selected });
    const isIn = (pod: Held<Pod>) =>
      isReady(pod.object) || service.object.spec?.publishNotReadyAddresses === true;
    const ready = pods
      .filter(isIn)
      .map((pod) => pod.ref.name)
      .toSorted();
    const notReady = pods
      .filter((pod) => !isIn(pod))
      .map((pod) => pod.ref.name)
      .toSorted();
    const text = `${ready.join(" ")}/${notReady.join(" ")}`;
    const before = this.#known.get(service.uid) ?? "/";
    this.#known.set(service.uid, text);
    return text === before ? undefined : { kind: "endpoints-changed", service: service.ref, ready, notReady };
  }

  /** Takes what stands as known, without telling. */
  learn(service: Held<Service>, selected: readonly Held<Pod>[]): void {
    this.follow(service, selected);
  }
}
