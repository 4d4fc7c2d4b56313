import type { EngineEvent } from "@berth/engine";

/** Tells whoever listens what happens. */
export type Tell = (event: EngineEvent) => void;

/**
 * An operation that runs: await it for its result, iterate over it for its events, or both. It has begun when you
 * get it, and goes on whether anybody listens or not.
 *
 * Each iteration gets every event from the first one, also of what happened before it began, and ends with the
 * operation. Where the operation fails, the iteration throws what awaiting it throws, after the last event.
 *
 * @example
 * const run = stack.up();
 * for await (const event of run) if (event.kind === "step-succeeded") console.log(event.name);
 * const { status } = await run;
 */
export class OperationRun<T> implements Promise<T>, AsyncIterable<EngineEvent> {
  readonly [Symbol.toStringTag] = "OperationRun";
  readonly #events: EngineEvent[] = [];
  readonly #result: Promise<T>;
  #ended = false;
  #wake: () => void = () => {};
  #changed = this.#nextChange();

  /**
   * @param start - the operation; told how to tell its events
   * @param onEvent - called with each event as it happens. What it throws never stops the operation: it is thrown
   *   when the operation has ended
   */
  constructor(start: (tell: Tell) => Promise<T>, onEvent?: Tell) {
    this.#result = this.#run(start, onEvent);
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#result.then(onFulfilled, onRejected);
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.#result.catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.#result.finally(onFinally);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<EngineEvent, void, undefined> {
    // Whoever listens hears of a failure here.
    this.#result.catch(() => {});
    for (let next = 0; ;) {
      const event = this.#events[next];
      if (event) {
        next++;
        yield event;
      } else if (this.#ended) {
        await this.#result;
        return;
      } else await this.#changed;
    }
  }

  async #run(start: (tell: Tell) => Promise<T>, onEvent: Tell | undefined): Promise<T> {
    const thrown: unknown[] = [];
    const tell: Tell = (event) => {
      this.#events.push(event);
      this.#signal();
      try {
        onEvent?.(event);
      } catch (error) {
        thrown.push(error);
      }
    };
    try {
      const result = await start(tell);
      if (thrown.length > 0) throw thrown[0];
      return result;
    } finally {
      this.#ended = true;
      this.#signal();
    }
  }

  #signal(): void {
    const wake = this.#wake;
    this.#changed = this.#nextChange();
    wake();
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}
