import { BerthError, problem } from "@berth/diagnostics";
import { schedulerCodes } from "../codes.ts";

/** A Kubernetes version that scheduling rules are known for. */
export interface KubernetesVersion {
  readonly minor: number;
  /** Infinity where it was not said: the latest. */
  readonly patch: number;
}

const knownMinors = [33, 34, 35, 36] as const;

/** Reads `1.36`, `v1.36.2` or `1.36.2-aks`. */
export function parseVersion(text: string): KubernetesVersion {
  const match = /^v?1\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/.exec(text);
  const minor = Number(match?.[1]);
  if (match === null || !knownMinors.some((known) => known === minor)) {
    throw new BerthError([
      problem(schedulerCodes.BERTH2102, {
        message: `no scheduling rules are known for Kubernetes ${JSON.stringify(text)}`,
        path: "kubernetes",
        hint: `known are ${knownMinors.map((known) => `1.${known}`).join(", ")}`,
      }),
    ]);
  }
  return { minor, patch: match[2] === undefined ? Number.POSITIVE_INFINITY : Number(match[2]) };
}
