import type { CloudTransaction } from "../cloud.ts";
import type { JsonObject } from "../store/json.ts";
import type { ArmResource, Resources, WritableResources } from "./arm-resource.ts";

/** What a PUT asks for, once what all types have in common has been checked. */
export interface PutRequest {
  readonly id: string;
  readonly name: string;
  readonly subscription: string;
  readonly body: JsonObject;
  readonly headers: Headers;
  /** The resource as it stands, if it exists. */
  readonly existing: ArmResource | undefined;
  /** Region and tags of the body; absent for types that have none. */
  readonly tracked: Pick<ArmResource, "location" | "tags">;
  readonly resources: WritableResources;
  readonly transaction: CloudTransaction;
}

/** What a DELETE does its work with. */
export interface DeleteRequest {
  readonly resource: ArmResource;
  readonly resources: WritableResources;
  readonly transaction: CloudTransaction;
  /** Everything below this id goes too, so it is nobody's obstacle. */
  readonly scope: string;
}

/** A type of resources in the local Azure. */
export interface ResourceType {
  /** `Microsoft.Network/virtualNetworks/subnets` */
  readonly type: string;
  /** Has a region and tags of its own. */
  readonly tracked: boolean;
  /** States in which it is while Azure works on it: none where it answers when it is done. */
  readonly working?: { readonly creating: string; readonly updating: string };
  /** Creates or replaces. Throws what Azure refuses. */
  put(request: PutRequest): ArmResource;
  /** Deletes it with everything in it. Throws what Azure refuses. */
  delete(request: DeleteRequest): void;
  /** Properties as an answer shows them: with what children tell. */
  show?(resource: ArmResource, resources: Resources): JsonObject;
  /** Where the answer has the etag. */
  readonly etag?: "etag" | "eTag" | "properties.eTag";
  /** Actions by name, in lower case. */
  readonly actions?: Readonly<Record<string, (resource: ArmResource, action: ActionRequest) => JsonObject>>;
}

/** What an action may look at. */
export interface ActionRequest {
  /** Token of a cluster's API. */
  token(cluster: ArmResource): string | undefined;
}
