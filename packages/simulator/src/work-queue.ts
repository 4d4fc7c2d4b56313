/** What must be looked at again, by controller: first in, first out, each once. */
export class WorkQueue<Controller extends string> {
  readonly #order: readonly Controller[];
  readonly #queues: ReadonlyMap<Controller, Set<string>>;

  /** `order`: a controller works only while those before it have nothing to do. */
  constructor(order: readonly Controller[]) {
    this.#order = order;
    this.#queues = new Map(order.map((each) => [each, new Set()]));
  }

  add(controller: Controller, uid: string): void {
    this.#queues.get(controller)?.add(uid);
  }

  get isEmpty(): boolean {
    for (const queue of this.#queues.values()) if (queue.size > 0) return false;
    return true;
  }

  /** Takes the next piece of work. */
  take(): { readonly controller: Controller; readonly uid: string } | undefined {
    for (const controller of this.#order) {
      const queue = this.#queues.get(controller);
      for (const uid of queue ?? []) {
        queue?.delete(uid);
        return { controller, uid };
      }
    }
    return undefined;
  }
}
