import type { JsonObject } from "@berth/core";

/** How one of berth's types stands in Azure Resource Manager. */
export interface ArmType {
  /** `Microsoft.ContainerService/managedClusters/agentPools`; empty for resource groups. */
  readonly armType: string;
  readonly apiVersion: string;
  /** Inputs that name the resource and its parents, outermost first; the first is the resource group's. */
  readonly names: readonly string[];
  /** Whether the resource can carry tags, and where: at the top (most), in its properties, or nowhere. */
  readonly tags: "top" | "properties" | "none";
  /** Whether `If-None-Match: *` is honoured on PUT. */
  readonly createOnlyHeader: boolean;
  /** Request body from inputs that are known and revealed. */
  readonly body: (inputs: JsonObject) => ArmBody;
  /**
   * Live inputs: `null` where Azure says that there is none, absent where it does not tell; those that {@link names}
   * holds are read from the id.
   *
   * @param known - inputs as they are recorded or wanted, to find the same parts again
   */
  readonly inputs: (live: ArmBody, known: JsonObject) => JsonObject;
  /** What an update must keep of the live resource and no input says. */
  readonly keep?: (live: ArmBody, body: ArmBody) => ArmBody;
  /** Outputs beyond `id`. */
  readonly outputs?: (live: ArmBody) => JsonObject;
  /** Below which path it lists what would be deleted with it; it must be empty first. */
  readonly contents?: string;
  /** Headers beyond ARM's own. Azure ignores those that it does not know. */
  readonly headers?: (inputs: JsonObject) => Readonly<Record<string, string>>;
}

/** A resource as ARM has it. */
export interface ArmBody {
  readonly id?: string;
  readonly name?: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: JsonObject;
  readonly sku?: JsonObject;
  /** As the network provider writes it. */
  readonly etag?: string;
  /** As the container service writes it. */
  readonly eTag?: string;
  readonly properties?: JsonObject;
}

/** `/subscriptions/{s}/resourceGroups/{g}/providers/{namespace}/{type}/{name}/…` of a resource. */
export function armId(subscription: string, type: ArmType, inputs: JsonObject): string {
  const [group, ...names] = type.names.map((key) => segment(inputs[key], key));
  const base = `/subscriptions/${subscription}/resourceGroups/${group}`;
  if (type.armType === "") return base;
  const [namespace, ...types] = type.armType.split("/");
  return types.reduce((path, each, i) => `${path}/${each}/${names[i]}`, `${base}/providers/${namespace}`);
}

/** The inputs that an id names: the inverse of {@link armId}, whatever the case in which Azure writes the rest. */
export function namesInId(type: ArmType, id: string): JsonObject {
  const segments = id.split("/").slice(1);
  // Pairs of kind and name, of which the subscription and "providers/{namespace}" name nothing that is an input.
  const names = segments.filter((_, i) => i % 2 === 1 && i !== 1 && i !== 5);
  return Object.fromEntries(
    type.names.flatMap((key, i) => (names[i] === undefined ? [] : [[key, names[i]]])),
  );
}

/** A name that stays one segment of a URL, whatever it is. */
function segment(value: JsonObject[string] | undefined, key: string): string {
  if (typeof value === "string" && /^(?!\.{0,2}$)[^/?#%\\]+$/.test(value)) return value;
  throw new TypeError(`${key} is not a name`);
}
