import type { Urn } from "@berth/core";
import { type ObjectRef, refKey } from "@berth/objects";
import { kubernetesObject } from "./kinds.ts";
import { referenceOf } from "./reference.ts";
import type { Scene } from "./scene.ts";

/** To whom the objects of a cluster belong: to a resource of the stack, to the cluster itself, or to others. */
export class Owners {
  readonly #resources = new Map<string, Urn>();
  readonly #system = new Set<string>();

  constructor({ before, after, actors }: Scene) {
    for (const facet of [before, after]) {
      for (const json of facet?.systemObjects ?? []) {
        const object = kubernetesObject(json);
        if (object) this.#system.add(refKey(referenceOf(object)));
      }
    }
    for (const { urn, before: had, after: has } of actors.values()) {
      for (const { object: json } of [...had.objects, ...has.objects]) {
        const object = kubernetesObject(json);
        if (object) this.#resources.set(refKey(referenceOf(object)), urn);
      }
    }
  }

  resource(ref: ObjectRef): Urn | undefined {
    return this.#resources.get(refKey(ref));
  }

  /** Whether it came with the cluster: listed by it, or in the namespace of its own. */
  isSystem(ref: ObjectRef): boolean {
    return (
      this.#system.has(refKey(ref)) || (ref.namespace === "kube-system" && this.resource(ref) === undefined)
    );
  }
}

/** `default/Deployment/store-front` */
export function workloadText({ namespace, kind, name }: ObjectRef): string {
  return namespace === undefined ? `${kind}/${name}` : `${namespace}/${kind}/${name}`;
}
