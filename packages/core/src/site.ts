import type { SourceSite } from "@berth/diagnostics";

/** Turns a position of running code into one of the source that people wrote. */
export type MapSite = (site: SourceSite) => SourceSite;

type Frames = readonly NodeJS.CallSite[];

/** Beyond constructors: frames without a file (such as Reflect.construct), and the one that is wanted. */
const spareFrames = 4;

/**
 * Where a resource was declared: the first line on the stack that is not a constructor of the
 * resource's own class or of one of its base classes. No guess from paths: constructors are
 * recognised by being constructor calls of classes on the chain from `created` down to `base`.
 */
export function siteOfNew(created: NewableFunction, base: NewableFunction): SourceSite | undefined {
  if (onBehalfOf) return onBehalfOf;
  const links = classesBetween(created, base);
  const frames = framesAbove(base, links.length + spareFrames);
  let index = 0;
  for (const link of links) {
    const frame = frames[index];
    if (frame?.isConstructor() && frame.getFunctionName() === link.name) index++;
  }
  return siteOf(frames, index);
}

/** Where `called` was called from. */
export function siteOfCall(called: NewableFunction | CallableFunction): SourceSite | undefined {
  return siteOf(framesAbove(called, spareFrames), 0);
}

let onBehalfOf: SourceSite | undefined;

/**
 * For functions of packages that declare on behalf of a program: what `declare` declares is shown
 * where `called` was called, not at lines of the package. It must be synchronous.
 *
 * @example
 * export function manifests(yaml: string): readonly Resource[] {
 *   return declaredByCaller(manifests, () => parse(yaml).map((each) => new Manifest(…)));
 * }
 */
export function declaredByCaller<T>(called: CallableFunction, declare: () => T): T {
  const outer = onBehalfOf;
  onBehalfOf ??= siteOfCall(called);
  try {
    return declare();
  } finally {
    onBehalfOf = outer;
  }
}

/** From the class below `base` to `created`: the order in which their constructors stand on the stack. */
function classesBetween(created: NewableFunction, base: NewableFunction): readonly NewableFunction[] {
  const links: NewableFunction[] = [];
  for (let each: unknown = created; typeof each === "function" && each !== base;) {
    links.unshift(each);
    each = Object.getPrototypeOf(each);
  }
  return links;
}

function framesAbove(called: NewableFunction | CallableFunction, limit: number): Frames {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = limit;
    Error.prepareStackTrace = keepFrames;
    Error.captureStackTrace(holder, called);
    return Array.isArray(holder.stack) ? (holder.stack as Frames) : [];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

function keepFrames(_error: Error, frames: NodeJS.CallSite[]): NodeJS.CallSite[] {
  return frames;
}

function siteOf(frames: Frames, from: number): SourceSite | undefined {
  for (let i = from; i < frames.length; i++) {
    const frame = frames[i]!;
    const file = frame.getFileName();
    const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
    if (!file || file.startsWith("node:") || line === null || column === null) continue;
    return { file, line, column };
  }
  return undefined;
}
