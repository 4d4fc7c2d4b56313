import type { Json, JsonObject } from "@berth/objects";

/** A sequence of writes to one object, as a real kube-apiserver answered them. */
export interface PatchRecording {
  readonly kubernetes: string;
  readonly seed: number;
  /** Of the object in the API; the namespace reads `NAMESPACE`. */
  readonly path: string;
  readonly steps: readonly PatchStep[];
}

export interface PatchStep {
  readonly request: {
    readonly method: string;
    readonly contentType: string;
    readonly query: string;
    readonly body: Json;
  };
  readonly status: number;
  /** The object in the answer, of a dry run too; absent where the write was refused. */
  readonly stored?: JsonObject;
  readonly message?: string;
  readonly reason?: string;
  readonly causes?: readonly { readonly field: string }[] | null;
}

/** Whether an answered step left its object behind. */
export function isStored(step: PatchStep): boolean {
  return step.stored !== undefined && !isDryRun(step);
}

export function isDryRun({ request }: PatchStep): boolean {
  return new URLSearchParams(request.query).has("dryRun");
}

/** Reads a recording, with a real name for its namespace. */
export function readPatchRecording(text: string): PatchRecording {
  return JSON.parse(text.replaceAll("NAMESPACE", "replay"));
}

const FIRST_WRITERS_KINDS = ["deployments", "statefulsets", "services", "configmaps"];

/**
 * How many of the first steps are the first writer's: every apply by `berth`, before another manager's first
 * success. Steps of others among them that were refused are not counted as its own.
 */
export function isFirstWriters(recording: PatchRecording, index: number): boolean {
  if (!FIRST_WRITERS_KINDS.some((plural) => recording.path.includes(`/${plural}/`))) return false;
  const firstOther = recording.steps.findIndex(
    (step) => !isFirstWriter(step) && step.status < 300 && !isDryRun(step),
  );
  const step = recording.steps[index];
  return step !== undefined && isFirstWriter(step) && (firstOther < 0 || index < firstOther);
}

function isFirstWriter({ request }: PatchStep): boolean {
  const isApply = request.contentType === "application/apply-patch+yaml";
  return isApply && new URLSearchParams(request.query).get("fieldManager") === "berth";
}
