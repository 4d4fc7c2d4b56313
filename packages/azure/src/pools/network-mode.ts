import type { Value } from "@berth/core";
import type { NetworkMode } from "@berth/machines";

/** Where pods of a cluster get their addresses from, by its network profile. */
export function networkMode(plugin: Value | undefined, pluginMode: Value | undefined): NetworkMode {
  if (plugin === "kubenet" || plugin === "none") return plugin;
  return pluginMode === "nodeSubnet" ? "node-subnet" : "overlay";
}
