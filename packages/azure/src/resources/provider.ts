import { Input, type Output, Resource, ResourceType } from "@berth/core";

/** Inputs of {@link Provider}. */
export interface ProviderInputs {
  /** GUID of the subscription in which resources are made. */
  readonly subscriptionId: Input<string>;
}

/**
 * Configures where Azure resources are made, for those that name it: `{ provider }`. Without one,
 * the subscription comes from the stack's configuration.
 *
 * @example
 * const production = new azure.Provider("production", { subscriptionId: "7f2c…" });
 * new azure.ResourceGroup("store", { location: "westeurope" }, { provider: production });
 */
@ResourceType("azure:Provider", { provider: "azure", isProvider: true })
export class Provider extends Resource<ProviderInputs> {
  @Input({
    type: "string",
    pattern: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
    compare: "case-insensitive",
    immutable: "resources cannot move to another subscription",
  })
  declare readonly subscriptionId: Output<string>;
}
