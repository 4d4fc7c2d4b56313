import type { Json, JsonObject } from "../json.ts";
import type { Admission } from "../rules/kind-rules.ts";
import type { ServiceAddresses } from "./service-addresses.ts";
import type { Status } from "./status.ts";

/** A write to one object, as a request to the Kubernetes API says it. */
export interface WriteRequest {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for cluster-scoped kinds. */
  readonly namespace?: string;
  readonly name: string;
  /** `status` where the request goes to the object's status. */
  readonly subresource?: "status";
  readonly verb: WriteVerb;
  /** The object or the patch. */
  readonly body: Json;
  /** Whose write it is: `fieldManager` of the query, or the client's own name. */
  readonly manager: string;
  /** Server-side apply only: take fields from other managers. */
  readonly force?: boolean;
  /** Refuse fields that the kind does not have instead of dropping them (server-side apply always does). */
  readonly strict?: boolean;
}

/** POST, PUT, and the four kinds of PATCH. */
export type WriteVerb =
  | "create"
  | "replace"
  | "apply"
  | "merge-patch"
  | "json-patch"
  | "strategic-merge-patch";

/** What the server knows that the object does not say. Nothing here is read from a clock. */
export interface WriteContext extends Admission {
  /** RFC 3339, whole seconds, UTC; stands in managedFields. */
  readonly time: string;
  /** For an object that is created. */
  readonly identity?: { readonly uid: string; readonly creationTimestamp: string };
  /** Absent where services are to stay without addresses. */
  readonly addresses?: ServiceAddresses;
}

export type WriteResult = Stored | Refused;

export interface Stored {
  readonly kind: "stored";
  /** The object to store, without a new resource version; a dry run answers it and stores nothing. */
  readonly object: JsonObject;
  readonly created: boolean;
  /** False where the stored object says all of this already; its resource version stays. */
  readonly changed: boolean;
}

export interface Refused {
  readonly kind: "refused";
  readonly status: Status;
}
