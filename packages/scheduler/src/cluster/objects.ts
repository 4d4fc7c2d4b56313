import type { KubernetesObject, Labels, LabelSelector } from "@berth/objects";
import type { ControllerReference } from "./pod-class.ts";
import { Volumes } from "./volumes.ts";
import { both, compileSelector, type Selector, selectorOfLabels } from "./selector.ts";

/** A disruption budget as preemption reads it. */
export interface Budget {
  readonly namespace: string;
  readonly selector: Selector;
  readonly disruptionsAllowed: number;
  /** Names of pods whose eviction was counted already. */
  readonly disruptedPods: ReadonlySet<string>;
}

/** Kinds besides those of storage that scheduling reads. */
const read = new Set([
  "Service",
  "ReplicaSet",
  "StatefulSet",
  "ReplicationController",
  "Namespace",
  "PodDisruptionBudget",
]);

interface WithSelector<S> extends KubernetesObject {
  readonly spec?: { readonly selector?: S };
}

/** The objects besides nodes and pods that scheduling looks at, by kind and name. */
export class ClusterObjects {
  /** Grows when a namespace changes. */
  namespacesVersion = 0;
  /** Grows when a disruption budget changes. */
  budgetsVersion = 0;
  readonly volumes = new Volumes();
  #volumesVersion = 0;
  /** Grow when a namespace's services, or a controller, change. */
  readonly #versions = new Map<string, number>();
  readonly #stored = new Map<string, KubernetesObject>();
  readonly #services = new Map<
    string,
    Map<string, { readonly labels: Labels; readonly selector: Selector }>
  >();
  readonly #controllers = new Map<string, Selector>();
  readonly #namespaces = new Map<string, Labels>();
  readonly #budgets = new Map<string, Budget>();

  /** Adds or replaces. Objects of kinds that scheduling does not read are passed over. */
  put(object: KubernetesObject): void {
    const { kind, metadata = {} } = object;
    if (Volumes.reads(kind)) {
      this.volumes.put(object);
      this.#volumesVersion++;
      return;
    }
    if (!read.has(kind)) return;
    const namespace = kind === "Namespace" ? "" : (metadata.namespace ?? "default");
    const key = keyOf(kind, namespace, metadata.name ?? "");
    if (this.#stored.get(key) === object) return;
    this.#index(key, kind, namespace, object);
    this.#stored.set(key, object);
    this.#tellChange(kind, namespace, key);
  }

  remove(object: KubernetesObject): void {
    const { kind, metadata = {} } = object;
    if (Volumes.reads(kind)) {
      this.volumes.remove(object);
      this.#volumesVersion++;
      return;
    }
    const namespace = kind === "Namespace" ? "" : (metadata.namespace ?? "default");
    const key = keyOf(kind, namespace, metadata.name ?? "");
    if (!this.#stored.delete(key)) return;
    this.#services.get(namespace)?.delete(key);
    this.#controllers.delete(key);
    this.#budgets.delete(key);
    if (kind === "Namespace") this.#namespaces.delete(metadata.name ?? "");
    this.#tellChange(kind, namespace, key);
  }

  /** Another number whenever something changed that pods of a class are filtered or scored by. */
  versionFor(namespace: string, controller: ControllerReference | undefined): number {
    const owner = controllerKey(namespace, controller);
    const ofOwner = owner === undefined ? 0 : (this.#versions.get(owner) ?? 0);
    return this.#volumesVersion + (this.#versions.get(namespace) ?? 0) + ofOwner;
  }

  #tellChange(kind: string, namespace: string, key: string): void {
    if (kind === "Namespace") this.namespacesVersion++;
    else if (kind === "PodDisruptionBudget") this.budgetsVersion++;
    else {
      const changed = kind === "Service" ? namespace : key;
      this.#versions.set(changed, (this.#versions.get(changed) ?? 0) + 1);
    }
  }

  /** Labels of a namespace. One that was not given has the label that every namespace has. */
  namespaceLabels(name: string): Labels {
    return this.#namespaces.get(name) ?? { "kubernetes.io/metadata.name": name };
  }

  budgets(): readonly Budget[] {
    return [...this.#budgets.values()];
  }

  /**
   * The selector that default spread constraints get: of all services that select the pod, and of
   * its controller. Empty where there is none of these (scheduling.md §1.5).
   */
  defaultSelector(namespace: string, labels: Labels, controller: ControllerReference | undefined): Selector {
    let merged: Labels = {};
    for (const service of this.#services.get(namespace)?.values() ?? []) {
      if (service.selector.matches(labels)) merged = { ...merged, ...service.labels };
    }
    const ofServices = selectorOfLabels(merged);
    const owner = controllerKey(namespace, controller);
    const ofController = owner === undefined ? undefined : this.#controllers.get(owner);
    return ofController === undefined ? ofServices : both(ofServices, ofController);
  }

  #index(key: string, kind: string, namespace: string, object: KubernetesObject): void {
    switch (kind) {
      case "Namespace": {
        const name = object.metadata?.name ?? "";
        this.#namespaces.set(name, { "kubernetes.io/metadata.name": name, ...object.metadata?.labels });
        return;
      }
      case "Service": {
        const services = this.#services.get(namespace) ?? new Map();
        this.#services.set(namespace, services);
        const labels = (object as WithSelector<Labels>).spec?.selector;
        if (labels == null) services.delete(key);
        else services.set(key, { labels, selector: selectorOfLabels(labels) });
        return;
      }
      case "ReplicationController": {
        const labels = (object as WithSelector<Labels>).spec?.selector;
        if (labels == null) this.#controllers.delete(key);
        else this.#controllers.set(key, selectorOfLabels(labels));
        return;
      }
      case "PodDisruptionBudget":
        this.#budgets.set(key, budgetOf(namespace, object));
        return;
      default:
        this.#controllers.set(key, compileSelector((object as WithSelector<LabelSelector>).spec?.selector));
    }
  }
}

const controllerKinds: Readonly<Record<string, string>> = {
  "v1/ReplicationController": "ReplicationController",
  "apps/v1/ReplicaSet": "ReplicaSet",
  "apps/v1/StatefulSet": "StatefulSet",
};

/** The key of a pod's controller, if it is of a kind that default spread looks at. */
function controllerKey(namespace: string, controller: ControllerReference | undefined): string | undefined {
  const kind = controller && controllerKinds[`${controller.apiVersion}/${controller.kind}`];
  return kind === undefined ? undefined : keyOf(kind, namespace, controller?.name ?? "");
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

interface BudgetObject extends WithSelector<LabelSelector> {
  readonly status?: { readonly disruptionsAllowed?: number; readonly disruptedPods?: object };
}

function budgetOf(namespace: string, { spec, status }: BudgetObject): Budget {
  return {
    namespace,
    selector: compileSelector(spec?.selector),
    disruptionsAllowed: status?.disruptionsAllowed ?? 0,
    disruptedPods: new Set(Object.keys(status?.disruptedPods ?? {})),
  };
}
