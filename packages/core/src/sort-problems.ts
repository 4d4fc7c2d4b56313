import type { Problem } from "@berth/diagnostics";

/** By file, line and column, then by resource and path. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const key = ({ site, resource, path }: Problem): readonly (string | number)[] => [
    site?.file ?? "",
    site?.line ?? 0,
    site?.column ?? 0,
    resource ?? "",
    path ?? "",
  ];
  return problems.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)];
    const at = left.findIndex((each, i) => each !== right[i]);
    return at < 0 ? 0 : left[at]! < right[at]! ? -1 : 1;
  });
}
