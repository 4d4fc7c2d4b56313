import type { PluginName } from "./plugin-name.ts";

/**
 * Why a node or a pod is refused. `Unschedulable`: preemption may help.
 * `UnschedulableAndUnresolvable`: it cannot.
 */
export interface Status {
  readonly code: "Unschedulable" | "UnschedulableAndUnresolvable";
  readonly reasons: readonly string[];
}

export function unschedulable(...reasons: readonly string[]): Status {
  return { code: "Unschedulable", reasons };
}

export function unresolvable(...reasons: readonly string[]): Status {
  return { code: "UnschedulableAndUnresolvable", reasons };
}

/** A status with the plugin that gave it. */
export interface Refusal extends Status {
  readonly plugin: PluginName;
}
