import { BerthError, type CodeEntry, type Problem, problem, type SourceSite } from "@berth/diagnostics";
import { capture, captureInputs } from "./capture.ts";
import { coreCodes } from "./codes.ts";
import { activeContext, type DeclarationContext, insideCallback } from "./context.ts";
import type { ComponentDeclaration, Declaration, ResourceDeclaration } from "./declaration.ts";
import { declarationOf } from "./declared.ts";
import type { ResourceDefinition } from "./definition.ts";
import { type ClassRecord, classRecordOf, ownClassRecordOf, ownProperties } from "./metadata.ts";
import { readOptions } from "./read-options.ts";
import type { DeclaredValue } from "./options.ts";
import { optionTable } from "./option-table.ts";
import { isOutput } from "./output-handle.ts";
import {
  type DeclaredTransform,
  ofInput,
  optionKey,
  runTransforms,
  type Transformed,
  withOrigin,
} from "./transform.ts";
import { siteOfCall, siteOfNew } from "./site.ts";
import { formatUrn, nameProblem } from "./urn.ts";

/** A call of a constructor, as the program made it. */
export interface Construction {
  /** The class that the program named. */
  readonly created: NewableFunction;
  /** `Resource` or `Component`. */
  readonly base: NewableFunction;
  readonly name: unknown;
  readonly inputs: unknown;
  readonly options: unknown;
  /** It is only read: the physical id of what exists. */
  readonly read?: { readonly id: unknown };
  /** The function that was called, where it was no constructor. */
  readonly called?: CallableFunction;
}

/** Declares a resource in the program that runs here. Called by the constructor of `Resource`. */
export function declareResource(instance: object, construction: Construction): ResourceDeclaration {
  const context = requireContext(construction);
  const record = requireRecord(construction, "resource");
  const { definition } = record;
  // What such a resource is given says what it reads, and is no input of anything.
  const meant = definition.reads ? { read: { id: definition.reads(construction.inputs) }, inputs: {} } : {};
  const asked: Construction = { ...construction, ...meant };
  const common = declareCommon(asked, context, record);
  const read = asked.read && readId(asked.read.id, definition, common, context);
  const declaration: ResourceDeclaration = {
    ...common,
    kind: "resource",
    definition,
    ...(read && { read }),
    instance,
  };
  context.resources.push(declaration);
  return declaration;
}

/** Declares a component in the program that runs here. Called by the constructor of `Component`. */
export function declareComponent(construction: Construction): ComponentDeclaration {
  const context = requireContext(construction);
  const record = requireRecord(construction, "component");
  const { definition } = record;
  const common = declareCommon(construction, context, record);
  const declaration: ComponentDeclaration = { ...common, kind: "component", definition };
  context.components.push(declaration);
  return declaration;
}

/** What resources and components have in common. What is wrong with it is kept for when the program has returned. */
function declareCommon(
  construction: Construction,
  context: DeclarationContext,
  record: ClassRecord,
): Omit<ResourceDeclaration, "kind" | "definition" | "read" | "instance"> {
  const { project, stack, resources, components } = context;
  const { definition }: { readonly definition: Pick<ResourceDefinition, "type" | "inputs"> } = record;
  const order = resources.length + components.length;
  const parent = parentOf(construction.options);
  const { name, problems: ofName } = readName(construction.name, order);
  const path = parent ? [...parent.path, name] : [name];
  const urn = formatUrn({ stack, project, type: definition.type, path });
  const site = siteInside(parent) ?? context.mapSite(placeOf(construction));

  const transformed =
    record.kind === "resource" && !construction.read
      ? transform(construction, context, { type: definition.type, name, path }, { parent, site })
      : undefined;
  const given = transformed ?? construction;
  const {
    options,
    own,
    problems: ofOptions,
  } = readOptions(given.options, {
    definition: record.kind === "resource" ? record.definition : undefined,
    isRead: construction.read !== undefined,
    site,
  });
  const captured = captureInputs(given.inputs, definition.inputs, record.kind === "component");
  const { inputs, holes } = captured;
  const origins = transformed && transformed.origins.size > 0 ? transformed.origins : undefined;
  const problems = [
    ...ofOptions.map((each) => withOrigin(each, origins?.get(optionKey(each.path ?? "")))),
    ...ofName,
    ...captured.problems.map((each) => ofInput(each, origins)),
    ...(transformed?.problems ?? []),
  ];
  for (const each of problems) context.problems.push({ resource: urn, ...(site && { site }), ...each });
  return {
    urn,
    type: definition.type,
    name,
    path,
    options,
    ownOptions: own,
    parent,
    inputs,
    holes,
    site,
    ...(origins && { origins }),
    order,
  };
}

function parentOf(options: unknown): Declaration | undefined {
  const isSaid = typeof options === "object" && options !== null && "parent" in options;
  return isSaid ? declarationOf(options.parent) : undefined;
}

/** What transforms make of a resource: its own first, then those of what encloses it, then the stack's. */
function transform(
  { inputs, options }: Construction,
  { transforms: ofStack }: DeclarationContext,
  subject: Parameters<typeof runTransforms>[1],
  { parent, site }: { readonly parent: Declaration | undefined; readonly site: SourceSite | undefined },
): Transformed | undefined {
  const own =
    typeof options === "object" && options !== null && "transforms" in options
      ? options.transforms
      : undefined;
  const reading = own === undefined ? undefined : optionTable.transforms.read(own, site);
  const transforms: readonly DeclaredTransform[] = [
    ...(reading && "value" in reading ? reading.value : []),
    ...(parent?.options.transforms ?? []),
    ...ofStack,
  ];
  return transforms.length === 0 ? undefined : runTransforms(transforms, subject, { inputs, options });
}

/** The id of what is only read: text that is not empty, or an output. */
function readId(
  given: unknown,
  { type, isProvider }: ResourceDefinition,
  { urn, site }: Pick<ResourceDeclaration, "urn" | "site">,
  context: DeclarationContext,
): DeclaredValue {
  const { value, holes } = capture(given);
  const isId = (typeof value === "string" && value !== "") || isOutput(value);
  if (isId && !isProvider) return { value, holes };
  const message = isProvider
    ? `${type} configures a provider, and exists nowhere but in the program: declare it`
    : "the id of what is read is text, or an output";
  context.problems.push(problem(coreCodes.BERTH1045, { message, resource: urn, ...(site && { site }) }));
  return { value: "", holes: [] };
}

function placeOf({ created, base, called }: Construction): SourceSite | undefined {
  return called ? siteOfCall(called) : siteOfNew(created, base);
}

/** A name that cannot be one is replaced by a mark that no other declaration has. */
function readName(
  given: unknown,
  order: number,
): { readonly name: string; readonly problems: readonly Problem[] } {
  const wrong = nameProblem(given);
  if (wrong === undefined) return { name: String(given), problems: [] };
  return { name: `?${order}`, problems: [problem(coreCodes.BERTH1005, { message: wrong })] };
}

/** What an opaque component declares is shown where the component itself is. */
function siteInside(parent: Declaration | undefined): SourceSite | undefined {
  return parent?.kind === "component" && parent.definition.opaque ? parent.site : undefined;
}

function requireContext(construction: Construction): DeclarationContext {
  const context = activeContext();
  const { created, called } = construction;
  const what = called ? `${created.name}.get(…)` : `new ${created.name}(…)`;
  const callback = insideCallback();
  if (callback) throw misplaced(coreCodes.BERTH1008, `${what} inside ${callback}`, construction);
  if (!context) throw misplaced(coreCodes.BERTH1006, `${what}, but no program is running here`, construction);
  if (context.sealed)
    throw misplaced(coreCodes.BERTH1007, `${what} after the program had returned`, construction);
  return context;
}

function requireRecord<K extends ClassRecord["kind"]>(
  construction: Construction,
  kind: K,
): Extract<ClassRecord, { kind: K }> {
  const { created } = construction;
  const record = classRecordOf(created);
  const addsProperties = !ownClassRecordOf(created) && ownProperties(created.prototype as object).length > 0;
  if (record && isKind(record, kind) && !addsProperties) return record;
  const decorator = kind === "resource" ? "@ResourceType" : "@ComponentType";
  const reason = addsProperties ? "declares properties but has no type of its own" : "has no type";
  const message = `the class ${created.name} ${reason}: decorate it with ${decorator}(…)`;
  throw misplaced(coreCodes.BERTH1019, message, construction);
}

function isKind<K extends ClassRecord["kind"]>(
  record: ClassRecord,
  kind: K,
): record is Extract<ClassRecord, { kind: K }> {
  return record.kind === kind;
}

function misplaced(code: CodeEntry, message: string, construction: Construction): BerthError {
  const site = activeContext()?.mapSite(placeOf(construction));
  return new BerthError([problem(code, { message, ...(site && { site }) })]);
}
