import { POD_REVISION, revisionOfTemplate } from "./controllers/history.ts";
import type { ControllerRevision } from "./kinds.ts";
import { isActive } from "./pod.ts";
import type { ObjectTable } from "./table.ts";

/**
 * The revisions that observed stateful sets and daemon sets must have, where what was observed does
 * not hold them: today's template under the name that the set's status or its pods tell. Without
 * them every pod would look out of date.
 */
export function unseenRevisions(table: ObjectTable): ControllerRevision[] {
  const revisions: ControllerRevision[] = [];
  for (const set of table.ofKind("apps/v1 StatefulSet")) {
    const name = set.object.status?.updateRevision;
    if (!name || table.dependents(set.uid, "apps/v1 ControllerRevision").length > 0) continue;
    revisions.push(revisionOfTemplate(set, name.slice(set.ref.name.length + 1), 1));
  }
  for (const set of table.ofKind("apps/v1 DaemonSet")) {
    if (table.dependents(set.uid, "apps/v1 ControllerRevision").length > 0) continue;
    const newest = table.dependents(set.uid, "v1 Pod").findLast((pod) => isActive(pod.object));
    const hash = newest?.object.metadata?.labels?.[POD_REVISION];
    if (hash !== undefined) revisions.push(revisionOfTemplate(set, hash, 1));
  }
  return revisions;
}
