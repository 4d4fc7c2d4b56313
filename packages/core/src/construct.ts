import { BerthError, type CodeEntry, type Problem, problem, type SourceSite } from "@berth/diagnostics";
import { captureInputs } from "./capture.ts";
import { coreCodes } from "./codes.ts";
import { activeContext, type DeclarationContext, insideCallback } from "./context.ts";
import type { ComponentDeclaration, Declaration, ResourceDeclaration } from "./declaration.ts";
import { type ClassRecord, classRecordOf, ownClassRecordOf, ownProperties } from "./metadata.ts";
import { readOptions } from "./option-table.ts";
import { siteOfNew } from "./site.ts";
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
}

/** Declares a resource in the program that runs here. Called by the constructor of `Resource`. */
export function declareResource(instance: object, construction: Construction): ResourceDeclaration {
  const context = requireContext(construction);
  const record = requireRecord(construction, "resource");
  const { definition } = record;
  const common = declareCommon(construction, context, record);
  const declaration: ResourceDeclaration = { ...common, kind: "resource", definition, instance };
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
): Omit<ResourceDeclaration, "kind" | "definition" | "instance"> {
  const { project, stack, resources, components } = context;
  const { type, inputs: schema } = record.definition;
  const order = resources.length + components.length;
  const { options, problems: ofOptions } = readOptions(
    construction.options,
    record.kind === "resource" ? record.definition : undefined,
  );
  const { parent } = options;
  const { name, problems: ofName } = readName(construction.name, order);
  const captured = captureInputs(construction.inputs, schema, record.kind === "component");
  const { inputs, holes } = captured;
  const path = parent ? [...parent.path, name] : [name];
  const urn = formatUrn({ stack, project, type, path });
  const site = siteInside(parent) ?? context.mapSite(siteOfNew(construction.created, construction.base));
  for (const each of [...ofOptions, ...ofName, ...captured.problems]) {
    context.problems.push({ resource: urn, ...(site && { site }), ...each });
  }
  return { urn, type, name, path, options, parent, inputs, holes, site, order };
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
  const what = `new ${construction.created.name}(…)`;
  if (insideCallback())
    throw misplaced(coreCodes.BERTH1008, `${what} inside a callback of apply`, construction);
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

function misplaced(code: CodeEntry, message: string, { created, base }: Construction): BerthError {
  const site = activeContext()?.mapSite(siteOfNew(created, base));
  return new BerthError([problem(code, { message, ...(site && { site }) })]);
}
