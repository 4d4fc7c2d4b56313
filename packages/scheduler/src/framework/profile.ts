import type { FilterPlugin, ScorePlugin } from "./plugin.ts";
import type { PluginName } from "./plugin-name.ts";

/** The plugins of a scheduler in the order in which they are asked, and how much each score weighs. */
export interface Profile {
  readonly filters: readonly FilterPlugin[];
  readonly scorers: readonly { readonly plugin: ScorePlugin; readonly weight: number }[];
  /** What happens after no node was feasible, in order. */
  readonly postFilters: readonly PluginName[];
  /** Pods with scheduling gates wait. */
  readonly heedsGates: boolean;
  /** Requests of whole pods (`spec.resources`) count. */
  readonly podLevelResources: boolean;
}
