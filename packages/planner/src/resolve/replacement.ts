import {
  type GraphResource,
  hasGeneration,
  pathOfUrn,
  type ResourceDefinition,
  type Urn,
  type ValueObject,
} from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { plannerCodes } from "../codes.ts";

/** Which comes first in a replacement: the creation of the new, where the two can stand side by side, or the deletion of the old. */
export type ReplacementOrder = "create-first" | "delete-first";

/** What bears on the order of a replacement. */
export interface ReplacementSubject {
  readonly resource: GraphResource;
  /** Recorded inputs, opened. */
  readonly before: ValueObject;
  readonly after: ValueObject;
  /** The cluster on which it will be is another than the one on which it is, and stands beside that. */
  readonly isOnAnotherCluster: boolean;
  /** What must be deleted before anything can be made that needs it: a resource upstream, or what holds the name. */
  readonly waitsFor: Urn | undefined;
}

/** The order, and what is wrong where the program forbids it. */
export function replacementOrder(subject: ReplacementSubject): {
  readonly order: ReplacementOrder;
  readonly problem?: Problem;
} {
  const { resource, waitsFor } = subject;
  const { deleteBeforeReplace } = resource.options;
  if (deleteBeforeReplace === true) return { order: "delete-first" };
  const identity = compareIdentity(subject);
  if (identity === "other" && waitsFor === undefined) return { order: "create-first" };
  if (deleteBeforeReplace === undefined) return { order: "delete-first" };
  const { urn, name, site } = resource;
  const about = { resource: urn, site, path: "deleteBeforeReplace" };
  if (identity === "other") {
    const message = `${name} cannot be created before it is deleted: ${pathOfUrn(waitsFor ?? urn)}, which it needs or whose name it takes, is deleted first`;
    return { order: "delete-first", problem: problem(plannerCodes.BERTH3011, { ...about, message }) };
  }
  const message = `${name} cannot be created before it is deleted: ${reasonOf(identity, subject)}`;
  return { order: "delete-first", problem: problem(plannerCodes.BERTH3010, { ...about, message }) };
}

/** Whether the replacement needs another name than inputs give it now, and can have one. */
export function needsNextGeneration(subject: ReplacementSubject, given: ValueObject): boolean {
  return hasGeneration(subject.resource.definition.inputs, given) && compareIdentity(subject) !== "other";
}

type Identity = "same" | "other" | "unknown" | "untold";

/** Whether what is to be made is physically another thing than what stands. */
function compareIdentity({ resource, before, after, isOnAnotherCluster }: ReplacementSubject): Identity {
  const { definition } = resource;
  if (!definition.identity) return "untold";
  const [had, has] = [identityOf(definition, before), identityOf(definition, after)];
  if (had === undefined || has === undefined) return "unknown";
  return had !== has || isOnAnotherCluster ? "other" : "same";
}

function identityOf(definition: ResourceDefinition, inputs: ValueObject): string | undefined {
  return definition.identity?.(inputs);
}

function reasonOf(identity: Exclude<Identity, "other">, { resource }: ReplacementSubject): string {
  const { type } = resource;
  if (identity === "untold") return `nothing tells whether two ${type} can stand side by side`;
  if (identity === "unknown") return "its physical name is not known yet, and may be the one that it has";
  return "both would have the same physical name. Put {generation} into its name";
}
