import { type Problem, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";

/** Prefixes of labels that belong to Kubernetes and AKS. */
export const aksReservedPrefixes: readonly string[] = ["kubernetes.azure.com/", "kubernetes.io/"];

const name = /^(?=.{1,63}$)[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const prefix = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

function isQualifiedName(key: string): boolean {
  const parts = key.split("/");
  const last = parts.at(-1) ?? "";
  return parts.length <= 2 && name.test(last) && (parts.length === 1 || prefix.test(parts[0] ?? ""));
}

function isLabelValue(value: string): boolean {
  return value === "" || name.test(value);
}

/** BERTH5308 for labels of a pool that Kubernetes does not take or AKS keeps for itself. */
export function nodeLabelProblems(
  labels: Readonly<Record<string, string>>,
  path: string,
): readonly Problem[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const found = (message: string): Problem =>
      problem(codes.BERTH5308, { message, path: `${path}[${JSON.stringify(key)}]` });
    const reserved = aksReservedPrefixes.find((each) => key.startsWith(each));
    if (reserved !== undefined) return [found(`"${key}": labels that begin with ${reserved} belong to AKS`)];
    if (!isQualifiedName(key)) return [found(`"${key}" is no key of a label`)];
    return isLabelValue(value) ? [] : [found(`"${value}" is no value of a label`)];
  });
}

/** A taint of a Kubernetes node. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** Reads a taint as AKS writes it, `key=value:Effect` or `key:Effect`; nothing if it is none. */
export function parseTaint(text: string): Taint | undefined {
  const match = /^([^=:]+)(?:=([^=:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(text);
  const [, key = "", value, effect] = match ?? [];
  if (effect !== "NoSchedule" && effect !== "PreferNoSchedule" && effect !== "NoExecute") return undefined;
  if (!isQualifiedName(key) || !isLabelValue(value ?? "")) return undefined;
  return { key, ...(value !== undefined && value !== "" && { value }), effect };
}

/** BERTH5309 for taints of a pool that AKS cannot read. */
export function nodeTaintProblems(taints: readonly string[], path: string): readonly Problem[] {
  return taints.flatMap((taint, index) =>
    parseTaint(taint) === undefined
      ? [problem(codes.BERTH5309, { message: `"${taint}" is no taint`, path: `${path}[${index}]` })]
      : [],
  );
}
