import { type Container, type Pod, sameQuantity } from "@berth/objects";

const COMPUTE = ["cpu", "memory"] as const;

/**
 * How a pod's requests and limits rank it when a node runs short (`pkg/apis/core/v1/helper/qos`):
 * `Guaranteed` if every container's limits are its requests for cpu and memory, `BestEffort` if none
 * states any, `Burstable` else.
 */
export function qosClass({ spec }: Pod): "Guaranteed" | "Burstable" | "BestEffort" {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const amounts = containers.flatMap((each) =>
    COMPUTE.flatMap((name) => [requestOf(each, name), limitOf(each, name)]),
  );
  if (amounts.every((each) => each === undefined || isZero(each))) return "BestEffort";
  const isGuaranteed = containers.every((each) => COMPUTE.every((name) => isPinned(each, name)));
  return isGuaranteed ? "Guaranteed" : "Burstable";
}

function isPinned(container: Container, name: "cpu" | "memory"): boolean {
  const [request, limit] = [requestOf(container, name), limitOf(container, name)];
  return limit !== undefined && !isZero(limit) && request !== undefined && sameQuantity(request, limit);
}

function requestOf({ resources }: Container, name: string): string | number | undefined {
  return resources?.requests?.[name];
}

function limitOf({ resources }: Container, name: string): string | number | undefined {
  return resources?.limits?.[name];
}

function isZero(amount: string | number): boolean {
  return sameQuantity(amount, "0");
}
