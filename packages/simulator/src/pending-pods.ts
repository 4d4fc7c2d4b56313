import type { Pod } from "@berth/objects";
import type { Decision } from "@berth/scheduler";
import { byAge, type Held } from "./held.ts";
import type { Prospect } from "./scheduler-view.ts";

const DEFAULT_SCHEDULER = "default-scheduler";

interface Refused {
  readonly pod: Held<Pod>;
  readonly decision: Decision;
}

/** Pods that wait for a node: those to be tried, and those that the scheduler refused until something changes. */
export class PendingPods {
  readonly #toTry = new Map<string, Held<Pod>>();
  readonly #refused = new Map<string, Refused>();

  /** A pod is new, or another one than before. */
  add(pod: Held<Pod>): void {
    const { schedulerName, schedulingGates } = pod.object.spec ?? {};
    if ((schedulerName ?? DEFAULT_SCHEDULER) !== DEFAULT_SCHEDULER) return;
    if (schedulingGates && schedulingGates.length > 0) return;
    const refused = this.#refused.get(pod.key);
    if (refused && refused.pod.object.spec === pod.object.spec) {
      this.#refused.set(pod.key, { ...refused, pod });
      return;
    }
    this.#refused.delete(pod.key);
    this.#toTry.set(pod.key, pod);
  }

  delete(key: string): void {
    this.#toTry.delete(key);
    this.#refused.delete(key);
  }

  /** Something changed that may let refused pods fit. */
  retry(prospect: Prospect): void {
    if (prospect === "none") return;
    for (const [key, { pod }] of this.#refused) {
      if (prospect === "room" || looksAtOthers(pod.object)) this.#toTry.set(key, pod);
    }
  }

  /** Takes all pods to be tried, in the scheduler's order: priority, then age. */
  take(): Held<Pod>[] {
    const pods = [...this.#toTry.values()].toSorted((a, b) => priorityOf(b) - priorityOf(a) || byAge(a, b));
    this.#toTry.clear();
    return pods;
  }

  /** What the scheduler said of a pod the last time, where it refused it. */
  refusalOf(key: string): Decision | undefined {
    return this.#refused.get(key)?.decision;
  }

  refuse(pod: Held<Pod>, decision: Decision): void {
    this.#refused.set(pod.key, { pod, decision });
  }

  refused(): Refused[] {
    return [...this.#refused.values()].toSorted(
      (a, b) => priorityOf(b.pod) - priorityOf(a.pod) || byAge(a.pod, b.pod),
    );
  }
}

function looksAtOthers({ spec }: Pod): boolean {
  return spec?.affinity?.podAffinity !== undefined || (spec?.topologySpreadConstraints ?? []).length > 0;
}

function priorityOf(pod: Held<Pod>): number {
  return pod.object.spec?.priority ?? 0;
}
