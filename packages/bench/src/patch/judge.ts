import { isDeepStrictEqual } from "node:util";
import { compareText, type Json, type JsonObject } from "@berth/objects";
import type { PatchStep } from "./recording.ts";

/** What an API server answered. */
export interface Answer {
  readonly status: number;
  /** The object, or the Status. */
  readonly body: JsonObject;
}

/** What differs between an answer and the recording. */
export interface Verdict {
  /** A line for each difference; none where they agree. */
  readonly differences: readonly string[];
  /** A success where the recording has none, or one with another object. */
  readonly wrongSuccess: boolean;
}

/** Judges one answer (traces/README.md, "patch: what agreement means"). */
export function judge(step: PatchStep, answer: Answer): Verdict {
  const isSuccess = answer.status >= 200 && answer.status < 300;
  if (answer.status !== step.status) {
    const message = isSuccess ? "" : `: ${firstLine(answer.body["message"])}`;
    const differences = [`status ${answer.status} instead of ${step.status}${message}`];
    return { differences, wrongSuccess: isSuccess };
  }
  if (step.stored === undefined)
    return { differences: refusalDifferences(step, answer.body), wrongSuccess: false };
  const differences = objectDifferences(comparable(answer.body), comparable(step.stored), "");
  return { differences, wrongSuccess: differences.length > 0 };
}

function refusalDifferences(step: PatchStep, status: JsonObject): string[] {
  if (step.status !== 409 && step.status !== 422) return [];
  const ours = {
    reason: status["reason"],
    message: firstLine(status["message"]),
    causes: fieldsOf(causesOf(status)),
  };
  const theirs = {
    reason: step.reason,
    message: firstLine(step.message),
    causes: fieldsOf(step.causes ?? []),
  };
  return objectDifferences(ours, theirs, "");
}

function causesOf({ details }: JsonObject): readonly Json[] {
  const causes = isObject(details) ? details["causes"] : undefined;
  return Array.isArray(causes) ? causes : [];
}

/** Managers are asked in no particular order, so that causes of several come in any. */
function fieldsOf(causes: readonly unknown[]): readonly string[] {
  return causes.map((cause) => (isObject(cause) ? print(cause["field"]) : "")).toSorted(compareText);
}

function firstLine(message: unknown): string {
  return typeof message === "string" ? (message.split("\n")[0] ?? "") : "";
}

/** An object without what the server allocates, its managers as a set and without times. */
function comparable(object: JsonObject): unknown {
  const copy = JSON.parse(JSON.stringify(object));
  for (const name of ["uid", "resourceVersion", "creationTimestamp"]) delete copy.metadata?.[name];
  for (const name of ["clusterIP", "clusterIPs", "healthCheckNodePort"]) delete copy.spec?.[name];
  for (const port of copy.spec?.ports ?? []) delete port.nodePort;
  const entries: readonly Record<string, unknown>[] = copy.metadata?.managedFields ?? [];
  const managers = entries.map(({ time: _time, ...entry }) => {
    const { manager, operation, apiVersion, subresource } = entry;
    return [JSON.stringify([manager, operation, apiVersion, subresource]), entry];
  });
  copy.metadata = { ...copy.metadata, managedFields: Object.fromEntries(managers) };
  return copy;
}

function objectDifferences(ours: unknown, theirs: unknown, path: string): string[] {
  if (isDeepStrictEqual(ours, theirs)) return [];
  if (!isObject(ours) || !isObject(theirs)) {
    return [`${path || "."}: ${print(ours)} instead of ${print(theirs)}`];
  }
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...names].flatMap((name) => objectDifferences(ours[name], theirs[name], `${path}.${name}`));
}

function print(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
