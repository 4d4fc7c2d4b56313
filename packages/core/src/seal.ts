import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { capture } from "./capture.ts";
import { hiddenProperty } from "./class-decorators.ts";
import { declarationProblems } from "./check.ts";
import { componentOptionProblems } from "./component-options.ts";
import { chooseCluster, isProblem } from "./cluster.ts";
import { coreCodes } from "./codes.ts";
import type { DeclarationContext } from "./context.ts";
import { orderOf } from "./dag.ts";
import type { ComponentDeclaration, Declaration, Hole, ResourceDeclaration } from "./declaration.ts";
import { cycleProblem, describe, membersOf, type Needs, needsOf, referencesOf } from "./dependency.ts";
import { earlyProblems } from "./early-problems.ts";
import type { Graph, GraphComponent, GraphResource } from "./graph.ts";
import type { Urn } from "./json.ts";
import type { ResolvedOptions } from "./options.ts";
import { formatPath } from "./path.ts";
import { resolveAliases } from "./resolve-aliases.ts";
import { sealOptions } from "./seal-options.ts";
import { sortProblems } from "./sort-problems.ts";

/**
 * Seals what a program declared: whole, acyclic, in topological order, immutable.
 *
 * @param returned - what the program returned: the stack's outputs
 * @throws BerthError with everything that is wrong with the program
 */
export function sealGraph(context: DeclarationContext, returned: unknown): Graph {
  const { resources, components } = context;
  const problems = [...context.problems, ...declarationProblems([...resources, ...components])];
  const positions = positionsOf(resources, problems);
  positionsOf(components, problems);
  problems.push(...hiddenProperties(resources));
  problems.push(...componentOptionProblems(context));
  const drafts = link(context, positions, problems);
  const order = inOrder(drafts, positions, problems);
  const ordered = order.map((position) => drafts[position]!.resource);
  // Only what has one place each can be looked up by it.
  if (problems.length === 0) problems.push(...earlyProblems(ordered, context.callbacks));
  const outputs = readOutputs(returned, positions, problems);
  const heard = problems.filter(
    (each) => !isSilenced(each, drafts[positions.get(each.resource ?? "") ?? -1]),
  );
  if (heard.some((each) => each.severity === "error")) throw new BerthError(sortProblems(heard));
  return Object.freeze({
    project: context.project,
    stack: context.stack,
    resources: Object.freeze(ordered),
    components: Object.freeze(components.map(sealComponent)),
    outputs,
    index: new Map(ordered.map((each, position) => [each.urn, position])),
    warnings: Object.freeze(sortProblems(heard)),
    ...(context.hooks.size > 0 && { hooks: new Map(context.hooks) }),
  });
}

type Positions = ReadonlyMap<Urn, number>;

/** Where each stands in the order of declaration; of two with one name the first has it. */
function positionsOf(declarations: readonly Declaration[], problems: Problem[]): Positions {
  const positions = new Map<Urn, number>();
  for (const [position, each] of declarations.entries()) {
    const first = positions.get(each.urn);
    if (first === undefined) positions.set(each.urn, position);
    else {
      const message = `the name "${each.path.join("/")}" is taken by ${describe(declarations[first]!)}`;
      problems.push(problem(coreCodes.BERTH1013, { message, ...placeOf(each) }));
    }
  }
  return positions;
}

interface Draft {
  readonly declaration: ResourceDeclaration;
  readonly resource: GraphResource;
  readonly needs: Needs;
}

/** Resolves what could only be told once everything was declared: clusters, providers, dependencies. */
function link(context: DeclarationContext, positions: Positions, problems: Problem[]): readonly Draft[] {
  const { resources } = context;
  const aliases = resolveAliases(context, problems);
  const clusters = resources.filter((each) => each.definition.isCluster);
  const members = membersOf(resources);
  return resources.map((declaration) => {
    const { definition, options, holes } = declaration;
    const chosen = chooseCluster(declaration, clusters);
    if (isProblem(chosen)) problems.push(chosen);
    const cluster = chosen && !isProblem(chosen) ? chosen.urn : undefined;
    const isMade = definition.isProvider !== true;
    const provider = options.provider.find(
      (each) => isMade && each.definition.provider === definition.provider,
    )?.urn;
    const needs = needsOf(declaration, { cluster, provider, members });
    problems.push(...foreignSources(holes, positions).map((each) => ({ ...placeOf(declaration), ...each })));
    problems.push(...foreignOptions(declaration, positions));
    const resolved = sealOptions(declaration, { provider, aliases: aliases?.get(declaration) });
    return { declaration, needs, resource: sealResource(declaration, cluster, resolved, needs) };
  });
}

function sealResource(
  declaration: ResourceDeclaration,
  cluster: Urn | undefined,
  options: ResolvedOptions,
  needs: Needs,
): GraphResource {
  const { urn, type, name, definition, inputs, read, parent, site } = declaration;
  return Object.freeze({
    urn,
    type,
    name,
    definition,
    inputs,
    ...(read && { read: Object.freeze({ id: read.value }) }),
    options,
    ...(parent && { parent: parent.urn }),
    ...(cluster !== undefined && { cluster }),
    dependencies: Object.freeze([...needs.keys()].toSorted()),
    references: referencesOf(declaration),
    site: site ?? unknownSite,
  });
}

/** Where the runtime gave no stack: nothing to point at. */
const unknownSite = Object.freeze({ file: "", line: 0, column: 0 });

function sealComponent({ urn, type, name, parent, site }: ComponentDeclaration): GraphComponent {
  return Object.freeze({ urn, type, name, ...(parent && { parent: parent.urn }), site: site ?? unknownSite });
}

/** @throws BERTH1015 for each cycle, with what else was found: nothing that follows makes sense on a cycle */
function inOrder(
  drafts: readonly Draft[],
  positions: Positions,
  problems: readonly Problem[],
): readonly number[] {
  const needs = drafts.map(({ resource }) =>
    resource.dependencies.map((urn) => positions.get(urn)).filter((each) => each !== undefined),
  );
  const ordering = orderOf({ size: drafts.length, needs: (i) => needs[i] ?? [] });
  if (ordering.kind === "ordered") return ordering.order;
  const cycles = ordering.cycles.map((cycle) => cycleProblem(cycle.map((i) => drafts[i]!)));
  throw new BerthError(sortProblems([...problems, ...cycles]));
}

/** Class fields set after the base constructor: a property of the object itself, where one of its class is due. */
function hiddenProperties(resources: readonly ResourceDeclaration[]): readonly Problem[] {
  return resources.flatMap(({ instance, definition }) => {
    const own = Object.keys(instance);
    if (own.length === 0) return [];
    const inputs = definition.inputs["properties"] as object;
    const hidden = own.filter(
      (each) => Object.hasOwn(inputs, each) || Object.hasOwn(definition.outputs, each),
    );
    return hidden.map((each) => hiddenProperty(instance, each));
  });
}

/** Outputs of resources that this program did not declare. */
function foreignSources(holes: readonly Hole[], positions: Positions): readonly Problem[] {
  return holes.flatMap(({ path, node }) => {
    const foreign = node?.sources.find((urn) => !positions.has(urn));
    if (foreign === undefined) return [];
    const message = `an output of ${foreign}, which this program does not declare`;
    return [problem(coreCodes.BERTH1004, { message, hint: "use a stack reference", path: formatPath(path) })];
  });
}

/** The same of values and resources in options. */
function foreignOptions(declaration: ResourceDeclaration, positions: Positions): readonly Problem[] {
  const { options, read } = declaration;
  const { replacementTrigger, deletedWith } = options;
  if (!replacementTrigger && !read && !deletedWith) return [];
  const values = { replacementTrigger, id: read };
  const problems = Object.entries(values).flatMap(([path, value]) =>
    foreignSources(value?.holes ?? [], positions).map((each) => ({ ...each, path })),
  );
  if (deletedWith && !positions.has(deletedWith.urn)) {
    const message = `the option deletedWith names ${deletedWith.urn}, which this program does not declare`;
    problems.push({ ...problem(coreCodes.BERTH1017, { message }), path: "deletedWith" });
  }
  return problems.map((each) => ({ ...placeOf(declaration), ...each }));
}

function readOutputs(
  returned: unknown,
  positions: Positions,
  problems: Problem[],
): Readonly<Record<string, unknown>> {
  if (returned === undefined || returned === null) return Object.freeze({});
  const { value, holes, problems: found } = capture(returned);
  problems.push(...[...found, ...foreignSources(holes, positions)].map(ofOutputs));
  if (typeof value === "object" && value !== null && !Array.isArray(value) && holes[0]?.path.length !== 0) {
    return value as Readonly<Record<string, unknown>>;
  }
  if (found.length === 0) {
    problems.push(
      problem(coreCodes.BERTH1004, { message: "a program returns an object of the stack's outputs" }),
    );
  }
  return Object.freeze({});
}

function ofOutputs(found: Problem): Problem {
  const what = found.path ? `the stack output ${found.path}` : "what the program returns";
  return { ...found, message: `${what}: ${found.message}` };
}

/** Authors silence warnings, not what makes a program wrong. */
function isSilenced({ code, severity }: Problem, draft: Draft | undefined): boolean {
  return severity === "warning" && (draft?.resource.options.silence.includes(code) ?? false);
}

function placeOf({ urn, site }: Declaration): Pick<Problem, "resource" | "site"> {
  return { resource: urn, ...(site && { site }) };
}
