/**
 * Kubernetes objects as data: types, validation, defaults, quantities, selectors, server-side apply, keyed diff.
 *
 * @packageDocumentation
 */
export { codes as objectsCodes } from "./codes.ts";
export { applyDefaults } from "./defaults/apply-defaults.ts";
export { imageTag } from "./defaults/image.ts";
export { type ComparisonOptions, compareObjects, type ObjectDifference } from "./compare/compare-objects.ts";
export { projectObject, type ProjectionOptions } from "./compare/project-object.ts";
export { type ImmutableField, immutableFields } from "./compare/immutable.ts";
export { isJsonObject, type Json, type JsonObject } from "./json.ts";
export { isKind, type KindTypes } from "./kind-types.ts";
export {
  formatLabelSelector,
  formatRequirement,
  labelMatcher,
  type LabelMatcher,
  type Labels,
  type LabelSelector,
  type LabelSelectorRequirement,
  matchesLabels,
  matchesPairs,
  type Requirement,
} from "./label-selector.ts";
export { matchesNodeSelector, nodeMatcher, type NodeMatcher, nodeTermMatcher } from "./node-selector.ts";
export type { KubernetesObject, ObjectMeta } from "./object.ts";
export {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  milliUnits,
  parseQuantity,
  type Quantity,
  type QuantityFormat,
  readQuantity,
  roundUpToMilli,
  sameQuantity,
  wholeUnits,
} from "./quantity.ts";
export { podTemplateOf, podTemplatePath } from "./pod-template.ts";
export {
  compareRefs,
  compareText,
  type ObjectRef,
  parseRefKey,
  refKey,
  refOf,
  splitApiVersion,
} from "./reference.ts";
export { describeKind } from "./schema/describe-kind.ts";
export {
  builtInKinds,
  isNamespaced,
  type Kind,
  kindOf,
  kindOfResource,
  nearestKind,
  requireKind,
} from "./schema/kind.ts";
export type {
  Field,
  ListKey,
  ListType,
  MapType,
  PatchStrategy,
  Presence,
  Scalar,
  ScalarType,
  StructType,
  Type,
} from "./schema/type.ts";
export type * from "./types.ts";
export { checkObject } from "./validation/check-object.ts";
export { validateObject, validateValue, type ValidationOptions } from "./validation/validate-object.ts";
export type { Admission, Priority } from "./rules/kind-rules.ts";
export type { ServiceAddresses } from "./write/service-addresses.ts";
export type { Status, StatusCause, StatusDetails } from "./write/status.ts";
export type { Refused, Stored, WriteContext, WriteRequest, WriteResult, WriteVerb } from "./write/request.ts";
export { writeObject } from "./write/write-object.ts";
