import { BerthError, type CodeEntry, type Problem, problem, type SourceSite } from "@berth/diagnostics";
import { captureInputs } from "./capture.ts";
import { coreCodes } from "./codes.ts";
import { activeContext, type DeclarationContext, insideCallback } from "./context.ts";
import type { ComponentDeclaration, Declaration, ResourceDeclaration } from "./declaration.ts";
import { type ClassRecord, classRecordOf, ownClassRecordOf, ownProperties } from "./metadata.ts";
import { readOptions } from "./option-table.ts";
import { siteOfNew } from "./site.ts";
import { formatUrn, nameProblem } from "./urn.ts";

/** What both kinds of declaration have, and what was wrong with it. */
interface Common {
  readonly context: DeclarationContext;
  readonly problems: Problem[];
  readonly declaration: Omit<ResourceDeclaration, "kind" | "definition" | "instance">;
}

/** Declares a resource in the program that runs here. Called by the constructor of `Resource`. */
export function declareResource(
  instance: object,
  created: NewableFunction,
  base: NewableFunction,
  name: unknown,
  inputs: unknown,
  options: unknown,
): ResourceDeclaration {
  const context = requireContext(created, base);
  const record = requireRecord(created, base, context, "resource");
  const common = declareCommon(context, record, created, base, name, inputs, options);
  const { definition } = record;
  const declaration: ResourceDeclaration = { ...common.declaration, kind: "resource", definition, instance };
  context.resources.push(declaration);
  report(common);
  return declaration;
}

/** Declares a component in the program that runs here. Called by the constructor of `Component`. */
export function declareComponent(
  _instance: object,
  created: NewableFunction,
  base: NewableFunction,
  name: unknown,
  inputs: unknown,
  options: unknown,
): ComponentDeclaration {
  const context = requireContext(created, base);
  const record = requireRecord(created, base, context, "component");
  const common = declareCommon(context, record, created, base, name, inputs, options);
  const { definition } = record;
  const declaration: ComponentDeclaration = { ...common.declaration, kind: "component", definition };
  context.components.push(declaration);
  report(common);
  return declaration;
}

function declareCommon(
  context: DeclarationContext,
  record: ClassRecord,
  created: NewableFunction,
  base: NewableFunction,
  givenName: unknown,
  givenInputs: unknown,
  givenOptions: unknown,
): Common {
  const { options, problems: optionProblems } = readOptions(
    givenOptions,
    record.kind === "resource" ? record.definition : undefined,
  );
  const problems = [...optionProblems];
  const { parent } = options;
  const wrongName = nameProblem(givenName);
  if (wrongName) problems.push(problem(coreCodes.BERTH1005, { message: wrongName }));
  const name = wrongName ? "?" : String(givenName);
  const path = parent ? [...parent.path, name] : [name];
  const { type, inputs: schema } = record.definition;
  const {
    inputs,
    holes,
    problems: inputProblems,
  } = captureInputs(givenInputs, schema, record.kind === "component");
  problems.push(...inputProblems);
  return {
    context,
    problems,
    declaration: {
      urn: formatUrn({ stack: context.stack, project: context.project, type, path }),
      type,
      name,
      path,
      options,
      parent,
      inputs,
      holes,
      site: siteInside(parent) ?? context.mapSite(siteOfNew(created, base)),
      order: context.resources.length + context.components.length,
    },
  };
}

/** What an opaque component declares is shown where the component itself is. */
function siteInside(parent: Declaration | undefined): SourceSite | undefined {
  return parent?.kind === "component" && parent.definition.opaque ? parent.site : undefined;
}

function report({ context, problems, declaration }: Common): void {
  const { urn, site } = declaration;
  for (const each of problems) context.problems.push({ resource: urn, ...(site && { site }), ...each });
}

function requireContext(created: NewableFunction, base: NewableFunction): DeclarationContext {
  const context = activeContext();
  const what = `new ${created.name}(…)`;
  if (insideCallback()) {
    throw misplaced(coreCodes.BERTH1008, `${what} inside a callback of apply`, created, base, context);
  }
  if (!context)
    throw misplaced(coreCodes.BERTH1006, `${what}, but no program is running here`, created, base, context);
  if (context.sealed) {
    throw misplaced(coreCodes.BERTH1007, `${what} after the program had returned`, created, base, context);
  }
  return context;
}

function requireRecord<K extends ClassRecord["kind"]>(
  created: NewableFunction,
  base: NewableFunction,
  context: DeclarationContext,
  kind: K,
): Extract<ClassRecord, { kind: K }> {
  const record = classRecordOf(created);
  const addsProperties = !ownClassRecordOf(created) && ownProperties(created.prototype as object).length > 0;
  if (record && isKind(record, kind) && !addsProperties) return record;
  const decorator = kind === "resource" ? "@ResourceType" : "@ComponentType";
  const reason = addsProperties ? "declares properties but has no type of its own" : "has no type";
  throw misplaced(
    coreCodes.BERTH1019,
    `the class ${created.name} ${reason}: decorate it with ${decorator}(…)`,
    created,
    base,
    context,
  );
}

function isKind<K extends ClassRecord["kind"]>(
  record: ClassRecord,
  kind: K,
): record is Extract<ClassRecord, { kind: K }> {
  return record.kind === kind;
}

function misplaced(
  code: CodeEntry,
  message: string,
  created: NewableFunction,
  base: NewableFunction,
  context: DeclarationContext | undefined,
): BerthError {
  const site = context?.mapSite(siteOfNew(created, base));
  return new BerthError([problem(code, { message, ...(site && { site }) })]);
}
