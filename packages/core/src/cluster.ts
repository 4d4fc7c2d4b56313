import { type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { ResourceDeclaration } from "./declaration.ts";
import { describe } from "./dependency.ts";

/**
 * The cluster on which a resource lives: its own or inherited option, or the stack's only one.
 *
 * @param clusters - every cluster that the program declares
 */
export function chooseCluster(
  declaration: ResourceDeclaration,
  clusters: readonly ResourceDeclaration[],
): ResourceDeclaration | Problem | undefined {
  if (!declaration.definition.onCluster) return undefined;
  const { cluster } = declaration.options;
  if (cluster) return cluster;
  const [only, ...others] = clusters;
  if (only && others.length === 0) return only;
  const { urn, site } = declaration;
  return problem(coreCodes.BERTH1018, {
    message: only
      ? `the program declares several clusters: ${clusters.map(describe).join(", ")}`
      : "the program declares no cluster",
    hint: only
      ? "say which: { cluster } in the options of the resource or of a component around it"
      : "declare one, or name one that exists: k8s.Cluster.fromKubeconfig(…)",
    resource: urn,
    ...(site && { site }),
  });
}

export function isProblem(value: ResourceDeclaration | Problem | undefined): value is Problem {
  return value !== undefined && "code" in value;
}
