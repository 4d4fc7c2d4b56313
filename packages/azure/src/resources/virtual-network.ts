import {
  Input,
  type Json,
  type JsonObject,
  Output,
  Resource,
  type ResourceOptions,
  ResourceType,
} from "@berth/core";
import type { Problem } from "@berth/diagnostics";
import { rangeProblems, regionProblems } from "@berth/machines";
import { normaliseLocation } from "../pools/pool-inputs.ts";
import { locationSchema, nameSchema, ownNameSchema, tagsSchema } from "../pools/pool-schema.ts";
import { identityOf, withName } from "./names.ts";
import { writtenNetwork } from "./written.ts";

/** Inputs of {@link VirtualNetwork}. */
export interface VirtualNetworkInputs {
  /** Its name in Azure; the logical name by default. */
  readonly name?: Input<string>;
  readonly resourceGroupName: Input<string>;
  readonly location: Input<string>;
  /** Its ranges of addresses, `["10.224.0.0/12"]`. */
  readonly addressPrefixes: Input<readonly string[]>;
  readonly tags?: Input<Readonly<Record<string, string>>>;
}

/**
 * A virtual network. Its subnets are resources of their own; berth never sends a list of them,
 * which would remove those that others made.
 *
 * @example
 * const network = new azure.VirtualNetwork("store", {
 *   resourceGroupName: group.name,
 *   location: "westeurope",
 *   addressPrefixes: ["10.224.0.0/12"],
 * });
 */
@ResourceType("azure:VirtualNetwork", {
  provider: "azure",
  written: writtenNetwork,
  normalise: normaliseLocation,
  validate,
  identity: (inputs) => identityOf("virtual network", inputs, ["resourceGroupName", "name"]),
})
export class VirtualNetwork extends Resource<VirtualNetworkInputs> {
  @Input(ownNameSchema("the name of a virtual network", "^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}[A-Za-z0-9_]$"))
  declare readonly name: Output<string>;
  @Input(nameSchema("the resource group of a virtual network", "."))
  declare readonly resourceGroupName: Output<string>;
  @Input(locationSchema) declare readonly location: Output<string>;
  @Input({ type: "array", items: { type: "string" }, minItems: 1, compare: "set" })
  declare readonly addressPrefixes: Output<readonly string[]>;
  @Input(tagsSchema, { optional: true }) declare readonly tags: Output<Readonly<Record<string, string>>>;
  /** Its ARM id. */
  @Output({ type: "string", immutable: "an id stays" }) declare readonly id: Output<string>;

  constructor(name: string, inputs: VirtualNetworkInputs, options?: ResourceOptions) {
    super(name, withName(name, inputs), options);
  }
}

function validate({ location, addressPrefixes }: JsonObject): readonly Problem[] {
  const prefixes: readonly Json[] = Array.isArray(addressPrefixes) ? addressPrefixes : [];
  return [
    ...(typeof location === "string" ? regionProblems(location, "location") : []),
    ...prefixes.flatMap((each, i) =>
      typeof each === "string" ? rangeProblems(each, `addressPrefixes[${i}]`) : [],
    ),
  ];
}
