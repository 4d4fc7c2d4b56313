import { Input, Output, Resource, type ResourceOptions, ResourceType } from "@berth/core";
import { regionProblems } from "@berth/machines";
import { normaliseLocation } from "../pools/pool-inputs.ts";
import { locationSchema, ownNameSchema, tagsSchema } from "../pools/pool-schema.ts";
import { identityOf, withName } from "./names.ts";
import { writtenGroup } from "./written.ts";

/** Inputs of {@link ResourceGroup}. */
export interface ResourceGroupInputs {
  /** Its name in Azure; the logical name by default. */
  readonly name?: Input<string>;
  /** Region in which Azure keeps what it knows of the group, `westeurope`. */
  readonly location: Input<string>;
  readonly tags?: Input<Readonly<Record<string, string>>>;
}

/**
 * A resource group. berth deletes it only once it is empty.
 *
 * @example
 * const group = new azure.ResourceGroup("store", { location: "westeurope" });
 */
@ResourceType("azure:ResourceGroup", {
  provider: "azure",
  written: writtenGroup,
  normalise: normaliseLocation,
  validate: ({ location }) => (typeof location === "string" ? regionProblems(location, "location") : []),
  identity: (inputs) => identityOf("resource group", inputs, ["name"]),
})
export class ResourceGroup extends Resource<ResourceGroupInputs> {
  @Input(ownNameSchema("the name of a resource group", "^[\\p{L}\\p{N}_().-]{0,89}[\\p{L}\\p{N}_()-]$"))
  declare readonly name: Output<string>;
  @Input(locationSchema) declare readonly location: Output<string>;
  @Input(tagsSchema, { optional: true }) declare readonly tags: Output<Readonly<Record<string, string>>>;
  /** `/subscriptions/{subscription}/resourceGroups/{name}` */
  @Output({ type: "string", immutable: "an id stays" }) declare readonly id: Output<string>;

  constructor(name: string, inputs: ResourceGroupInputs, options?: ResourceOptions) {
    super(name, withName(name, inputs), options);
  }
}
