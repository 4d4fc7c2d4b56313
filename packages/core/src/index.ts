/**
 * Resources, outputs, the sealed graph, the provider contract and facets.
 *
 * @packageDocumentation
 */
export { amend, type Draft } from "./amend.ts";
export { type Checked, checkInputs, definitionProblems } from "./check.ts";
export {
  ComponentType,
  type ComponentTypeOptions,
  definitionOf,
  ResourceType,
  type ResourceTypeOptions,
} from "./class-decorators.ts";
export { coreCodes } from "./codes.ts";
export { Component } from "./component.ts";
export { Config, currentStack } from "./config.ts";
export type { Alias, DeclaredAlias } from "./alias.ts";
export { type DeclarationScope, declare } from "./declare.ts";
export type { ComponentDeclaration, Declaration, Hole, ResourceDeclaration } from "./declaration.ts";
export { declarationOf } from "./declared.ts";
export {
  type DefinedResource,
  defineResource,
  type PropertySpecification,
  type ResourceClass,
  type ResourceSpecification,
} from "./define-resource.ts";
export type {
  PropertyChange,
  ResourceDefinition,
  ResourceView,
  Schema,
  WrittenReference,
} from "./definition.ts";
export { hasGeneration, withGeneration } from "./generation.ts";
export { evaluate, Evaluation, type Lookup } from "./evaluate.ts";
export type * from "./facets.ts";
export type { Graph, GraphComponent, GraphResource, RawInputs } from "./graph.ts";
export {
  type Json,
  type JsonObject,
  type Producer,
  SealedSecret,
  Secret,
  Unknown,
  type Urn,
  type Value,
  type ValueObject,
} from "./json.ts";
export { type KnownResource, lookupIn, unknownInputs, unknownOutputs } from "./lookup.ts";
export type { ComponentDefinition } from "./metadata.ts";
export type {
  CustomTimeouts,
  DeclaredOptions,
  DeclaredValue,
  ResolvedOptions,
  ResourceOptions,
  Timeouts,
} from "./options.ts";
export {
  type ErrorHookFunction,
  type FailedSubject,
  Hook,
  hook,
  type HookFunction,
  type HookPoint,
  hookPoints,
  type OneOrMore,
  type HookSubject,
  type ResolvedHooks,
  type ResourceHooks,
} from "./hook.ts";
export { type Move, moved } from "./moved.ts";
export { parsePattern, type PathPattern, type PatternStep, stepFits } from "./path-pattern.ts";
export { recordedOptions } from "./seal-options.ts";
export {
  type DeclaredTransform,
  stackTransform,
  type Transform,
  type TransformedResource,
} from "./transform.ts";
export { type OptionName, optionNames } from "./option-table.ts";
export { all, output, secret, text, type TextPart, unsecret } from "./output.ts";
export { isOutput, type OutputHandle } from "./output-handle.ts";
export type { InputValue, OutputMethods, Parts, Primitive, Unwrapped } from "./output-type.ts";
export { Fingerprints } from "./fingerprint.ts";
export { formatPath, parsePath, type PathSegments } from "./path.ts";
export { type BerthPropertyDecorator, Input, Output } from "./property-decorators.ts";
export type * from "./provider.ts";
export {
  type ClusterSnapshot,
  type EncryptedValue,
  isEncryptedValue,
  type LastOperation,
  type PendingOperation,
  type RecordedOptions,
  type ResourceRecord,
  type SecretsKey,
  type StackState,
} from "./record.ts";
export { Resource } from "./resource.ts";
export { markInputs, markNamed, markOutputs, markSecrets } from "./schema.ts";
export { shapeOf } from "./shape.ts";
export { declaredByCaller, type MapSite } from "./site.ts";
export { StackReference, type StackReferenceInputs } from "./stack-reference.ts";
export { hideStandIns, standInFor } from "./stand-in.ts";
export type { Connection, Transport } from "./transport.ts";
export { formatUrn, nameProblem, parseUrn, pathOfUrn, type UrnParts } from "./urn.ts";
export {
  encodeUnknown,
  encodeValue,
  equalValues,
  formatProducer,
  hasSecret,
  isKnown,
  isValueObject,
  mapSecrets,
  producersOf,
  revealSecrets,
  secretOf,
  valueAt,
  withoutUnknowns,
} from "./value.ts";
