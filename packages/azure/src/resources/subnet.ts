import { Input, type JsonObject, Output, Resource, type ResourceOptions, ResourceType } from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { parseRange, rangeProblems } from "@berth/machines";
import { codes } from "../codes.ts";
import { nameSchema, ownNameSchema } from "../pools/pool-schema.ts";
import { identityOf, withName } from "./names.ts";
import { writtenSubnet } from "./written.ts";

/** Inputs of {@link Subnet}. */
export interface SubnetInputs {
  /** Its name in Azure; the logical name by default. */
  readonly name?: Input<string>;
  readonly resourceGroupName: Input<string>;
  readonly virtualNetworkName: Input<string>;
  /** Its range of addresses, `10.224.0.0/16`. Azure keeps five of them for itself. */
  readonly addressPrefix: Input<string>;
}

/**
 * A subnet of a virtual network.
 *
 * @example
 * const subnet = new azure.Subnet("nodes", {
 *   resourceGroupName: group.name,
 *   virtualNetworkName: network.name,
 *   addressPrefix: "10.224.0.0/16",
 * });
 */
@ResourceType("azure:Subnet", {
  provider: "azure",
  written: writtenSubnet,
  validate,
  identity: (inputs) => identityOf("subnet", inputs, ["resourceGroupName", "virtualNetworkName", "name"]),
})
export class Subnet extends Resource<SubnetInputs> {
  @Input(ownNameSchema("the name of a subnet", "^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$"))
  declare readonly name: Output<string>;
  @Input(nameSchema("the resource group of a subnet", "."))
  declare readonly resourceGroupName: Output<string>;
  @Input(nameSchema("the virtual network of a subnet", "."))
  declare readonly virtualNetworkName: Output<string>;
  @Input({ type: "string" }) declare readonly addressPrefix: Output<string>;
  /** Its ARM id. */
  @Output({ type: "string", immutable: "an id stays" }) declare readonly id: Output<string>;

  constructor(name: string, inputs: SubnetInputs, options?: ResourceOptions) {
    super(name, withName(name, inputs), options);
  }
}

const longestPrefix = 29;

function validate({ addressPrefix }: JsonObject): readonly Problem[] {
  if (typeof addressPrefix !== "string") return [];
  const range = parseRange(addressPrefix);
  if (!range) return rangeProblems(addressPrefix, "addressPrefix");
  if (range.prefix <= longestPrefix) return [];
  const message = `${addressPrefix} is smaller than a /${longestPrefix}`;
  return [problem(codes.BERTH5011, { message, path: "addressPrefix" })];
}
