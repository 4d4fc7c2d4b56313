import { formatSite, type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { ComponentDeclaration, Declaration, ResourceDeclaration } from "./declaration.ts";
import type { Urn } from "./json.ts";
import { type OutputNode, uniteSources } from "./output-node.ts";
import { formatPath } from "./path.ts";

/** What a resource needs, each with why: the first reason found. */
export type Needs = ReadonlyMap<Urn, string>;

/** Resources inside a component, at any depth. */
export type Members = (component: ComponentDeclaration) => readonly ResourceDeclaration[];

/** Everything that must exist before a resource does. */
export function needsOf(
  declaration: ResourceDeclaration,
  {
    cluster,
    provider,
    members,
  }: { readonly cluster: Urn | undefined; readonly provider: Urn | undefined; readonly members: Members },
): Needs {
  const needs = new Map<Urn, string>();
  const add = (urn: Urn, reason: () => string): void => {
    if (!needs.has(urn)) needs.set(urn, reason());
  };
  for (const { path, node } of declaration.holes) {
    for (const urn of node?.sources ?? []) add(urn, () => `its input ${formatPath(path)}`);
  }
  const { replacementTrigger } = declaration.options;
  for (const { node } of replacementTrigger?.holes ?? [])
    for (const urn of node?.sources ?? []) add(urn, () => "its replacementTrigger");
  for (const { node } of declaration.read?.holes ?? [])
    for (const urn of node?.sources ?? []) add(urn, () => "its id");
  for (const each of declaration.options.dependsOn) {
    if (each.kind === "resource") add(each.urn, () => "dependsOn");
    else
      for (const member of members(each))
        add(member.urn, () => `dependsOn ${each.type} "${each.path.join("/")}"`);
  }
  const above = enclosingResource(declaration);
  if (above) add(above.urn, () => "its parent");
  if (cluster) add(cluster, () => "its cluster");
  if (provider) add(provider, () => "its provider");
  return needs;
}

function enclosingResource(declaration: Declaration): ResourceDeclaration | undefined {
  let above = declaration.parent;
  while (above?.kind === "component") above = above.parent;
  return above;
}

const noReferences: Readonly<Record<string, readonly Urn[]>> = Object.freeze({});

/** Which resources each top-level input takes values from. */
export function referencesOf({ holes }: ResourceDeclaration): Readonly<Record<string, readonly Urn[]>> {
  if (holes.length === 0) return noReferences;
  const byInput = new Map<string, OutputNode[]>();
  for (const { path, node } of holes) {
    const input = String(path[0]);
    if (!node) continue;
    const nodes = byInput.get(input);
    if (nodes) nodes.push(node);
    else byInput.set(input, [node]);
  }
  const entries = [...byInput].map(([input, nodes]) => [input, uniteSources(nodes)] as const);
  return Object.freeze(Object.fromEntries(entries.filter(([, urns]) => urns.length > 0)));
}

/** Finds the resources inside components, once somebody asks. */
export function membersOf(resources: readonly ResourceDeclaration[]): Members {
  let byComponent: Map<ComponentDeclaration, ResourceDeclaration[]> | undefined;
  return (component) => {
    byComponent ??= collectMembers(resources);
    return byComponent.get(component) ?? [];
  };
}

function collectMembers(
  resources: readonly ResourceDeclaration[],
): Map<ComponentDeclaration, ResourceDeclaration[]> {
  const byComponent = new Map<ComponentDeclaration, ResourceDeclaration[]>();
  for (const resource of resources) {
    for (let above = resource.parent; above; above = above.parent) {
      if (above.kind !== "component") continue;
      const members = byComponent.get(above);
      if (members) members.push(resource);
      else byComponent.set(above, [resource]);
    }
  }
  return byComponent;
}

/** A cycle in words: each resource with its place, and why it needs the next. */
export function cycleProblem(
  cycle: readonly { readonly declaration: ResourceDeclaration; readonly needs: Needs }[],
): Problem {
  const steps = cycle.map(({ declaration, needs }, i) => {
    const next = cycle[(i + 1) % cycle.length]!.declaration;
    return `${describe(declaration)} needs ${describe(next)} (${needs.get(next.urn)})`;
  });
  const names = [...cycle, cycle[0]!].map(({ declaration }) => declaration.path.join("/"));
  const { urn, site } = cycle[0]!.declaration;
  return problem(coreCodes.BERTH1015, {
    message: `${names.join(" → ")}: ${steps.join("; ")}`,
    resource: urn,
    ...(site && { site }),
  });
}

/** `kubernetes:Service "front" (store.ts:4:1)`. */
export function describe({ type, path, site }: Declaration): string {
  return `${type} "${path.join("/")}"${site ? ` (${formatSite(site)})` : ""}`;
}
