import type { KubernetesObject, PodTemplateSpec } from "@berth/objects";
import { digestOf } from "../canonical.ts";
import { byAge, type Held } from "../held.ts";
import type { ControllerRevision } from "../kinds.ts";
import { controllerReference } from "../pod.ts";
import type { Action } from "./action.ts";
import { templateText } from "./revision.ts";

/** Label of a controller revision: the hash of its template. */
export const REVISION_HASH = "controller.kubernetes.io/hash";
/** Label of a pod: the revision that it was made from. */
export const POD_REVISION = "controller-revision-hash";

/** What a stateful set or a daemon set looked like before, as far as it is kept. */
export interface History {
  readonly set: Held<
    KubernetesObject & {
      readonly spec?: { readonly template?: PodTemplateSpec; readonly revisionHistoryLimit?: number };
    }
  >;
  /** The revisions that the set owns. */
  readonly revisions: readonly Held<ControllerRevision>[];
  /** Whether an object has this revision name already. */
  isTaken(revisionName: string): boolean;
  templateHash(digest: string): string;
}

/**
 * The revision of today's template, or what must be done first to have one: made if no revision
 * has the template, moved to the front if an older one has (a rollback).
 */
export function currentRevision(history: History): Held<ControllerRevision> | Action {
  const { set, revisions } = history;
  const text = templateText(set.object.spec?.template);
  const newest = Math.max(0, ...revisions.map((each) => each.object.revision));
  const known = revisions
    .filter((each) => templateText(templateOf(each.object)) === text)
    .toSorted(byRevision)
    .at(-1);
  if (!known) return { do: "create", object: revisionFor(history, text, newest + 1) };
  if (known.object.revision === newest) return known;
  const object: ControllerRevision = { ...known.object, revision: newest + 1 };
  return { do: "write", object };
}

/** The template that a revision holds. */
export function templateOf(revision: ControllerRevision): PodTemplateSpec {
  const template = templates.get(revision.data) ?? withoutPatch(revision.data.spec.template);
  templates.set(revision.data, template);
  return template;
}

/** Deletes the oldest revisions that nothing uses, beyond `spec.revisionHistoryLimit`. */
export function cleanHistory(history: History, used: ReadonlySet<string>): Action[] {
  const unused = history.revisions.filter((each) => !used.has(each.ref.name)).toSorted(byRevision);
  const surplus = Math.max(0, unused.length - (history.set.object.spec?.revisionHistoryLimit ?? 10));
  return unused.slice(0, surplus).map((each) => ({ do: "delete", ref: each.ref, cause: "updated" }));
}

const templates = new WeakMap<object, PodTemplateSpec>();

function withoutPatch({
  $patch: _,
  ...template
}: PodTemplateSpec & { readonly $patch?: string }): PodTemplateSpec {
  return template;
}

function revisionFor(
  { set, isTaken, templateHash }: History,
  text: string,
  revision: number,
): ControllerRevision {
  let hash = templateHash(digestOf(text));
  for (let again = 1; isTaken(`${set.ref.name}-${hash}`); again++)
    hash = templateHash(digestOf(`${text}#${again}`));
  return revisionOfTemplate(set, hash, revision);
}

/** A revision that holds the set's template of today. */
export function revisionOfTemplate(set: History["set"], hash: string, revision: number): ControllerRevision {
  const template = set.object.spec?.template;
  return {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: {
      name: `${set.ref.name}-${hash}`,
      ...(set.ref.namespace === undefined ? {} : { namespace: set.ref.namespace }),
      labels: { ...template?.metadata?.labels, [REVISION_HASH]: hash },
      ownerReferences: [controllerReference(set)],
    },
    data: { spec: { template: { ...template, $patch: "replace" } } },
    revision,
  };
}

function byRevision(a: Held<ControllerRevision>, b: Held<ControllerRevision>): number {
  return a.object.revision - b.object.revision || byAge(a, b);
}
