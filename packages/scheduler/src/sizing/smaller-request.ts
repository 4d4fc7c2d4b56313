import { type Container, milliUnits, type Pod, wholeUnits } from "@berth/objects";
import type { NodeRefusal } from "../decision.ts";
import type { SmallerRequest } from "./remedy.ts";
import type { NodeShape } from "./problem.ts";
import type { Trial } from "./trial.ts";

/** So much less of a resource. cpu in millicores, memory and storage in bytes, else in units. */
export interface Reduction {
  readonly resource: string;
  readonly amount: number;
}

/** So many nodes are tried, those first that lack the smallest share. */
const triedNodes = 8;

/**
 * The smallest reduction of requests, as a share of what is requested, with which a pod fits: on a
 * node that is there or on one more of a shape. Requests of containers are cut, the largest first.
 */
export function smallerRequest(
  pods: readonly Pod[],
  shapes: readonly NodeShape[],
  trial: Trial,
): SmallerRequest | undefined {
  const [first] = pods;
  if (first === undefined || trial.view(first) === undefined) return undefined;
  trial.reset();
  const standing = closest(trial.core.refusals(first)).map((refusal) => ({ refusal, shape: undefined }));
  const grown = shapes.flatMap((shape) => {
    trial.reset();
    const name = trial.grow(shape);
    trial.view(first);
    return closest(trial.core.refusals(first).filter(({ node }) => node === name)).map((refusal) => ({
      refusal,
      shape,
    }));
  });
  const nearest = [...standing, ...grown].toSorted((a, b) => share(a.refusal) - share(b.refusal));
  for (const { refusal, shape } of nearest) {
    trial.reset();
    if (shape) trial.grow(shape);
    const less = refusal.shortages.map(({ resource, shortBy }) => ({ resource, amount: shortBy }));
    const smaller = pods.flatMap((pod) => withLess(pod, less) ?? []);
    const [pod] = smaller;
    if (smaller.length < pods.length || pod === undefined) continue;
    if (!trial.feasible(pod).includes(refusal.node)) continue;
    const placed = trial.schedule(smaller);
    trial.reset();
    return {
      kind: "smaller-request",
      node: refusal.node,
      ...(shape && { shape: shape.name }),
      ...(shape?.price !== undefined && { price: shape.price }),
      less,
      pods: placed,
    };
  }
  trial.reset();
  return undefined;
}

/** The nodes that only lack resources, those first that lack the least; one of several that lack the same. */
function closest(refusals: readonly NodeRefusal[]): readonly NodeRefusal[] {
  const different = new Map<string, NodeRefusal>();
  for (const each of refusals) {
    const { plugin, shortages } = each;
    if (plugin !== "NodeResourcesFit" || shortages.some(({ resource }) => resource === "pods")) continue;
    const key = JSON.stringify(shortages.map(({ resource, shortBy }) => [resource, shortBy]));
    if (!different.has(key)) different.set(key, each);
  }
  return [...different.values()].toSorted((a, b) => share(a) - share(b)).slice(0, triedNodes);
}

/** The largest share of a request that a node lacks. */
function share({ shortages }: NodeRefusal): number {
  return Math.max(...shortages.map(({ shortBy, requested }) => shortBy / requested));
}

/** A pod whose containers ask for less; nothing where they do not ask for so much more than nothing. */
function withLess(pod: Pod, less: readonly Reduction[]): Pod | undefined {
  const { spec } = pod;
  if (!spec) return undefined;
  let containers: readonly Container[] = spec.containers;
  for (const { resource, amount } of less) {
    let rest = amount;
    const requested = (each: Container): number => {
      const { requests, limits } = each.resources ?? {};
      const written = requests?.[resource] ?? limits?.[resource] ?? 0;
      return resource === "cpu" ? milliUnits(written) : wholeUnits(written);
    };
    const largestFirst = containers.toSorted((a, b) => requested(b) - requested(a));
    const cuts = new Map<Container, number>();
    for (const each of largestFirst) {
      const cut = Math.min(rest, requested(each));
      cuts.set(each, cut);
      rest -= cut;
    }
    // All that was asked for is no smaller request, and what is asked for elsewhere is not cut.
    if (rest > 0 || containers.every((each) => cuts.get(each) === requested(each))) return undefined;
    containers = containers.map((each) => {
      const left = requested(each) - (cuts.get(each) ?? 0);
      const written = resource === "cpu" ? `${left}m` : String(left);
      return {
        ...each,
        resources: { ...each.resources, requests: { ...each.resources?.requests, [resource]: written } },
      };
    });
  }
  return { ...pod, spec: { ...spec, containers: [...containers] } };
}
