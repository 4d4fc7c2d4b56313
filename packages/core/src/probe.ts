import { BerthError, type Problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import { runCallback } from "./context.ts";
import type { ApplyNode } from "./output-node.ts";
import { siteOfThrow } from "./throw-site.ts";

/** Uses of the stand-in after which a callback is given up: it may be a loop that waits for a real value. */
const patience = 10_000;

/**
 * Runs a callback whose value is not known on a stand-in, to find out whether it declares a
 * resource, before that happens in the middle of an update. Only for callbacks that construct
 * something; whatever else they do or throw on a value that is none says nothing.
 */
export function probe(node: ApplyNode): readonly Problem[] {
  if (!/\bnew\s/.test(Function.prototype.toString.call(node.callback))) return [];
  try {
    const returned: unknown = runCallback(() => node.callback(standIn({ left: patience })));
    if (returned instanceof Promise) returned.catch(() => undefined);
  } catch (thrown) {
    if (!BerthError.is(thrown)) return [];
    const site = siteOfThrow(thrown, node);
    const declares = thrown.problems.filter(({ code }) => code === coreCodes.BERTH1008.code);
    return declares.map((each) => ({ ...(site && { site }), ...each }));
  }
  return [];
}

/** Something of which every property is the like, which can be called, iterated (it is empty) and written as text. */
function standIn(patience: { left: number }): object {
  const spend = (): void => {
    if (patience.left-- <= 0)
      throw new RangeError("a callback went on for too long on a value that is not known");
  };
  return new Proxy(() => undefined, {
    get(_target, key) {
      spend();
      if (key === Symbol.toPrimitive) return (hint: string) => (hint === "number" ? Number.NaN : "unknown");
      if (key === Symbol.iterator) return () => [][Symbol.iterator]();
      if (key === "length") return 0;
      return typeof key === "symbol" || key === "then" ? undefined : standIn(patience);
    },
    // As for `list.map((each) => …)`: what is passed on is called once.
    apply(_target, _self, given: readonly unknown[]) {
      spend();
      for (const each of given) if (typeof each === "function") each(standIn(patience), standIn(patience));
      return standIn(patience);
    },
    construct() {
      spend();
      return standIn(patience);
    },
    has: () => true,
    ownKeys: () => ["key"],
    getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: standIn(patience) }),
  });
}
