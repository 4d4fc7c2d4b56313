import type { ExtensionPoint, SchedulerProfile } from "../configuration.ts";
import type { DefaultPlugin } from "./default-plugins.ts";
import type { PluginName } from "./plugin-name.ts";

/** A plugin that is on at an extension point, with its weight there. */
export interface SelectedPlugin {
  readonly name: PluginName;
  readonly weight: number;
}

type Plugins = NonNullable<SchedulerProfile["plugins"]>;

/**
 * The plugins of one extension point in their order. As kube-scheduler merges them: the defaults
 * count as `multiPoint`; what a profile enables there keeps its default's place or comes after; what
 * it enables at the point itself comes first where it is on already, last where it is not.
 */
export function selectPlugins(
  point: ExtensionPoint,
  defaults: readonly DefaultPlugin[],
  plugins: Plugins = {},
): readonly SelectedPlugin[] {
  const takesPart = new Set(defaults.filter(({ points }) => includes(points, point)).map(({ name }) => name));
  const everywhere = mergeMultiPoint(defaults, plugins);
  const here = plugins[point];
  const disabled = new Set(here?.disabled?.map(({ name }) => name));
  const enabledHere = (here?.enabled ?? []).flatMap((each) => {
    const known = defaults.find(({ name }) => name === each.name);
    return known === undefined ? [] : [{ name: known.name, weight: each.weight || 1 }];
  });
  const named = new Set(enabledHere.map(({ name }) => name));
  const on = new Set(everywhere.map(({ name }) => name));
  const others = everywhere.filter(
    ({ name }) => takesPart.has(name) && !named.has(name) && !disabled.has("*") && !disabled.has(name),
  );
  return [
    ...enabledHere.filter(({ name }) => on.has(name)),
    ...others,
    ...enabledHere.filter(({ name }) => !on.has(name)),
  ];
}

function mergeMultiPoint(defaults: readonly DefaultPlugin[], plugins: Plugins): readonly SelectedPlugin[] {
  const { enabled = [], disabled = [] } = plugins.multiPoint ?? {};
  const off = new Set(disabled.map(({ name }) => name));
  const again = new Map(enabled.map((each) => [each.name, each.weight || 1]));
  const kept = defaults
    .filter(({ name }) => !off.has("*") && !off.has(name))
    .map(({ name, weight }) => ({ name, weight: again.get(name) ?? weight }));
  const added = enabled.flatMap((each) => {
    const known = defaults.find(
      ({ name }) => name === each.name && !kept.some((other) => other.name === name),
    );
    return known === undefined ? [] : [{ name: known.name, weight: each.weight || 1 }];
  });
  return [...kept, ...added];
}

function includes(points: readonly string[], point: string): boolean {
  return points.includes(point);
}
