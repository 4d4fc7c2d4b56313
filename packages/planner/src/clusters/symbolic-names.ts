import { type KubernetesObject, type ObjectRef, refKey } from "@berth/objects";
import type { Naming } from "@berth/simulator";

/**
 * Names for what does not exist yet: `store-front#1` is the first new pod of `store-front` in this
 * plan. `#` is in no name of Kubernetes, so that none is met by chance.
 */
export class SymbolicNames implements Naming {
  readonly #counts = new Map<string, number>();

  uid(reference: ObjectRef): string {
    return this.#numbered(`uid of ${refKey(reference)}`);
  }

  templateHash(_deployment: KubernetesObject, digest: string): string {
    return digest;
  }

  pod(_owner: KubernetesObject, workload: KubernetesObject): string {
    return this.#numbered(workload.metadata?.name ?? "", workload.metadata?.namespace);
  }

  endpointSlice(service: KubernetesObject): string {
    return this.#numbered(`${service.metadata?.name ?? ""} slice`, service.metadata?.namespace);
  }

  #numbered(name: string, namespace = ""): string {
    const key = `${namespace}/${name}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return `${name}#${count}`;
  }
}
