/**
 * Resources, outputs, the sealed graph, the provider contract and facets.
 *
 * @packageDocumentation
 */
export type { PropertyChange, ResourceDefinition, ResourceView, Schema } from "./definition.ts";
export type * from "./facets.ts";
export type { Graph, GraphComponent, GraphResource, RawInputs } from "./graph.ts";
export { type Json, type JsonObject, type Producer, Secret, Unknown, type Urn, type Value, type ValueObject } from "./json.ts";
export type { ResolvedOptions } from "./options.ts";
export type * from "./provider.ts";
export {
  type ClusterSnapshot,
  type EncryptedValue,
  isEncryptedValue,
  type PendingOperation,
  type ResourceRecord,
  type StackState,
} from "./record.ts";
export type { Connection, Transport } from "./transport.ts";
