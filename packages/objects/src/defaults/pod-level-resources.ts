import { type MutableJsonObject, objectAt, objectsAt } from "../json.ts";
import { addQuantities, readQuantity, sameQuantity } from "../quantity.ts";

/**
 * Requests of a pod as a whole, where its limits are stated and its requests are not: what its containers request
 * together, else the limit.
 *
 * Source: kubernetes v1.36 `pkg/apis/core/v1/defaults.go` (`defaultPodRequests`, `defaultHugePagePodLimits`).
 */
export function defaultPodLevelResources(spec: MutableJsonObject): void {
  const resources = objectAt(spec, "resources");
  if (!resources) return;
  const limits: MutableJsonObject = { ...objectAt(resources, "limits") };
  const requests: MutableJsonObject = { ...objectAt(resources, "requests") };
  if (Object.keys(limits).length + Object.keys(requests).length === 0) return;

  for (const [name, amount] of aggregate(spec, "limits")) {
    if (name.startsWith("hugepages-") && requests[name] === undefined) limits[name] ??= amount;
  }
  if (Object.keys(limits).length > 0) {
    for (const [name, amount] of aggregate(spec, "requests")) {
      if (name === "cpu" || name === "memory") requests[name] ??= amount;
    }
    for (const [name, amount] of Object.entries(limits)) if (isPodLevel(name)) requests[name] ??= amount;
  }
  if (Object.keys(limits).length > 0) resources["limits"] = limits;
  if (Object.keys(requests).length > 0) resources["requests"] = requests;
}

function isPodLevel(name: string): boolean {
  return name === "cpu" || name === "memory" || name.startsWith("hugepages-");
}

/** What the containers need together: all of them at once, or the largest init container beside earlier sidecars. */
function aggregate(spec: MutableJsonObject, list: "limits" | "requests"): ReadonlyMap<string, string> {
  const running = new Map<string, string>();
  for (const container of objectsAt(spec, "containers"))
    add(running, objectAt(objectAt(container, "resources"), list));
  const sidecars = new Map<string, string>();
  const starting = new Map<string, string>();
  for (const container of objectsAt(spec, "initContainers")) {
    const own = objectAt(objectAt(container, "resources"), list);
    if (container["restartPolicy"] === "Always") {
      add(running, own);
      add(sidecars, own);
      raise(starting, sidecars);
    } else {
      const peak = new Map(sidecars);
      add(peak, own);
      raise(starting, peak);
    }
  }
  raise(running, starting);
  return running;
}

function add(total: Map<string, string>, amounts: MutableJsonObject | undefined): void {
  for (const [name, amount] of Object.entries(amounts ?? {})) {
    const quantity = readQuantity(amount);
    if (quantity) total.set(name, addQuantities([total.get(name) ?? "0", quantity.text]));
  }
}

function raise(total: Map<string, string>, floor: ReadonlyMap<string, string>): void {
  for (const [name, amount] of floor) {
    const current = total.get(name) ?? "0";
    if (sameQuantity(current, amount)) continue;
    const isLarger = (readQuantity(amount)?.nano ?? 0n) > (readQuantity(current)?.nano ?? 0n);
    if (isLarger) total.set(name, amount);
  }
}
