import { ArmRefusal, invalidParameter } from "./refusal.ts";

/** The patch version that AKS runs where only a minor version is asked for; here always the first. */
export function resolveVersion(version: string, path: string): string {
  const [, minor, patch] = /^(\d+\.\d+)(?:\.(\d+))?$/.exec(version) ?? [];
  if (minor === undefined) throw invalidParameter(path, `'${version}' is no version of Kubernetes`);
  return `${minor}.${patch ?? 0}`;
}

/** Below 0: the first is older. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Refuses what AKS refuses of a cluster's new version: going back, and skipping a minor version. */
export function refuseUpgrade(from: string, to: string): void {
  const [[, before = 0] = [], [, after = 0] = []] = [numbersOf(from), numbersOf(to)];
  if (compareVersions(to, from) < 0) {
    const message = `Downgrading Kubernetes version ${from} to ${to} is not allowed.`;
    throw new ArmRefusal(400, "OperationNotAllowed", message);
  }
  if (after > before + 1) {
    const message = `Upgrading Kubernetes version ${from} to ${to} is not allowed. Minor versions cannot be skipped.`;
    throw new ArmRefusal(400, "OperationNotAllowed", message);
  }
}

function numbersOf(version: string): readonly number[] {
  return version.split(".").map(Number);
}
