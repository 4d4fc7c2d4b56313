import { isJsonObject, type Json, sameJson } from "../json.ts";

/**
 * Orders a merged list: elements that the patch names come in the patch's order, the others in the server's, and
 * each of the others before the first named one that the server has behind it.
 *
 * Rules: `k8s.io/apimachinery` v0.36 `pkg/util/strategicpatch` (`normalizeElementOrder`).
 */
export function orderElements(
  merged: readonly Json[],
  patchOrder: readonly Json[],
  serverOrder: readonly Json[],
  mergeKey: string,
): readonly Json[] {
  const positionIn = (list: readonly Json[], element: Json) =>
    list.findIndex((each) => {
      if (mergeKey === "") return sameJson(each, element);
      return isJsonObject(each) && isJsonObject(element) && sameJson(each[mergeKey], element[mergeKey]);
    });
  const named = sortBy(
    merged.filter((each) => positionIn(patchOrder, each) >= 0),
    (each) => positionIn(patchOrder, each),
  );
  const others = sortBy(
    merged.filter((each) => positionIn(patchOrder, each) < 0),
    (each) => positionIn(serverOrder, each),
  );

  const ordered: Json[] = [];
  let next = 0;
  for (const element of named) {
    const position = positionIn(serverOrder, element);
    while (next < others.length && isBefore(positionIn(serverOrder, others[next]!), position))
      ordered.push(others[next++]!);
    ordered.push(element);
  }
  return [...ordered, ...others.slice(next)];
}

function isBefore(position: number, other: number): boolean {
  return position >= 0 && other >= 0 && position < other;
}

function sortBy(list: readonly Json[], position: (element: Json) => number): readonly Json[] {
  return [...list].sort((a, b) => position(a) - position(b));
}
