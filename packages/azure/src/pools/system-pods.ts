import type { Json, JsonObject, Schema } from "@berth/core";
import { aksSystemPods, overrideSystemPods, type SystemPod, type SystemPodOverride } from "@berth/machines";

/** Changes to AKS's own pods, by name; `false` for one that the cluster does not run. */
export type SystemPodOverrides = Readonly<Record<string, SystemPodOverride>>;

/**
 * The header in which the overrides travel. Azure ignores it: it runs what it runs. The local cloud runs what the
 * header says, so that it does what the preview said.
 */
const headerName = "berth-system-pods";

/** AKS's own pods, as far as the program knows better than the declared list. */
export function systemPodsOf(overrides: Json | undefined): readonly SystemPod[] {
  return overrideSystemPods(aksSystemPods, (overrides ?? {}) as SystemPodOverrides);
}

export function systemPodsHeader({ systemPods }: JsonObject): Readonly<Record<string, string>> {
  return systemPods === undefined ? {} : { [headerName]: encodeURIComponent(JSON.stringify(systemPods)) };
}

/** Closed: only pods of the declared list can be changed. */
export const systemPodsSchema: Schema = {
  type: "object",
  properties: Object.fromEntries(
    aksSystemPods.map(({ name }) => [name, { anyOf: [{ const: false }, changesSchema()] }]),
  ),
};

function changesSchema(): Schema {
  return {
    type: "object",
    properties: {
      replicas: { type: "integer", minimum: 0 },
      cpu: { type: "string", pattern: "^\\d+(\\.\\d+)?m?$" },
      memory: { type: "string", pattern: "^\\d+(\\.\\d+)?([KMGT]i?)?$" },
    },
  };
}
